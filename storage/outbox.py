"""What is owed to the outside, as rows: owed, leased, settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from typing_extensions import override

from bot.domain.delivery import Delivery, DeliveryKind, Recipient
from bot.domain.lane import LONGEST_SHUT
from bot.ports.rows.work import Outbox
from storage.conflict import OnConflict
from storage.gate import this_code_may_claim
from storage.schema import lanes, outbox, owed
from storage.statements import Statements

_C = outbox.c
_WAITING: ColumnElement[str] = literal_column("'waiting'")
_SENDING: ColumnElement[str] = literal_column("'sending'")
_DEAD: ColumnElement[str] = literal_column("'dead'")


def _one_of(kinds: Iterable[DeliveryKind], column: ColumnElement[str] = _C.kind) -> ColumnElement[bool]:
    return column.in_([literal_column(f"'{kind.value}'") for kind in kinds])


_OWE = insert(outbox).ext(OnConflict("(key) DO NOTHING"))
# A row that is backing off keeps its time: edits must not hammer a service that is down. One that waits
# for its first try keeps the earlier time, so that a stream of edits cannot put it off for ever.
_OWE_AGAIN = insert(outbox).ext(
    OnConflict("""(key) DO UPDATE SET
        revision = outbox.revision + 1,
        epoch = excluded.epoch,
        lane = excluded.lane,
        method = excluded.method,
        priority = excluded.priority,
        payload = excluded.payload,
        not_before = CASE
            WHEN outbox.state = 'waiting' AND (outbox.attempts > 0 OR outbox.not_before < excluded.not_before)
            THEN outbox.not_before ELSE excluded.not_before END,
        created_at = CASE WHEN outbox.state = 'waiting' THEN outbox.created_at ELSE excluded.created_at END,
        attempts = CASE WHEN outbox.state = 'dead' THEN 0 ELSE outbox.attempts END,
        last_error = CASE WHEN outbox.state = 'dead' THEN NULL ELSE outbox.last_error END,
        state = CASE WHEN outbox.state = 'dead' THEN 'waiting' ELSE outbox.state END""")
)

_FIRST = outbox.alias("first")
_NOW = bindparam("now", type_=_C.not_before.type)
_FAR = bindparam("far", type_=_C.not_before.type)
_SHUT = select(lanes.c.key).where(lanes.c.free_at > _NOW, lanes.c.free_at <= _FAR).scalar_subquery()
# What is set for after `far`, or owed after `now`, was written by a clock that has been set back since.
# A row that has been tried keeps its back-off all the same: its tries must not be used up in one rush.
_TIME_HAS_COME = or_(
    _C.not_before <= _NOW,
    _C.not_before > _FAR,
    and_(_C.created_at > _NOW, _C.attempts == literal_column("0")),
)
_LEASE_IS_OVER = or_(_C.lease_until <= _NOW, _C.lease_until > _FAR)
# "The first of its order key is this one" is one look into an index for each row; asked whether an earlier
# one exists, a planner that has last seen the table empty compares all rows with all.
_FIRST_OF_ITS_ORDER = (
    select(_FIRST.c.sequence)
    .where(_FIRST.c.order_key == _C.order_key, owed(_FIRST.c.state), _one_of(DeliveryKind, _FIRST.c.kind))
    .order_by(_FIRST.c.sequence)
    .limit(literal_column("1"))
    .scalar_subquery()
)
_READY = (
    select(outbox)
    .where(
        _C.recipient == bindparam("to"),
        owed(),
        _one_of(DeliveryKind),  # newer code's rows are left to newer code
        or_(and_(_C.state == _WAITING, _TIME_HAS_COME), and_(_C.state == _SENDING, _LEASE_IS_OVER)),
        _C.lane.not_in(_SHUT),
        _C.method.not_in(_SHUT),
        _C.sequence == _FIRST_OF_ITS_ORDER,
        this_code_may_claim(),
    )
    .order_by(_C.priority, _C.sequence)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=outbox, skip_locked=True)
)
_LEASE = (
    update(outbox)
    .where(_C.key == bindparam("leased"))
    .values(
        uncertain=or_(_C.uncertain, _C.state == _SENDING),
        state=_SENDING,
        lease_token=bindparam("token"),
        lease_until=bindparam("until"),
        attempts=_C.attempts + 1,
    )
)
_HELD = and_(_C.key == bindparam("held"), _C.lease_token == bindparam("token"))
_BACK: dict[str, Any] = {"state": _WAITING, "lease_token": None, "lease_until": None}
_DONE = delete(outbox).where(_HELD, _C.revision == bindparam("done"))
_NEXT_TURN = update(outbox).where(_HELD).values(**_BACK, attempts=0, uncertain=False, last_error=None)
_POSTPONE = (
    update(outbox)
    .where(_HELD)
    .values(**_BACK, not_before=bindparam("at"), uncertain=bindparam("unclear"), last_error=bindparam("why"))
)
_BURY = update(outbox).where(_HELD).values(**{**_BACK, "state": _DEAD}, last_error=bindparam("why"))
_DROP = delete(outbox).where(_C.key == bindparam("dropped"))
_DROP_WAITING = (
    delete(outbox)
    .where(
        _C.subject == bindparam("of"),
        _one_of((DeliveryKind.PAGE, DeliveryKind.PAGE_LEVEL)),
        _C.state == _WAITING,
    )
    .returning(_C.key)
)
_RELEASE = update(outbox).where(_C.state == _SENDING, owed()).values(**_BACK, uncertain=True)
_BACKLOG = (
    select(_C.kind, func.count(), func.min(_C.created_at))
    .where(owed(), _one_of(DeliveryKind))
    .group_by(_C.kind)
)
_SOONEST = select(func.min(case((_C.state == _SENDING, _C.lease_until), else_=_C.not_before))).where(
    _C.recipient == bindparam("to"), owed(), _one_of(DeliveryKind)
)


class OutboxRows(Outbox):
    """The outbox over one connection. `touched` gets the recipients that something came to be owed to."""

    def __init__(self, statements: Statements, touched: set[str]) -> None:
        self._statements = statements
        self._touched = touched

    @override
    def owe(self, delivery: Delivery) -> None:
        self._statements.execute(_OWE, _values(delivery))
        self._touched.add(delivery.kind.recipient.value)

    @override
    def owe_again(self, delivery: Delivery) -> None:
        self._statements.execute(_OWE_AGAIN, _values(delivery))
        self._touched.add(delivery.kind.recipient.value)

    @override
    def ready(self, recipient: Recipient, now: datetime, limit: int) -> tuple[Delivery, ...]:
        values = {"to": recipient.value, "now": now, "far": now + LONGEST_SHUT, "most": limit}
        return tuple(map(_delivery, self._statements.execute(_READY, values)))

    @override
    def lease(self, keys: Sequence[str], token: str, until: datetime) -> None:
        if keys:
            rows = [{"leased": key, "token": token, "until": until} for key in keys]
            self._statements.execute(_LEASE, rows)

    @override
    def settle(self, delivery: Delivery, token: str) -> bool:
        held = {"held": delivery.key, "token": token}
        if self._statements.execute(_DONE, {**held, "done": delivery.revision}).rowcount == 1:
            return True
        if self._statements.execute(_NEXT_TURN, held).rowcount == 0:
            return False
        self._touched.add(delivery.kind.recipient.value)
        return True

    @override
    def postpone(self, delivery: Delivery, token: str, until: datetime, *, uncertain: bool, why: str) -> bool:
        values = {"held": delivery.key, "token": token, "at": until, "unclear": uncertain, "why": why}
        return self._statements.execute(_POSTPONE, values).rowcount == 1

    @override
    def bury(self, delivery: Delivery, token: str, why: str) -> bool:
        values = {"held": delivery.key, "token": token, "why": why}
        return self._statements.execute(_BURY, values).rowcount == 1

    @override
    def drop(self, keys: Sequence[str]) -> None:
        if keys:
            self._statements.execute(_DROP, [{"dropped": key} for key in keys])

    @override
    def drop_waiting_pages(self, subject: str) -> tuple[str, ...]:
        return tuple(self._statements.scalars(_DROP_WAITING, {"of": subject}))

    @override
    def release(self) -> int:
        if self._statements.connection.dialect.name != "sqlite":
            return 0  # other processes are at work here: their leases run out by themselves
        return self._statements.execute(_RELEASE).rowcount

    @override
    def backlog(self) -> tuple[tuple[str, int, datetime | None], ...]:
        return tuple((kind, count, oldest) for kind, count, oldest in self._statements.execute(_BACKLOG))

    @override
    def soonest(self, recipient: Recipient) -> datetime | None:
        soonest: datetime | None = self._statements.scalar(_SOONEST, {"to": recipient.value})
        return soonest


def _values(delivery: Delivery) -> dict[str, Any]:
    return {
        "key": delivery.key,
        "recipient": delivery.kind.recipient.value,
        "kind": delivery.kind.value,
        "subject": delivery.subject,
        "epoch": delivery.epoch,
        "order_key": delivery.order_key,
        "lane": delivery.lane,
        "method": delivery.method,
        "priority": delivery.priority,
        "not_before": delivery.not_before,
        "created_at": delivery.created_at,
        "payload": dict(delivery.payload),
        "state": "waiting",
        "attempts": delivery.attempts,
        "revision": delivery.revision,
        "uncertain": delivery.uncertain,
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        key=row.key,
        kind=DeliveryKind(row.kind),
        subject=row.subject,
        epoch=row.epoch,
        order_key=row.order_key,
        lane=row.lane,
        method=row.method,
        priority=row.priority,
        not_before=row.not_before,
        created_at=row.created_at,
        payload=row.payload,
        attempts=row.attempts,
        revision=row.revision,
        uncertain=row.uncertain or row.state == "sending",
    )
