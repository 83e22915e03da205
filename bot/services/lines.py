"""Whether a line that has waited is still to be said: nobody is asked for what is done by now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.changes.change import AHEAD
from bot.domain.changes.lapsing import DUE_LATE
from bot.domain.checklists.saying import ASKING, is_still_so
from bot.domain.delivery import Delivery
from bot.domain.event import Event, EventKind
from bot.ports.store import Transaction


def is_line_owed(tx: Transaction, delivery: Delivery, now: datetime) -> bool:
    """Every line is, but for those that ask for something, and come too late."""
    event = tx.events.one(delivery.subject, delivery.payload["sequence"])
    still = _ASK.get(event.kind) if event is not None else None
    return event is None or still is None or still(tx, event, now)


def _of_run(tx: Transaction, event: Event, now: datetime) -> bool:
    run = tx.runs.by_id(event.subject)
    return run is None or is_still_so(run, event, now)


def _is_awaited(tx: Transaction, event: Event, now: datetime) -> bool:
    """Whether a change is still to be started, at about the time for which that was planned."""
    change = tx.changes.by_id(event.subject)
    return change is None or (change.state in AHEAD and now - event.at <= DUE_LATE)


_ASK: Mapping[EventKind, Callable[[Transaction, Event, datetime], bool]] = {
    **dict.fromkeys(ASKING, _of_run),
    EventKind.CHANGE_DUE: _is_awaited,
}
