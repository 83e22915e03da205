"""Calls as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, delete, insert, select, update
from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.call import Call, CallState
from bot.ports.rows.calls import Calls
from storage.conflict import OnConflict
from storage.schema import WAITING_CALL, calls, messages
from storage.statements import Statements
from storage.values import actor_of, path_of, path_values, person

_LARGEST_NUMBER = 2**31 - 1
"""What the column holds; people may type more."""
_C = calls.c

_ADD = insert(calls).ext(OnConflict("DO NOTHING")).returning(_C.number)
_SAVE = update(calls).where(_C.id == bindparam("saved"))
_BY_ID = select(calls).where(_C.id == bindparam("wanted"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_BY_NUMBER = select(calls).where(_C.number == bindparam("wanted"))
_BY_NUMBER_LOCKED = _BY_NUMBER.with_for_update()
_LOCK_FREE = (
    select(calls)
    .where(_C.id.in_(bindparam("ids", expanding=True)))
    .order_by(_C.id)
    .with_for_update(skip_locked=True)
)
_WAITING = select(calls).where(WAITING_CALL).order_by(_C.number.desc())
_NEWEST = select(calls).order_by(_C.number.desc()).limit(bindparam("most", type_=Integer))
_OLD = _C.closed_at < bindparam("before", type_=_C.closed_at.type)
_FORGET_MESSAGES = delete(messages).where(messages.c.subject.in_(select(_C.id).where(_OLD)))
_FORGET = delete(calls).where(_OLD)


class CallRows(Calls):
    """Calls over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def add(self, call: Call) -> Call | None:
        number: int | None = self._statements.scalar(_ADD, _values(call))
        return None if number is None else replace(call, number=number)

    @override
    def save(self, call: Call) -> None:
        saved = self._statements.execute(_SAVE, {**_values(call), "saved": call.id})
        if saved.rowcount != 1:
            raise LookupError(f"Call {call.id} was to be saved, but was never added.")

    @override
    def by_id(self, call_id: str, *, lock: bool = False) -> Call | None:
        return self._one(_BY_ID_LOCKED if lock else _BY_ID, call_id)

    @override
    def by_number(self, number: int, *, lock: bool = False) -> Call | None:
        if not 0 < number <= _LARGEST_NUMBER:
            return None
        return self._one(_BY_NUMBER_LOCKED if lock else _BY_NUMBER, number)

    @override
    def lock_free(self, call_ids: Sequence[str]) -> tuple[Call, ...]:
        if not call_ids:
            return ()
        return tuple(map(_call, self._statements.connection.execute(_LOCK_FREE, {"ids": list(call_ids)})))

    @override
    def waiting(self) -> tuple[Call, ...]:
        return tuple(map(_call, self._statements.execute(_WAITING)))

    @override
    def newest(self, limit: int) -> tuple[Call, ...]:
        return tuple(map(_call, self._statements.execute(_NEWEST, {"most": limit})))

    @override
    def forget(self, before: datetime) -> int:
        self._statements.execute(_FORGET_MESSAGES, {"before": before})
        return self._statements.execute(_FORGET, {"before": before}).rowcount

    def _one(self, statement: Select[Any], key: str | int) -> Call | None:
        row = self._statements.execute(statement, {"wanted": key}).first()
        return _call(row) if row else None


def _values(call: Call) -> dict[str, Any]:
    """Every column but the number, which the database draws."""
    return {
        "id": call.id,
        "tier": call.tier,
        "reason": call.reason,
        "called_by_id": call.called_by.id,
        "called_by_name": call.called_by.name,
        "called_at": call.called_at,
        "channel": call.channel,
        "path": path_values(call.path),
        "state": call.state.value,
        "next_step": call.next_step,
        **person("closed_by", call.closed_by),
        "closed_at": call.closed_at,
    }


def _call(row: Any) -> Call:
    return Call(
        id=row.id,
        number=row.number,
        tier=row.tier,
        reason=row.reason,
        called_by=Actor(id=row.called_by_id, name=row.called_by_name),
        called_at=row.called_at,
        channel=row.channel,
        path=path_of(row.path),
        state=CallState(row.state),
        next_step=row.next_step,
        closed_by=actor_of(row.closed_by_id, row.closed_by_name),
        closed_at=row.closed_at,
    )
