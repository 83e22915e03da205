"""Two dispatchers at the same rows: on PostgreSQL two processes' worth of connections."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy.util import await_only

from bot.domain.delivery import Delivery, Recipient
from bot.domain.event import EventKind
from bot.ports.store import Transaction
from storage.open import OpenStore, open_store
from tests.integration.storage.rows import ANA, NOW, a_delivery, an_incident, seconds
from tests.support.clock import FakeClock


@pytest.fixture
async def stores(store: OpenStore, database_url: str, clock: FakeClock) -> AsyncIterator[list[OpenStore]]:
    """One store on SQLite, where there can be no other; two of one database on PostgreSQL."""
    if database_url.startswith("sqlite"):
        yield [store]
        return
    other = await open_store(database_url, clock=clock)
    yield [store, other]
    await other.aclose()


def _claim(token: str, tx: Transaction) -> list[Delivery]:
    ready = tx.outbox.ready(Recipient.CHAT, NOW, 5)
    tx.outbox.lease([one.key for one in ready], token, NOW + seconds(15))
    return list(ready)


def _settle(delivery: Delivery, token: str, tx: Transaction) -> None:
    assert tx.outbox.settle(delivery, token)


async def test_no_row_is_ever_claimed_by_two(stores: list[OpenStore]) -> None:
    def owe(tx: Transaction) -> None:
        for number in range(120):
            tx.outbox.owe(a_delivery(f"line/{number}"))

    await stores[0].transaction("owe", owe)
    claimed: list[str] = []

    async def dispatch(store: OpenStore, token: str) -> None:
        while batch := await store.transaction("claim", partial(_claim, token)):
            claimed.extend(one.key for one in batch)

    async with asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(dispatch(stores[number % len(stores)], f"t{number}"))
    assert Counter(claimed) == Counter(f"line/{number}" for number in range(120))


async def test_an_order_key_is_in_one_hand_at_a_time(stores: list[OpenStore]) -> None:
    def owe(tx: Transaction) -> None:
        for number in range(30):
            tx.outbox.owe(a_delivery(f"line/{number:02}", order_key=f"card/{number % 3}"))

    await stores[0].transaction("owe", owe)
    sent: list[str] = []

    async def dispatch(store: OpenStore, token: str) -> None:
        while len(sent) < 30:
            for one in await store.transaction("claim", partial(_claim, token)):
                sent.append(one.key)
                await store.transaction("settle", partial(_settle, one, token))

    async with asyncio.TaskGroup() as group:
        for number in range(4):
            group.create_task(dispatch(stores[number % len(stores)], f"t{number}"))
    by_card = [[key for key in sent if int(key[-2:]) % 3 == card] for card in range(3)]
    assert by_card == [[f"line/{number:02}" for number in range(card, 30, 3)] for card in range(3)]


async def test_an_incident_in_anothers_hands_is_left_out(stores: list[OpenStore]) -> None:
    if len(stores) == 1:
        pytest.skip("one writer: nobody else can hold a row")
    here, there = stores
    await here.transaction(
        "add", lambda tx: [tx.incidents.add(an_incident(name)) for name in ("held", "free")]
    )

    async def look() -> list[str]:
        found = await there.transaction("look", lambda tx: tx.incidents.lock_free(["free", "held"]))
        return [one.id for one in found]

    def hold(tx: Transaction) -> list[str]:
        tx.incidents.by_id("held", lock=True)
        return await_only(look())  # a body cannot wait; the greenlet under it can

    assert await here.transaction("hold", hold) == ["free"]


async def test_histories_of_one_locked_subject_have_no_gaps(stores: list[OpenStore]) -> None:
    await stores[0].transaction("add", lambda tx: tx.incidents.add(an_incident()))

    def append(tx: Transaction) -> int:
        tx.incidents.by_id("one", lock=True)
        return tx.events.append("one", at=NOW, actor=ANA, kind=EventKind.UPDATED, data={}).sequence

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(stores[number % len(stores)].transaction("append", append))
            for number in range(30)
        ]
    assert sorted(task.result() for task in tasks) == list(range(1, 31))
