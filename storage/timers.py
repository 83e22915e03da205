"""Deadlines as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Integer,
    Row,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
)
from typing_extensions import override

from bot.domain.timer import Timer, TimerKind
from bot.ports.rows.work import Timers
from storage.conflict import OnConflict
from storage.gate import this_code_may_claim
from storage.schema import timers
from storage.statements import Statements

_C = timers.c
# Newer code's timers are left to newer code.
_KNOWN: ColumnElement[bool] = _C.kind.in_([literal_column(f"'{kind.value}'") for kind in TimerKind])

_SET = insert(timers).ext(OnConflict("(key) DO NOTHING"))
_URGE = insert(timers).ext(
    OnConflict(
        "(key) DO UPDATE SET due = CASE WHEN excluded.due < timers.due THEN excluded.due ELSE timers.due END"
    )
)
_STOP = delete(timers).where(_C.subject == bindparam("of"), _C.kind == bindparam("of_kind"))
_REMOVE = delete(timers).where(_C.key == bindparam("fired"))
_DUE = (
    select(timers)
    .where(_C.due <= bindparam("now"), _KNOWN, this_code_may_claim())
    .order_by(_C.due, _C.key)
    .limit(bindparam("most", type_=Integer))
)
_OF = (
    select(timers)
    .where(_C.subject == bindparam("of"), _C.kind == bindparam("of_kind"))
    .order_by(_C.due, _C.key)
)
_KINDS_DUE = (
    select(_C.kind)
    .where(_C.subject == bindparam("of"), _C.due <= bindparam("now", type_=_C.due.type), _KNOWN)
    .distinct()
)
_SOONEST = select(func.min(_C.due)).where(_KNOWN)


class TimerRows(Timers):
    """Deadlines over one connection."""

    def __init__(self, statements: Statements, touched: set[str]) -> None:
        self._statements = statements
        self._touched = touched

    @override
    def set(self, timer: Timer) -> None:
        self._insert(_SET, timer)

    @override
    def urge(self, timer: Timer) -> None:
        self._insert(_URGE, timer)

    @override
    def stop(self, subject: str, kind: TimerKind) -> None:
        self._statements.execute(_STOP, {"of": subject, "of_kind": kind.value})

    @override
    def remove(self, keys: Sequence[str]) -> None:
        if keys:
            self._statements.execute(_REMOVE, [{"fired": key} for key in keys])

    @override
    def due(self, now: datetime, limit: int) -> tuple[Timer, ...]:
        return tuple(map(_timer, self._statements.execute(_DUE, {"now": now, "most": limit})))

    @override
    def of(self, subject: str, kind: TimerKind) -> tuple[Timer, ...]:
        rows = self._statements.execute(_OF, {"of": subject, "of_kind": kind.value})
        return tuple(map(_timer, rows))

    @override
    def kinds_due(self, subject: str, now: datetime) -> frozenset[TimerKind]:
        return frozenset(map(TimerKind, self._statements.scalars(_KINDS_DUE, {"of": subject, "now": now})))

    def _insert(self, statement: Insert, timer: Timer) -> None:
        self._statements.execute(
            statement,
            {
                "key": timer.key,
                "kind": timer.kind.value,
                "subject": timer.subject,
                "epoch": timer.epoch,
                "step": timer.step,
                "due": timer.due,
            },
        )
        self._touched.add("timers")

    @override
    def soonest(self) -> datetime | None:
        soonest: datetime | None = self._statements.scalar(_SOONEST)
        return soonest


def _timer(row: Row[Any]) -> Timer:
    return Timer(
        key=row.key,
        kind=TimerKind(row.kind),
        subject=row.subject,
        epoch=row.epoch,
        step=row.step,
        due=row.due,
    )
