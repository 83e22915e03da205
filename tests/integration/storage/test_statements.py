from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.ports.store import Transaction
from storage.open import OpenStore
from storage.schema import messages, receipts, timers
from storage.statements import Rows, Statements
from tests.integration.storage.rows import NOW

_KEEP = insert(receipts)
_READ = select(receipts).order_by(receipts.c.delivery_id)
_LATEST = select(func.max(receipts.c.at))
_MOVE = update(receipts).where(receipts.c.source == bindparam("of")).values(at=bindparam("to"), reply="moved")
_NUMBERED = insert(messages)
_NUMBERED_BACK = insert(messages).returning(messages.c.sequence)
_NONE = select(timers)


def _statements(tx: Transaction) -> Statements:
    connection: Connection = tx.facts._connection  # type: ignore[attr-defined]
    return Statements(connection)


def _receipt(delivery_id: str, at: datetime = NOW) -> dict[str, object]:
    return {"source": "slack", "delivery_id": delivery_id, "reply": "done", "at": at}


async def test_values_come_back_as_they_were_given(store: OpenStore) -> None:
    def body(tx: Transaction) -> Rows:
        _statements(tx).execute(_KEEP, _receipt("1"))
        return _statements(tx).execute(_READ)

    row = (await store.transaction("keep", body)).first()
    assert (row.source, row.delivery_id, row.reply, row.at) == ("slack", "1", "done", NOW)


async def test_a_sequence_of_values_runs_the_statement_for_each(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[str]:
        _statements(tx).execute(_KEEP, [_receipt("1"), _receipt("2")])
        return [row.delivery_id for row in _statements(tx).execute(_READ)]

    assert await store.transaction("keep", body) == ["1", "2"]


async def test_computed_columns_are_converted_like_stored_ones(store: OpenStore) -> None:
    def body(tx: Transaction) -> object:
        _statements(tx).execute(_KEEP, [_receipt("1"), _receipt("2", NOW + timedelta(hours=1))])
        return _statements(tx).scalar(_LATEST)

    assert await store.transaction("keep", body) == NOW + timedelta(hours=1)


async def test_values_that_stand_in_the_statement_need_not_be_given(store: OpenStore) -> None:
    def body(tx: Transaction) -> tuple[int, object]:
        _statements(tx).execute(_KEEP, [_receipt("1"), _receipt("2")])
        moved = _statements(tx).execute(_MOVE, {"of": "slack", "to": NOW - timedelta(days=1)})
        return moved.rowcount, _statements(tx).execute(_READ).first().reply

    assert await store.transaction("move", body) == (2, "moved")


async def test_a_number_that_the_database_draws_is_fetched_where_it_is_asked_for(store: OpenStore) -> None:
    def body(tx: Transaction) -> int:
        _statements(tx).execute(_NUMBERED, {"subject": "one", "channel": "C", "ts": "1", "face": "card"})
        number: int = _statements(tx).scalar(
            _NUMBERED_BACK, {"subject": "one", "channel": "C", "ts": "2", "face": "card"}
        )
        return number

    assert await store.transaction("number", body) == 2


async def test_no_row_is_none(store: OpenStore) -> None:
    rows = await store.read(lambda tx: _statements(tx).execute(_NONE))
    assert (rows.first(), rows.scalar(), list(rows)) == (None, None, [])


async def test_a_broken_rule_raises_what_sqlalchemy_raises(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        _statements(tx).execute(_KEEP, _receipt("1"))
        _statements(tx).execute(_KEEP, _receipt("1"))

    with pytest.raises(IntegrityError) as raised:
        await store.transaction("keep", body)
    assert "done" not in str(raised.value)


async def test_a_name_that_is_not_given_is_an_error(store: OpenStore) -> None:
    with pytest.raises(KeyError):
        await store.transaction("move", lambda tx: _statements(tx).execute(_MOVE, {"of": "slack"}))
