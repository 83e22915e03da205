"""The buttons and the menu of a change's card, and what their values mean."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.changes.change import Change
from bot.domain.errors import InvalidError
from bot.views.blocks import Block, Style, actions, button

APPROVE = "change.approve"
REJECT = "change.reject"
"""Opens a form: why."""
TEST = "change.test"
"""Testing begins."""
START = "change.start"
DEPLOYED = "change.deployed"
"""It is deployed, and is validated now."""
DONE = "change.done"
ROLLBACK = "change.rollback"
"""Opens a form: take it back, and why."""
ROLLED_BACK = "change.rolled_back"
"""It is taken back."""
EDIT = "change.edit"
"""Opens the form in which it was asked for, filled in."""
NOTE = "change.note"
CANCEL = "change.cancel"
"""Opens a form: call it off, and why."""
READ = "change.read"
"""Shows plan, validation and rollback whole."""
OVERRIDE = "change.override"
"""Opens a form: start it although the gate is against it, and why."""
GATE = "change.gate"
"""Asks the gate."""
MORE = "change.more"
"""The menu's action id; which of the others was chosen is in the option's value."""
ASK = "change.ask"
"""Opens the empty form. Its button belongs to no change."""

BLOCK_ID = "change.actions"

FORMS = frozenset({REJECT, ROLLBACK, EDIT, NOTE, CANCEL, READ, OVERRIDE})
"""The actions that open a modal; the others are done at once."""

_PREFIX = "change."
_ACTIONS = FORMS | {APPROVE, TEST, START, DEPLOYED, DONE, ROLLED_BACK, GATE}
_MOST_DIGITS = 6
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What a button or a choice asks for: of which change (its id), and which plan its reader has seen.

    `action` is the action id of what is wanted, also where it was chosen in the menu.
    """

    action: str
    change: str
    revision: int


def encode(pressed: Pressed) -> str:
    """A button's value, or a menu option's: `approve|<change id>|<revision>`."""
    return f"{pressed.action.removeprefix(_PREFIX)}|{pressed.change}|{pressed.revision}"


def decode(value: str) -> Pressed:
    """The inverse of `encode`. Raises InvalidError for a value that no card of ours carries."""
    verb, _, rest = value.partition("|")
    change, _, revision = rest.partition("|")
    numbered = revision.isascii() and revision.isdigit() and len(revision) <= _MOST_DIGITS
    action = f"{_PREFIX}{verb}"
    if action not in _ACTIONS or not change or len(change) > _LONGEST_ID or not numbered:
        raise InvalidError("That button cannot be read. Use the change's newest card, or `/change list`.")
    return Pressed(action=action, change=change, revision=int(revision))


def value_of(action: str, change: Change) -> str:
    """What a button of this change carries."""
    return encode(Pressed(action=action, change=change.id, revision=change.revision))


def plain_button(
    label: str, action: str, change: Change, *, style: Style | None = None, confirm: Block | None = None
) -> Block:
    """A button of a change; screen readers hear which change's it is."""
    spoken = f"{label.rstrip('…')}: {change.label}"
    return button(label, action, value_of(action, change), style=style, confirm=confirm, spoken=spoken)


def rollback_button(change: Change) -> Block:
    """Under a line that says what broke: its form asks why, so that nothing happens by one press."""
    return actions(f"{BLOCK_ID}.suspected", plain_button("Roll back…", ROLLBACK, change, style="danger"))
