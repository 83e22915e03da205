"""Whose Home tabs are kept up to date, as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from typing_extensions import override

from bot.ports.rows.checklists import Home, Homes
from storage.conflict import OnConflict
from storage.schema import homes
from storage.statements import Statements

_C = homes.c

_OPENED = insert(homes).ext(OnConflict('("user") DO UPDATE SET opened_at = excluded.opened_at, shown = NULL'))
_SHOWN = update(homes).where(_C.user == bindparam("whose"))
_ONE = select(homes).where(_C.user == bindparam("whose"))
_OPENED_SINCE = select(homes).where(_C.opened_at >= bindparam("since")).order_by(_C.opened_at.desc(), _C.user)
_GONE = delete(homes).where(_C.user == bindparam("whose"))
_FORGET = delete(homes).where(_C.opened_at < bindparam("before"))


class HomeRows(Homes):
    """Home tabs over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def opened(self, user: str, at: datetime) -> None:
        self._statements.execute(_OPENED, {"user": user, "opened_at": at})

    @override
    def shown(self, user: str, digest: str) -> None:
        self._statements.execute(_SHOWN, {"whose": user, "shown": digest})

    @override
    def gone(self, user: str) -> None:
        self._statements.execute(_GONE, {"whose": user})

    @override
    def one(self, user: str) -> Home | None:
        row = self._statements.execute(_ONE, {"whose": user}).first()
        return _home(row) if row else None

    @override
    def opened_since(self, at: datetime) -> tuple[Home, ...]:
        return tuple(map(_home, self._statements.execute(_OPENED_SINCE, {"since": at})))

    @override
    def forget(self, before: datetime) -> int:
        return self._statements.execute(_FORGET, {"before": before}).rowcount


def _home(row: Any) -> Home:
    return Home(user=row.user, opened_at=row.opened_at, shown=row.shown)
