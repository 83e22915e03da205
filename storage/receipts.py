"""Requests that were carried out, as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select
from typing_extensions import override

from bot.ports.rows.places import Receipts
from storage.schema import receipts
from storage.statements import Statements

_C = receipts.c

_FIND = select(_C.reply).where(_C.source == bindparam("of"), _C.delivery_id == bindparam("delivery"))
_KEEP = insert(receipts)
_FORGET = delete(receipts).where(_C.at < bindparam("before"))


class ReceiptRows(Receipts):
    """Receipts over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def find(self, source: str, delivery_id: str) -> str | None:
        found: str | None = self._statements.scalar(_FIND, {"of": source, "delivery": delivery_id})
        return found

    @override
    def keep(self, source: str, delivery_id: str, reply: str, at: datetime) -> None:
        # Where another process is just carrying out the same request, this fails once that commits; the
        # store runs the body again, which then finds the other's receipt.
        values = {"source": source, "delivery_id": delivery_id, "reply": reply, "at": at}
        self._statements.execute(_KEEP, values)

    @override
    def forget(self, before: datetime) -> int:
        return self._statements.execute(_FORGET, {"before": before}).rowcount
