"""Post-mortems that are owed, as rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Row, bindparam, insert, select
from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.postmortem import Duty, DutyState
from bot.ports.rows.afterwards import Duties
from storage.conflict import OnConflict
from storage.schema import OWED_DUTY, duties
from storage.statements import Statements

_C = duties.c
_CHANGING = [column.name for column in duties.columns if column.name != "incident"]

_OF = select(duties).where(_C.incident == bindparam("of"))
_SAVE = insert(duties).ext(
    OnConflict(f"(incident) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _CHANGING)}")
)
_OPEN = select(duties).where(OWED_DUTY).order_by(_C.due, _C.incident).limit(bindparam("most", type_=Integer))


class DutyRows(Duties):
    """Post-mortems over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def of(self, incident: str) -> Duty | None:
        row = self._statements.execute(_OF, {"of": incident}).first()
        return _duty(row) if row else None

    @override
    def save(self, duty: Duty) -> None:
        self._statements.execute(
            _SAVE,
            {
                "incident": duty.incident,
                "epoch": duty.epoch,
                "owner_id": duty.owner.id if duty.owner else None,
                "owner_name": duty.owner.name if duty.owner else None,
                "asked_at": duty.asked_at,
                "due": duty.due,
                "state": duty.state.value,
                "link": duty.link,
                "reason": duty.reason,
            },
        )

    @override
    def open(self, limit: int = 100) -> tuple[Duty, ...]:
        return tuple(map(_duty, self._statements.execute(_OPEN, {"most": limit})))


def _duty(row: Row[Any]) -> Duty:
    owner = None if row.owner_id is None else Actor(id=row.owner_id, name=row.owner_name)
    return Duty(
        incident=row.incident,
        epoch=row.epoch,
        owner=owner,
        asked_at=row.asked_at,
        due=row.due,
        state=DutyState(row.state),
        link=row.link,
        reason=row.reason,
    )
