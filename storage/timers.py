"""Deadlines as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, delete, func, insert, select
from typing_extensions import override

from bot.domain.timer import Timer, TimerKind
from bot.ports.store import Timers
from storage.conflict import OnConflict
from storage.gate import this_code_may_claim
from storage.schema import timers

_C = timers.c

_SET = insert(timers).ext(OnConflict("(key) DO NOTHING"))
_STOP = delete(timers).where(_C.subject == bindparam("of"), _C.kind == bindparam("of_kind"))
_REMOVE = delete(timers).where(_C.key == bindparam("fired"))
_DUE = (
    select(timers)
    .where(_C.due <= bindparam("now"), this_code_may_claim())
    .order_by(_C.due, _C.key)
    .limit(bindparam("most", type_=Integer))
)
_OF = (
    select(timers)
    .where(_C.subject == bindparam("of"), _C.kind == bindparam("of_kind"))
    .order_by(_C.due, _C.key)
)
_SOONEST = select(func.min(_C.due))


class TimerRows(Timers):
    """Deadlines over one connection."""

    def __init__(self, connection: Connection, touched: set[str]) -> None:
        self._connection = connection
        self._touched = touched

    @override
    def set(self, timer: Timer) -> None:
        self._connection.execute(
            _SET,
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
    def stop(self, subject: str, kind: TimerKind) -> None:
        self._connection.execute(_STOP, {"of": subject, "of_kind": kind.value})

    @override
    def remove(self, keys: Sequence[str]) -> None:
        if keys:
            self._connection.execute(_REMOVE, [{"fired": key} for key in keys])

    @override
    def due(self, now: datetime, limit: int) -> tuple[Timer, ...]:
        return tuple(map(_timer, self._connection.execute(_DUE, {"now": now, "most": limit})))

    @override
    def of(self, subject: str, kind: TimerKind) -> tuple[Timer, ...]:
        rows = self._connection.execute(_OF, {"of": subject, "of_kind": kind.value})
        return tuple(map(_timer, rows))

    @override
    def soonest(self) -> datetime | None:
        soonest: datetime | None = self._connection.scalar(_SOONEST)
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
