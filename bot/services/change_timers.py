"""What time does to changes: a start comes, approvals expire, one takes too long."""

from __future__ import annotations

from bot.domain.act import Act
from bot.domain.changes import lapsing
from bot.domain.changes.change import Change
from bot.domain.changes.gating import GateAsked
from bot.domain.timer import Timer, change_overrun
from bot.services.change_writing import watch_approvals, write_change
from bot.services.gates import read_gate
from bot.services.record import Record

_EXPIRY = 0
"""The step of a look at approvals; the other one gives the change up."""


def fall_due(record: Record, change: Change, _timer: Timer) -> None:
    """Say that its start has come, and what the gate has against it."""
    act = record.act
    if lapsing.is_due(change, act):
        record.tell(change, lapsing.fall_due(change, act, _against(record, change, act)))
        record.show(change)


def end(record: Record, change: Change, timer: Timer) -> None:
    """Its approvals have expired, or nobody has started it in time."""
    act = record.act
    changed = lapsing.lapse(change, act) if timer.step == _EXPIRY else lapsing.expire(change, act)
    if changed is not None:
        write_change(record, change, changed)
        return
    watch_approvals(record, change)
    if change.is_open:  # fewer approvals count now
        record.show(change)


def overrun(record: Record, change: Change, timer: Timer) -> None:
    """Say that it takes too long, and again in a while."""
    happened = lapsing.overrun(change, timer.step, record.act)
    if happened is None:
        return
    record.tell(change, happened)
    again = record.now + lapsing.told_again_in(timer.step)
    record.tx.timers.set(change_overrun(change.id, timer.step + 1, again))
    record.show(change)


def _against(record: Record, change: Change, act: Act) -> str | None:
    """What the gate has against it, where it is approved: of the others that is said anyhow."""
    if not change.is_approved(act.now):
        return None
    plan = change.plan
    asked = GateAsked(service=plan.service, kind=plan.kind, change=change, length=plan.length)
    return "; ".join(read_gate(record.tx, record.now, record.directory, asked).against) or None
