from __future__ import annotations

import asyncio
from functools import partial

from bot.ports.store import Transaction
from storage.open import OpenStore, open_store
from tests.integration.storage.rows import NOW, seconds
from tests.support.clock import FakeClock


async def test_a_new_lane_has_no_time(store: OpenStore) -> None:
    assert await store.transaction("lock", lambda tx: tx.lanes.lock(["a", "b"])) == {"a": None, "b": None}


async def test_locking_none_locks_none(store: OpenStore) -> None:
    assert await store.transaction("lock", lambda tx: tx.lanes.lock([])) == {}


async def test_a_lane_is_free_when_it_was_said_to_be(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        tx.lanes.free_at("a", NOW)
        tx.lanes.free_at("a", NOW - seconds(5))

    await store.transaction("free", body)
    assert await store.transaction("lock", lambda tx: tx.lanes.lock(["a"])) == {"a": NOW - seconds(5)}


async def test_a_block_never_shortens_a_longer_one(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        tx.lanes.lock(["new"])
        tx.lanes.block("new", NOW)
        tx.lanes.block("a", NOW + seconds(60))
        tx.lanes.block("a", NOW + seconds(30))
        tx.lanes.block("b", NOW + seconds(30))
        tx.lanes.block("b", NOW + seconds(60))

    await store.transaction("block", body)
    locked = await store.transaction("lock", lambda tx: tx.lanes.lock(["a", "b", "new"]))
    assert locked == {"a": NOW + seconds(60), "b": NOW + seconds(60), "new": NOW}


async def test_lanes_locked_in_any_order_by_many_never_deadlock(
    store: OpenStore, database_url: str, clock: FakeClock
) -> None:
    stores = [store]
    if database_url.startswith("postgresql"):
        stores.append(await open_store(database_url, clock=clock))

    def count(names: list[str], tx: Transaction) -> None:
        for name, at in tx.lanes.lock(names).items():
            tx.lanes.free_at(name, (at or NOW) + seconds(1))

    async with asyncio.TaskGroup() as group:
        for number in range(40):
            names = ["a", "b", "c"] if number % 2 else ["c", "b", "a"]
            store_of_turn = stores[number % len(stores)]
            group.create_task(store_of_turn.transaction("lock", partial(count, names)))
    for extra in stores[1:]:
        await extra.aclose()
    assert await store.transaction("lock", lambda tx: tx.lanes.lock(["a"])) == {"a": NOW + seconds(40)}
