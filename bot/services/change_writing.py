"""Writes what becomes of a change: its row, history, timers and card, and what else is owed.

The caller has locked the change, or just asked for it. Whoever holds a change locks no incident, no alert
group, no run, and no more the calendar: who starts one has locked that before.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.changes import lapsing
from bot.domain.changes.change import AHEAD, Change, ChangeState
from bot.domain.changes.changing import Changed
from bot.domain.face import Face
from bot.domain.timer import TimerKind, change_due, change_end, change_overrun
from bot.services.change_health import owe_health
from bot.services.change_hooks import owe_hook
from bot.services.record import Record

Follow = Callable[[Record, Change, Change], None]
"""Owes what else follows from what a change was and is now."""


def add_change(record: Record, changed: Changed) -> Change:
    """Write one that is asked for. Returns it with its number."""
    added = record.tx.changes.add(changed.change)
    _time(record, None, added)
    for one in changed.happened:
        record.tell(added, one)
    record.show_face(added, Face.CHANGE, posted=False)
    return added


def write_change(record: Record, was: Change, changed: Changed) -> Change:
    """Write what people, or time, have made of a change, with everything that follows. Returns it."""
    change = changed.change
    if change != was:
        record.tx.changes.save(change)
    _time(record, was, change)
    for one in changed.happened:
        record.tell(change, one)
    record.show(change)
    for follow in _FOLLOWS:
        follow(record, was, change)
    return change


def watch_approvals(record: Record, change: Change) -> None:
    """Set when its next approval expires, and when it is given up, where it is not started."""
    timers = record.tx.timers
    timers.stop(change.id, TimerKind.CHANGE_END)
    if change.state not in AHEAD:
        return
    expires = lapsing.approvals_end(change, record.now)
    if expires is not None:
        timers.set(change_end(change.id, 0, expires))
    timers.set(change_end(change.id, 1, lapsing.expires_at(change)))


def _time(record: Record, was: Change | None, change: Change) -> None:
    """What it is looked at for, by how far it is."""
    watch_approvals(record, change)
    _watch_start(record, was, change)
    _watch_length(record, was, change)


def _watch_start(record: Record, was: Change | None, change: Change) -> None:
    """Its start, where that is to come: who asks for now is asked nothing."""
    timers, starts = record.tx.timers, change.plan.starts
    if change.state in AHEAD and was is not None and was.plan.starts == starts:
        return
    timers.stop(change.id, TimerKind.CHANGE_DUE)
    if change.state in AHEAD and starts > record.now:
        timers.set(change_due(change.id, change.revision, starts))


def _watch_length(record: Record, was: Change | None, change: Change) -> None:
    """Its end, while it is running. To take it back there is time again."""
    if was is not None and was.state is change.state:
        return
    timers, due = record.tx.timers, change.due
    if not change.is_running or due is None:
        timers.stop(change.id, TimerKind.CHANGE_OVERRUN)
    elif change.state is ChangeState.DEPLOYING:
        timers.set(change_overrun(change.id, 0, due))
    elif change.state is ChangeState.ROLLING_BACK:
        timers.stop(change.id, TimerKind.CHANGE_OVERRUN)
        timers.set(change_overrun(change.id, 0, max(due, record.now + lapsing.AGAIN)))


def _ask_hook(record: Record, was: Change, change: Change) -> None:
    """Whatever takes it back is asked for that, in the commit in which that begins."""
    if was.state is not change.state and change.state is ChangeState.ROLLING_BACK:
        owe_hook(record, change, record.actor)


_FOLLOWS: tuple[Follow, ...] = (_ask_hook, owe_health)
"""What else follows, in turn."""
