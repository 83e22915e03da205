"""What the one who has done something with a run reads: what is so now, and what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.actor import Actor
from bot.domain.checklists.checking import Checked
from bot.domain.checklists.run import Run, RunState
from bot.domain.event import EventData, EventKind
from bot.domain.text import listed

_MOST_NAMED = 12


def checked_text(checked: Checked, run: Run, *, by: Actor) -> str:
    """The answer, in plain words; nothing that others wrote is in it."""
    first = checked.happened[0]
    what = _SAID[first.kind](run, first.data, by)
    return " ".join([what, *checked.passed_over, how_it_stands(run)])


def how_it_stands(run: Run) -> str:
    """How far a run is, and what is still to be done, as sentences."""
    done = f"{run.settled} of {len(run.items)} done"
    if run.state is RunState.DONE:
        late = ", late" if run.was_late else ""
        return f"{run.label} {run.title} is done{late}."
    if not run.is_open:
        return f"{run.label} {run.title} is over: {done}."
    left = [str(item.position) for item in run.open_items]
    return f"{run.label} {run.title}: {done}, open: {listed(left, _MOST_NAMED)}."


def _items(data: EventData) -> str:
    """`Item 2`, `Items 2, 3`."""
    positions = str(data.get("items") or "")
    return f"Item{'s' if ',' in positions else ''} {positions}"


def _is(data: EventData) -> str:
    return f"{_items(data)} {'are' if ',' in str(data.get('items')) else 'is'}"


def _given(_run: Run, data: EventData, by: Actor) -> str:
    return f"{_is(data)} {_whose(data, by)} now."


def _whose(data: EventData, by: Actor) -> str:
    return "yours" if data.get("to") == by.name else f"{data.get('to')}'s"


def _noted(_run: Run, data: EventData, _by: Actor) -> str:
    about = f" of item {data['items']}" if data.get("items") else ""
    return f"Noted{about}; its thread has it."


def _found(_run: Run, data: EventData, _by: Actor) -> str:
    return f"A problem with item {data['items']} is open: people are reminded until it is closed."


_SAID: Mapping[EventKind, Callable[[Run, EventData, Actor], str]] = {
    EventKind.CHECKED: lambda _run, data, _by: f"{_is(data)} done.",
    EventKind.CHECK_REOPENED: lambda _run, data, _by: f"{_is(data)} open again.",
    EventKind.NOT_APPLICABLE: lambda _run, data, _by: f"{_items(data)} does not apply this time.",
    EventKind.CHECK_GIVEN: _given,
    EventKind.RUN_GIVEN: lambda run, data, by: f"{run.label} is {_whose(data, by)} now.",
    EventKind.CHECK_NOTED: _noted,
    EventKind.PROBLEM_FOUND: _found,
    EventKind.PROBLEM_CLOSED: lambda _run, data, _by: f"The problem of item {data['items']} is closed.",
    EventKind.PROBLEM_DECLARED: lambda _run, data, _by: f"{data['incident']} is declared for it.",
}
