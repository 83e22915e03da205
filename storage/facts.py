"""Small facts of the installation, as rows."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select
from typing_extensions import override

from bot.ports.rows.places import Facts
from storage.conflict import OnConflict
from storage.schema import facts

_GET = select(facts.c.value).where(facts.c.name == bindparam("of"))
_PUT = insert(facts).ext(OnConflict("(name) DO UPDATE SET value = excluded.value"))


class FactRows(Facts):
    """Facts over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def get(self, name: str) -> str | None:
        return self._connection.scalar(_GET, {"of": name})

    @override
    def put(self, name: str, value: str) -> None:
        self._connection.execute(_PUT, {"name": name, "value": value})
