"""The buttons under answers about runbooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.errors import InvalidError
from bot.domain.guide import Runbook
from bot.views.blocks import Block, actions, button

SHOW = "runbook.show"
"""Show one to whoever presses: its key is the value."""

CHECK = "runbook.check"
"""A step is done, in an incident."""
REOPEN = "runbook.reopen"

BLOCK_ID = "runbook.others"

MOST_NAMED = 5
_LABEL = 40
_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Which step of which opened runbook a button is about."""

    opened: str
    position: int


def encode(pressed: Pressed) -> str:
    """A button's value."""
    return f"{pressed.position}|{pressed.opened}"


def decode(value: str) -> Pressed:
    """The inverse of `encode`. Raises InvalidError for a value that no message of ours carries."""
    position, _, opened = value.partition("|")
    if not (position.isascii() and position.isdigit() and len(position) <= _DIGITS and opened):
        raise InvalidError("That button cannot be read. `/runbook` opens the runbook again.")
    return Pressed(opened=opened, position=int(position))


def book_buttons(books: Iterable[Runbook]) -> list[Block]:
    """One for each of the first few; none where there is none."""
    named = list(books)[:MOST_NAMED]
    if not named:
        return []
    return [actions(BLOCK_ID, *(_button(number, book) for number, book in enumerate(named)))]


def _button(number: int, book: Runbook) -> Block:
    title = book.title if len(book.title) <= _LABEL else f"{book.title[: _LABEL - 1]}…"
    return button(title, f"{SHOW}.{number}", book.key)
