"""What is in a history stays there as it is: the database itself sees to it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.audit import AuditEntry, Period
from bot.domain.event import EventKind
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.integration.storage.rows import ANA, NOW, an_incident, connection_of, seconds


def _append(tx: Transaction, subject: str, second: int) -> None:
    at = NOW + seconds(second)
    tx.events.append(subject, at=at, actor=ANA, kind=EventKind.UPDATED, data={"text": f"{second}"})


def _three(tx: Transaction) -> None:
    for second in range(3):
        _append(tx, "one", second)


_OTHER_WAY = "without a DELETE"
_OTHER_WAYS = {
    "sqlite": "INSERT OR REPLACE INTO events SELECT subject, sequence, at, 'U2', 'L', kind, data FROM events",
    "postgresql": "TRUNCATE events",
}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET data = '{}' WHERE sequence = 2",
        "UPDATE events SET sequence = 9 WHERE sequence = 2",
        "DELETE FROM events WHERE subject = 'one'",
        "DELETE FROM events",
        _OTHER_WAY,
    ],
)
async def test_no_statement_changes_or_removes_an_entry(store: OpenStore, statement: str) -> None:
    await store.transaction("append", _three)

    def spoil(tx: Transaction) -> None:
        connection = connection_of(tx)
        own = _OTHER_WAYS[connection.dialect.name]
        connection.execute(text(own if statement == _OTHER_WAY else statement))

    before = await store.read(lambda tx: tx.events.of("one"))
    with pytest.raises(IntegrityError, match="events only grow"):
        await store.transaction("spoil", spoil)
    assert await store.read(lambda tx: tx.events.of("one")) == before


async def _walk(store: OpenStore, period: Period) -> list[AuditEntry]:
    found: list[AuditEntry] = []
    while True:
        after = found[-1] if found else None
        page = await store.read(lambda tx: tx.events.between(period, after=after, limit=2))  # noqa: B023
        found += page
        if len(page) < 2:
            return found


def _places(entries: list[AuditEntry]) -> list[tuple[str, int]]:
    return [(entry.subject, entry.sequence) for entry in entries]


def _mixed(tx: Transaction) -> None:
    tx.incidents.add(an_incident("one"))
    for subject, second in (("one", 0), ("two", 0), ("one", 0), ("two", 2), ("one", 1), ("two", 1)):
        _append(tx, subject, second)


async def test_all_histories_are_read_by_time_page_by_page(store: OpenStore) -> None:
    await store.transaction("append", _mixed)
    found = await _walk(store, Period())
    in_order = [("one", 1), ("one", 2), ("two", 1), ("one", 3), ("two", 3), ("two", 2)]
    assert _places(found) == in_order
    assert [entry.number for entry in found] == [1, 1, None, 1, None, None]
    assert found[0].data == {"text": "0"}


async def test_a_period_begins_with_its_first_instant_and_ends_before_its_last(store: OpenStore) -> None:
    await store.transaction("append", _mixed)
    found = await _walk(store, Period(since=NOW + seconds(1), until=NOW + seconds(2)))
    assert _places(found) == [("one", 3), ("two", 3)]


async def test_one_history_keeps_its_order_where_the_clock_was_set_back(store: OpenStore) -> None:
    await store.transaction("append", _mixed)
    first = await store.read(lambda tx: tx.events.entries("two", limit=2))
    rest = await store.read(lambda tx: tx.events.entries("two", after=first[-1].sequence, limit=2))
    assert [_places([*page]) for page in (first, rest)] == [[("two", 1), ("two", 2)], [("two", 3)]]
