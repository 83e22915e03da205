"""The buttons of the calendar of changes, and what their values mean."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import InvalidError
from bot.views.blocks import Block, actions, button

ADD = "calendar.add"
"""Opens the form of a window."""
FREEZE = "calendar.freeze"
"""Opens that of a freeze."""
REMOVE = "calendar.remove"
"""Takes it off the calendar, or lifts it."""

BLOCK_ID = "calendar.actions"

_ACTIONS = frozenset({ADD, FREEZE, REMOVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What a button asks for; of which span (its id), where it is about one."""

    action: str
    span: str | None = None


def encode(pressed: Pressed) -> str:
    """A button's value."""
    return f"{pressed.action}|{pressed.span or ''}"


def decode(value: str) -> Pressed:
    """The inverse of `encode`. Raises InvalidError for a value that no button of ours carries."""
    action, _, span = value.partition("|")
    if action not in _ACTIONS or (action == REMOVE) != bool(span):
        raise InvalidError("That button cannot be read. Use `/change calendar`.")
    return Pressed(action=action, span=span or None)


def calendar_buttons() -> Block:
    """Under the calendar."""
    return actions(
        BLOCK_ID,
        button("Add a window…", ADD, encode(Pressed(action=ADD))),
        button("Freeze…", FREEZE, encode(Pressed(action=FREEZE))),
    )
