"""What was to be said of a run, and could not be for a while: whether it is still so when it can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.checklists.run import Run
from bot.domain.event import Event, EventKind


def is_still_so(run: Run, event: Event, now: datetime) -> bool:
    """Whether people are still to be asked for what it says; what has simply happened stays so."""
    still = _ASKS.get(event.kind)
    return still is None or still(run, event, now)


def _has_open_problem(run: Run, event: Event, _now: datetime) -> bool:
    positions = str(event.data["items"])
    return any(str(item.position) == positions for item in run.open_problems)


_ASKS: Mapping[EventKind, Callable[[Run, Event, datetime], bool]] = {
    # Of half the time nobody speaks any more when all of it is gone.
    EventKind.RUN_NUDGED: lambda run, _event, now: run.is_open and now < run.due_at,
    EventKind.RUN_OVERDUE: lambda run, _event, _now: run.is_open,
    EventKind.PROBLEM_REMINDED: _has_open_problem,
}

ASKING = frozenset(_ASKS)
"""The entries that ask somebody for something, and are said for as long as that is to be done."""
