"""Silences as rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Row, bindparam, insert, select
from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.alert import Silence, SilenceState
from bot.ports.rows.alerts import Silences
from storage.conflict import OnConflict
from storage.schema import STANDING, silences
from storage.statements import Statements

_C = silences.c

_SAVE = insert(silences).ext(
    OnConflict("""(id) DO UPDATE SET
        remote_id = excluded.remote_id,
        by_id = excluded.by_id,
        by_name = excluded.by_name,
        comment = excluded.comment,
        ends_at = excluded.ends_at,
        state = excluded.state,
        told_at = excluded.told_at""")
)
_ONE = select(silences).where(_C.id == bindparam("wanted"))
_BY_REMOTE = select(silences).where(_C.remote_id == bindparam("wanted"))
_OF = select(silences).where(_C.group == bindparam("wanted")).order_by(_C.starts_at.desc(), _C.id)
_STANDING = (
    select(silences).where(STANDING).order_by(_C.ends_at, _C.id).limit(bindparam("most", type_=Integer))
)


class SilenceRows(Silences):
    """Silences over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def save(self, silence: Silence) -> None:
        self._statements.execute(_SAVE, _values(silence))

    @override
    def one(self, silence_id: str) -> Silence | None:
        row = self._statements.execute(_ONE, {"wanted": silence_id}).first()
        return _silence(row) if row else None

    @override
    def by_remote(self, remote_id: str) -> tuple[Silence, ...]:
        return tuple(map(_silence, self._statements.execute(_BY_REMOTE, {"wanted": remote_id})))

    @override
    def of(self, group: str) -> tuple[Silence, ...]:
        return tuple(map(_silence, self._statements.execute(_OF, {"wanted": group})))

    @override
    def standing(self, limit: int = 1000) -> tuple[Silence, ...]:
        return tuple(map(_silence, self._statements.execute(_STANDING, {"most": limit})))


def _values(silence: Silence) -> dict[str, Any]:
    return {
        "id": silence.id,
        "group": silence.group,
        "remote_id": silence.remote_id,
        "matchers": [list(matcher) for matcher in silence.matchers],
        "by_id": silence.by.id,
        "by_name": silence.by.name,
        "comment": silence.comment,
        "starts_at": silence.starts_at,
        "ends_at": silence.ends_at,
        "state": silence.state.value,
        "foreign": silence.foreign,
        "told_at": silence.told_at,
    }


def _silence(row: Row[Any]) -> Silence:
    return Silence(
        id=row.id,
        group=row.group,
        remote_id=row.remote_id,
        matchers=tuple((name, value) for name, value in row.matchers),
        by=Actor(id=row.by_id, name=row.by_name),
        comment=row.comment,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=SilenceState(row.state),
        foreign=row.foreign,
        told_at=row.told_at,
    )
