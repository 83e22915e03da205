"""When the lanes to the outside are free, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from typing_extensions import override

from bot.ports.rows.work import Lanes
from storage.conflict import OnConflict
from storage.schema import lanes
from storage.statements import Statements

_C = lanes.c

_OPEN_LANE = insert(lanes).ext(OnConflict("(key) DO NOTHING"))
_LOCK = (
    select(_C.key, _C.free_at)
    .where(_C.key.in_(bindparam("wanted", expanding=True)))
    .order_by(_C.key)
    .with_for_update()
)
_FREE_AT = insert(lanes).ext(OnConflict("(key) DO UPDATE SET free_at = excluded.free_at"))
_BLOCK = insert(lanes).ext(
    OnConflict(
        "(key) DO UPDATE SET free_at = excluded.free_at "
        "WHERE lanes.free_at IS NULL OR lanes.free_at < excluded.free_at"
    )
)


class LaneRows(Lanes):
    """Lanes over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def lock(self, lanes: Sequence[str]) -> dict[str, datetime | None]:
        names = sorted(set(lanes))
        if not names:
            return {}
        if self._statements.connection.dialect.name == "postgresql":  # what is not there cannot be locked
            self._statements.execute(_OPEN_LANE, [{"key": name, "free_at": None} for name in names])
        free = {row.key: row.free_at for row in self._statements.connection.execute(_LOCK, {"wanted": names})}
        return {name: free.get(name) for name in names}

    @override
    def free_at(self, lane: str, at: datetime) -> None:
        self._statements.execute(_FREE_AT, {"key": lane, "free_at": at})

    @override
    def block(self, lane: str, until: datetime) -> None:
        self._statements.execute(_BLOCK, {"key": lane, "free_at": until})
