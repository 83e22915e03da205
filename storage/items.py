"""Action items as rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Integer, Row, bindparam, insert, select, update
from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.item import Item, ItemState
from bot.ports.rows.afterwards import Items
from storage.schema import OPEN_ITEM, items
from storage.statements import Statements

_C = items.c

_ADD = insert(items).returning(_C.number)
_SAVE = update(items).where(_C.number == bindparam("saved"))
_ONE = select(items).where(_C.number == bindparam("wanted"))
_OF = select(items).where(_C.incident == bindparam("of")).order_by(_C.number)
_OPEN = (
    select(items)
    .where(OPEN_ITEM)
    .order_by(_C.due.nulls_last(), _C.number)
    .limit(bindparam("most", type_=Integer))
)
_OPEN_OF = (
    select(items)
    .where(OPEN_ITEM, _C.owner_id == bindparam("whose"))
    .order_by(_C.due.nulls_last(), _C.number)
    .limit(bindparam("most", type_=Integer))
)
_LARGEST_NUMBER = 2**31 - 1
"""What the column holds; people may type more."""


class ItemRows(Items):
    """Action items over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def add(self, item: Item) -> Item:
        number: int | None = self._statements.scalar(_ADD, _values(item))
        assert number is not None
        return replace(item, number=number)

    @override
    def save(self, item: Item) -> None:
        self._statements.execute(_SAVE, {**_values(item), "saved": item.number})

    @override
    def one(self, number: int) -> Item | None:
        if not 0 < number <= _LARGEST_NUMBER:
            return None
        row = self._statements.execute(_ONE, {"wanted": number}).first()
        return _item(row) if row else None

    @override
    def of(self, incident: str) -> tuple[Item, ...]:
        return tuple(map(_item, self._statements.execute(_OF, {"of": incident})))

    @override
    def open(self, limit: int = 100) -> tuple[Item, ...]:
        return tuple(map(_item, self._statements.execute(_OPEN, {"most": limit})))

    @override
    def open_of(self, owner: str, limit: int = 100) -> tuple[Item, ...]:
        return tuple(map(_item, self._statements.execute(_OPEN_OF, {"whose": owner, "most": limit})))


def _values(item: Item) -> dict[str, Any]:
    """Every column but the number, which the database draws."""
    return {
        "incident": item.incident,
        "text": item.text,
        "added_by_id": item.added_by.id,
        "added_by_name": item.added_by.name,
        "added_at": item.added_at,
        "owner_id": item.owner.id if item.owner else None,
        "owner_name": item.owner.name if item.owner else None,
        "due": item.due.isoformat() if item.due else None,
        "state": item.state.value,
        "reason": item.reason,
    }


def _item(row: Row[Any]) -> Item:
    return Item(
        number=row.number,
        incident=row.incident,
        text=row.text,
        added_by=Actor(id=row.added_by_id, name=row.added_by_name),
        added_at=row.added_at,
        owner=None if row.owner_id is None else Actor(id=row.owner_id, name=row.owner_name),
        due=date.fromisoformat(row.due) if row.due else None,
        state=ItemState(row.state),
        reason=row.reason,
    )
