"""How a service does before it is changed, and since: looked at when a change goes on, and now and then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.domain.changes.change import Change, ChangeState
from bot.domain.changes.looking import (
    EVERY,
    after_length,
    before_length,
    first_look,
    looked_before,
    looked_since,
    not_looked,
)
from bot.domain.delivery import DeliveryKind, after_failure
from bot.domain.slo.plan import rounded
from bot.domain.subject import Subject
from bot.domain.timer import Timer, TimerKind, change_health
from bot.ports.failures import DeliveryFailure, PermanentFailure
from bot.services.health_work import HealthSeen, LookAtHealth, Side
from bot.services.reading import Reading
from bot.services.record import Record
from bot.services.settlement import Settling
from bot.services.slo_noting import LANE, SCRAPED_AFTER
from bot.services.work import Claimed, Sent

TRIES: Final = 6
"""About a minute of trying: the next look comes by itself, and a card says why there was none."""


def owe_health(record: Record, was: Change | None, change: Change) -> None:
    """Owe what goes with its next state, in the commit in which it enters it."""
    if was is None or was.state is change.state:
        return
    if change.state is ChangeState.DEPLOYING:
        _owe(record, change, Side.BEFORE, wait=SCRAPED_AFTER)
        _look_at(record, change, first_look(change, record.now) + SCRAPED_AFTER)
    elif change.state is ChangeState.VALIDATING:
        _look_since(record, change, Side.SINCE)
        _look_at(record, change, first_look(change, record.now) + EVERY)
    elif change.state is ChangeState.ROLLING_BACK and not was.is_running:
        _look_at(record, change, record.now + EVERY)
    elif not change.is_running:
        record.tx.timers.stop(change.id, TimerKind.CHANGE_HEALTH)
    if change.state is ChangeState.DONE:
        _look_since(record, change, Side.FINAL)


def fire_health(record: Record, change: Change, _timer: Timer) -> None:
    """Look again, for as long as production is being changed."""
    if change.is_running:
        _owe(record, change, Side.SINCE)
        _look_at(record, change, record.now + EVERY)


def is_health_owed(subject: Subject) -> bool:
    """Whether it was started: what is begun to be looked at is looked at."""
    return isinstance(subject, Change) and subject.started is not None


def load_health(reading: Reading) -> LookAtHealth:
    """What is to be looked at. Raises LookupError where it was never started."""
    change, directory, side = reading.change, reading.directory, Side(reading.delivery.payload["side"])
    if change.started is None:
        raise LookupError(reading.delivery.key)
    before = side is Side.BEFORE
    at = change.started if before else _until(change, reading.now)
    promise = directory.promise_of(change.service)
    return LookAtHealth(
        delivery=reading.delivery,
        side=side,
        promise=promise,
        at=at,
        length=before_length(change) if before else after_length(change, at),
        why=None if promise else directory.why_not_measured(change.service),
    )


def health_seen(settling: Settling, work: LookAtHealth, sent: Sent) -> None:
    """Keep it, and tell what has got worse; without the lease it is another's to keep."""
    record, change = settling.record, settling.change
    if not settling.held or not isinstance(sent, HealthSeen):
        return
    if work.side is Side.BEFORE:
        _save(record, looked_before(change, sent.lines))
        return
    if not _is_of_now(change, work.side):
        return
    looked, happened = looked_since(change, sent.lines, final=work.side is Side.FINAL)
    _save(record, looked)
    if happened is not None:
        record.tell(looked, happened)


def is_health_put_off(record: Record, subject: Subject, claimed: Claimed, failure: DeliveryFailure) -> bool:
    """Try again for a minute; then its card says why nobody knows."""
    work, tx = claimed.work, record.tx
    if not isinstance(work, LookAtHealth) or not isinstance(subject, Change):
        return False
    if isinstance(failure, PermanentFailure) or work.delivery.attempts >= TRIES:
        if tx.outbox.settle(work.delivery, claimed.token):
            _save(record, not_looked(subject, failure.reason))
        return True
    wait = after_failure(work.delivery.kind, work.delivery.attempts, permanent=False).wait
    tx.outbox.postpone(work.delivery, claimed.token, record.now + wait, uncertain=False, why=failure.reason)
    return True


def _look_at(record: Record, change: Change, at: datetime) -> None:
    """Look again then, and not before."""
    record.tx.timers.stop(change.id, TimerKind.CHANGE_HEALTH)
    record.tx.timers.set(change_health(change.id, at))


def _look_since(record: Record, change: Change, side: Side) -> None:
    """Once there is enough to look at, and the newest of it is there."""
    _owe(record, change, side, wait=first_look(change, record.now) - record.now + SCRAPED_AFTER)


def _owe(record: Record, change: Change, side: Side, *, wait: timedelta = timedelta()) -> None:
    key = f"change-health/{change.id}/{side}"
    record.deliver(
        change,
        DeliveryKind.CHANGE_HEALTH,
        key=key,
        order_key=key,
        lane=LANE,
        payload={"side": side.value},
        wait=wait,
    )


def _until(change: Change, now: datetime) -> datetime:
    """What comes after its end says nothing of it."""
    return rounded(now - SCRAPED_AFTER) if change.closed is None else max(change.closed, _enough(change))


def _enough(change: Change) -> datetime:
    assert change.started is not None, "it was started"
    return first_look(change, change.started)


def _is_of_now(change: Change, side: Side) -> bool:
    """Whether it is still asked: what was taken back is looked at no more."""
    return change.state is ChangeState.DONE if side is Side.FINAL else change.is_running


def _save(record: Record, change: Change) -> None:
    record.tx.changes.save(change)
    record.show(change)
