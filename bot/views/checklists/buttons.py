"""The buttons and the menu of a run's card, and what their values mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.checklists.run import Run, RunState
from bot.domain.errors import InvalidError
from bot.views.blocks import Block, actions, button, overflow

DONE = "run.done"
TAKE = "run.take"
"""Take an item; without one, all that nobody has."""
PROBLEM = "run.problem"
SOLVED = "run.solved"
DECLARE = "run.declare"
"""Declare an incident for a problem that was just reported."""
NOTE = "run.note"
NOT_APPLICABLE = "run.not_applicable"
GIVE = "run.give"
REOPEN = "run.reopen"
REFRESH = "run.refresh"
MORE = "run.more"
"""The menu's action id; which of the others was chosen is in the option's value."""

BLOCK_ID = "run.actions"

_ACTIONS = frozenset({DONE, TAKE, PROBLEM, SOLVED, DECLARE, NOTE, NOT_APPLICABLE, GIVE, REOPEN, REFRESH})
_MOST_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What a button or a choice asks for: of which run (its id), and which item, where it names one."""

    action: str
    run: str
    position: int | None = None


def encode(pressed: Pressed) -> str:
    """A button's value, or a menu option's."""
    return f"{pressed.action}|{pressed.run}|{pressed.position or ''}"


def decode(value: str) -> Pressed:
    """The inverse of `encode`. Raises InvalidError for a value that no card of ours carries."""
    action, _, rest = value.partition("|")
    run, _, position = rest.partition("|")
    numbered = position.isascii() and position.isdigit() and len(position) <= _MOST_DIGITS
    if action not in _ACTIONS or not run or not (numbered or not position):
        raise InvalidError("That button cannot be read. Use the run's newest card, or `/checklist`.")
    return Pressed(action=action, run=run, position=int(position) if position else None)


def done_button(run: str, position: int, title: str = "") -> Block:
    """Beside an open item. Its title is for those who hear which button it is, and see nothing beside it."""
    value = encode(Pressed(action=DONE, run=run, position=position))
    return button("Done", DONE, value, spoken=f"Done: {title}" if title else None)


def solved_button(run: str, position: int, title: str = "") -> Block:
    """Beside a problem that is still open, of this run or an earlier one."""
    value = encode(Pressed(action=SOLVED, run=run, position=position))
    return button("Solved", SOLVED, value, spoken=f"Solved: {title}" if title else None)


def declare_button(run: str, position: int) -> Block:
    """Under the answer to who has reported a problem."""
    value = encode(Pressed(action=DECLARE, run=run, position=position))
    return actions(BLOCK_ID, button("Declare an incident", DECLARE, value))


def run_buttons(run: Run) -> Iterator[Block]:
    """What stands below the items: two that are seen, the rest in a menu; once all is done, only a menu."""
    if run.state is RunState.DONE:
        yield actions(BLOCK_ID, overflow(MORE, list(_afterwards(run))))
    if not run.is_open:
        return
    first = [_plain("Take it", TAKE, run)] if any(item.owner is None for item in run.open_items) else []
    problem = _plain("Problem…", PROBLEM, run)
    yield actions(BLOCK_ID, *first, problem, overflow(MORE, list(_menu(run))))


def _menu(run: Run) -> Iterator[tuple[str, str]]:
    yield "Add a note…", _value(NOTE, run)
    yield "Not applicable…", _value(NOT_APPLICABLE, run)
    yield "Hand over…", _value(GIVE, run)
    if run.settled:
        yield "Open again…", _value(REOPEN, run)
    if any(item.evidence for item in run.items):
        yield "Refresh evidence", _value(REFRESH, run)


def _afterwards(run: Run) -> Iterator[tuple[str, str]]:
    yield "Open again…", _value(REOPEN, run)
    yield "Add a note…", _value(NOTE, run)


def _plain(label: str, action: str, run: Run) -> Block:
    return button(label, action, _value(action, run))


def _value(action: str, run: Run) -> str:
    return encode(Pressed(action=action, run=run.id))
