"""Signs of life as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from typing_extensions import override

from bot.domain.alert import Heartbeat
from bot.ports.rows.alerts import Heartbeats
from storage.conflict import OnConflict
from storage.schema import heartbeats
from storage.statements import Statements

_H = heartbeats.c

_BEAT = insert(heartbeats).ext(OnConflict("(name) DO UPDATE SET at = excluded.at"))
_MISS = update(heartbeats).where(_H.name == bindparam("missed"))
_FORGET = delete(heartbeats).where(_H.name == bindparam("wanted"))
_ALL = select(heartbeats).order_by(_H.name)


class HeartbeatRows(Heartbeats):
    """Signs of life over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def beat(self, name: str, at: datetime) -> None:
        self._statements.execute(_BEAT, {"name": name, "at": at})

    @override
    def miss(self, name: str, group: str | None) -> None:
        self._statements.execute(_MISS, {"missed": name, "group": group})

    @override
    def forget(self, name: str) -> None:
        self._statements.execute(_FORGET, {"wanted": name})

    @override
    def all(self) -> tuple[Heartbeat, ...]:
        rows = self._statements.execute(_ALL)
        return tuple(Heartbeat(name=row.name, at=row.at, group=row.group) for row in rows)
