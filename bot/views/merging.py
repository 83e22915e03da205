"""The button that merges two incidents which are the same."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import InvalidError
from bot.views.blocks import Block, actions, button, confirm

MERGE = "incident.merge"
BLOCK_ID = "incident.merging"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Which incident ends, and into which it is merged, by their ids."""

    ended: str
    kept: str


def merge_button(ended: str, kept: str, numbers: tuple[object, object]) -> Block:
    """A row with the button; `numbers` are those that people know them by."""
    of, into = numbers
    question = confirm(
        f"Merge #{of} into #{into}?",
        f"#{of} ends: paging for it stops, and it counts in no statistics. #{into} goes on.",
        yes="Merge",
        no="Leave them",
    )
    return actions(BLOCK_ID, button(f"Merge #{of} into #{into}", MERGE, f"{ended}>{kept}", confirm=question))


def decode_pair(value: str) -> Pair:
    """What the button is about. Raises InvalidError for a value that none of ours carries."""
    ended, _, kept = value.partition(">")
    if not ended or not kept:
        raise InvalidError("That button cannot be read. `/incident merge 42 into 41` does it.")
    return Pair(ended=ended, kept=kept)
