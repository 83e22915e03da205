"""Small facts of the installation, as rows."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update
from typing_extensions import override

from bot.ports.rows.places import Facts
from storage.conflict import OnConflict
from storage.schema import facts

_GET = select(facts.c.value).where(facts.c.name == bindparam("of"))
_PUT = insert(facts).ext(OnConflict("(name) DO UPDATE SET value = excluded.value"))

_ADD = insert(facts).ext(OnConflict("(name) DO NOTHING"))
_SWAP = update(facts).where(facts.c.name == bindparam("of"), facts.c.value == bindparam("was"))


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

    @override
    def swap(self, name: str, was: str | None, value: str) -> bool:
        if was is None:
            changed = self._connection.execute(_ADD, {"name": name, "value": value})
        else:
            changed = self._connection.execute(_SWAP, {"of": name, "was": was, "value": value})
        return changed.rowcount == 1
