"""What time does to a change: its start comes, approvals expire, it takes too long, nobody starts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.act import Act
from bot.domain.changes.change import AHEAD, Change, ChangeState
from bot.domain.changes.changing import Changed, end, told
from bot.domain.changes.standing import lacking
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.text import clock_time, duration

KEPT_FOR = timedelta(days=7)
"""How long after its planned end a change that nobody has started is kept."""
DUE_LATE = timedelta(hours=1)
"""After that, nobody is told any more that a start has come."""
AGAIN = timedelta(hours=1)
"""How often people are told that a change takes too long, on the first day."""
LATER = timedelta(days=1)
"""How often after that: whoever has not ended it by then will not for one line more."""


def approvals_end(change: Change, now: datetime) -> datetime | None:
    """When the next of the approvals expires that count; None where none does."""
    return min((one.expires for one in change.counting(now)), default=None)


def lapse(change: Change, act: Act) -> Changed | None:
    """Too few approvals count any more. None where that is not so, or it was known."""
    if change.state not in AHEAD - {ChangeState.REQUESTED} or change.is_approved(act.now):
        return None
    data: EventData = {
        "left": len(change.counting(act.now)),
        "needs": change.needs,
        "who": change.requested_by.name,
    }
    happened = told(EventKind.APPROVALS_EXPIRED, data, act, notify=(change.requested_by,))
    return Changed(change=replace(change, state=ChangeState.REQUESTED), happened=(happened,))


def expires_at(change: Change) -> datetime:
    """When one that nobody has started is given up."""
    return change.plan.ends + KEPT_FOR


def expire(change: Change, act: Act) -> Changed | None:
    """Nobody has started it. None where somebody has, or its time has not come."""
    if change.state not in AHEAD or act.now < expires_at(change):
        return None
    over = end(change, ChangeState.EXPIRED, act, note=None, reason=None)
    return Changed(change=over, happened=(told(EventKind.CHANGE_EXPIRED, {}, act),))


def is_due(change: Change, act: Act) -> bool:
    """Whether its start has just come, and it is still to be done."""
    return change.state in AHEAD and timedelta() <= act.now - change.plan.starts <= DUE_LATE


def fall_due(change: Change, act: Act, against: str | None) -> Happened:
    """Its start has come: whoever asked learns whether it may start, and what the gate has against it."""
    short = lacking(change, act.now)
    data: EventData = {
        "approved": not short,
        "needs": short,
        "text": against,
        "who": change.requested_by.name,
    }
    return told(EventKind.CHANGE_DUE, data, act, notify=(change.requested_by,))


def told_again_in(count: int) -> timedelta:
    """How long until it is said again that a change takes too long, which was said `count` times before."""
    return AGAIN if count < LATER // AGAIN else LATER


def overrun(change: Change, count: int, act: Act) -> Happened | None:
    """It takes longer than planned, or its window has closed; `count` times that was told before."""
    due = change.due
    if not change.is_running or due is None:
        return None
    window = change.window_closes is not None and change.window_closes <= act.now
    data: EventData = {
        "due": clock_time(due.astimezone(act.zone), act.now.astimezone(act.zone)),
        "told": count,
        "window": window,
        "planned": duration(change.plan.length),
        "who": change.lead.name if change.lead else None,
    }
    return told(EventKind.CHANGE_OVERRUN, data, act, loud=True, notify=(change.lead,))
