"""Changes of production as rows, and what points at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, Text, and_, bindparam, insert, literal_column, or_, select, update
from typing_extensions import override

from bot.domain.changes.change import RUNNING, Change, ChangeState
from bot.ports.rows.changes import Changes
from storage.change_values import change_of, change_values
from storage.conflict import OnConflict
from storage.schema import MEANT_CHANGE, OPEN_CHANGE, change_suspects, changes
from storage.statements import Statements, Values

_LARGEST_NUMBER = 2**31 - 1
"""What the column holds; people may type more."""
_C = changes.c
_S = change_suspects.c

_RUNS = _C.state.in_([literal_column(f"'{state.value}'") for state in ChangeState if state in RUNNING])
_NEWEST_FIRST = (_C.number.desc(),)
_MOST = bindparam("most", type_=Integer)

_ADD = insert(changes).returning(_C.number)
_SAVE = update(changes).where(_C.id == bindparam("saved"))
_BY_ID = select(changes).where(_C.id == bindparam("wanted"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_BY_NUMBER = select(changes).where(_C.number == bindparam("wanted"))
_BY_NUMBER_LOCKED = _BY_NUMBER.with_for_update()
_LOCK_FREE = (
    select(changes)
    .where(_C.id.in_(bindparam("ids", expanding=True)))
    .order_by(_C.id)
    .with_for_update(skip_locked=True)
)
_OPEN = select(changes).where(OPEN_CHANGE).order_by(_C.planned_at, _C.number)
_RUNNING = select(changes).where(OPEN_CHANGE, _RUNS).order_by(_C.begins_at, _C.number)
_RUNNING_OR_OF = _OPEN.where(
    or_(
        _RUNS,
        and_(
            _C.kind == bindparam("as_kind"), _C.service.is_not_distinct_from(bindparam("wanted", type_=Text))
        ),
    )
)
_WATCHED = (
    select(changes)
    .where(MEANT_CHANGE, _C.over_at >= bindparam("since"), _C.started_at.is_not(None))
    .order_by(_C.begins_at.desc(), _C.number.desc())
)
# One that ended when it began, as far as milliseconds go, was there at that instant.
_BETWEEN = (
    select(changes)
    .where(
        MEANT_CHANGE,
        _C.over_at >= bindparam("since"),
        _C.begins_at < bindparam("until"),
        or_(_C.over_at > bindparam("since"), _C.begins_at >= bindparam("since")),
    )
    .order_by(_C.begins_at, _C.number)
)
_BETWEEN_OF = _BETWEEN.where(or_(_C.service == bindparam("wanted"), _C.service.is_(None)))
_NEWEST = select(changes).order_by(*_NEWEST_FIRST).limit(_MOST)
_NEWEST_OF = select(changes).where(_C.service == bindparam("wanted")).order_by(*_NEWEST_FIRST).limit(_MOST)

_SUSPECT = insert(change_suspects).ext(OnConflict("DO NOTHING")).returning(_S.subject)
_SUSPECTS = select(_S.subject).where(_S.change == bindparam("wanted")).order_by(_S.at, _S.subject)
_SUSPECTED_OF = select(_S.change).where(_S.subject == bindparam("wanted")).order_by(_S.at, _S.change)


class ChangeRows(Changes):
    """Changes over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def add(self, change: Change) -> Change:
        number: int = self._statements.scalar(_ADD, change_values(change))
        return replace(change, number=number)

    @override
    def save(self, change: Change) -> None:
        saved = self._statements.execute(_SAVE, {**change_values(change), "saved": change.id})
        if saved.rowcount != 1:
            raise LookupError(f"Change {change.id} was to be saved, but was never added.")

    @override
    def by_id(self, change_id: str, *, lock: bool = False) -> Change | None:
        return self._one(_BY_ID_LOCKED if lock else _BY_ID, change_id)

    @override
    def by_number(self, number: int, *, lock: bool = False) -> Change | None:
        if not 0 < number <= _LARGEST_NUMBER:
            return None
        return self._one(_BY_NUMBER_LOCKED if lock else _BY_NUMBER, number)

    @override
    def lock_free(self, change_ids: Sequence[str]) -> tuple[Change, ...]:
        if not change_ids:
            return ()
        held = self._statements.connection.execute(_LOCK_FREE, {"ids": list(change_ids)})
        return tuple(map(change_of, held))

    @override
    def open(self) -> tuple[Change, ...]:
        return self._changes(_OPEN)

    @override
    def running(self) -> tuple[Change, ...]:
        return self._changes(_RUNNING)

    @override
    def running_or_of(self, service: str | None, kind: str) -> tuple[Change, ...]:
        return self._changes(_RUNNING_OR_OF, {"wanted": service, "as_kind": kind})

    @override
    def watched(self, since: datetime) -> tuple[Change, ...]:
        return self._changes(_WATCHED, {"since": since})

    @override
    def between(self, since: datetime, until: datetime, *, service: str | None = None) -> tuple[Change, ...]:
        asked = {"since": since, "until": until}
        if service is None:
            return self._changes(_BETWEEN, asked)
        return self._changes(_BETWEEN_OF, {**asked, "wanted": service})

    @override
    def newest(self, limit: int, *, service: str | None = None) -> tuple[Change, ...]:
        if service is None:
            return self._changes(_NEWEST, {"most": limit})
        return self._changes(_NEWEST_OF, {"most": limit, "wanted": service})

    @override
    def suspect(self, change_id: str, subject: str, at: datetime) -> bool:
        noted = self._statements.scalar(_SUSPECT, {"change": change_id, "subject": subject, "at": at})
        return noted is not None

    @override
    def suspects(self, change_id: str) -> tuple[str, ...]:
        return tuple(self._statements.scalars(_SUSPECTS, {"wanted": change_id}))

    @override
    def suspected_of(self, subject: str) -> tuple[str, ...]:
        return tuple(self._statements.scalars(_SUSPECTED_OF, {"wanted": subject}))

    def _one(self, statement: Select[Any], key: str | int) -> Change | None:
        return next(iter(self._changes(statement, {"wanted": key})), None)

    def _changes(self, statement: Select[Any], values: Values | None = None) -> tuple[Change, ...]:
        return tuple(map(change_of, self._statements.execute(statement, values or {})))
