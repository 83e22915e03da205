"""What both stores promise of a transaction: all or nothing, probes, wakes, cancellation."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot.domain.delivery import DeliveryKind
from bot.domain.errors import InvalidError
from bot.domain.timer import escalation_timer
from bot.ports.store import StoreUnavailable, Transaction
from storage.open import OpenStore, open_store
from tests.integration.storage.rows import NOW, a_delivery
from tests.support.clock import FakeClock


def _put(tx: Transaction, value: str = "v") -> str:
    tx.facts.put("name", value)
    return value


def _owe(number: int, tx: Transaction) -> None:
    tx.outbox.owe(a_delivery(f"line/{number}"))


async def test_a_body_gives_back_its_result(store: OpenStore) -> None:
    assert await store.transaction("put", _put) == "v"


async def test_what_is_committed_can_be_read(store: OpenStore) -> None:
    await store.transaction("put", _put)
    assert await store.read(lambda tx: tx.facts.get("name")) == "v"


async def test_a_bodys_exception_undoes_everything_and_is_raised(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        _put(tx)
        raise InvalidError("no")

    with pytest.raises(InvalidError, match="no"):
        await store.transaction("put", body)
    assert await store.read(lambda tx: tx.facts.get("name")) is None


async def test_a_store_goes_on_after_an_exception(store: OpenStore) -> None:
    with pytest.raises(ZeroDivisionError):
        await store.transaction("fail", lambda _tx: 1 // 0)
    assert await store.transaction("put", _put) == "v"


async def test_a_body_that_stops_an_iteration_is_an_error_and_no_hang(store: OpenStore) -> None:
    with pytest.raises(RuntimeError):
        await store.transaction("fail", lambda _tx: next(iter(())))


async def test_probe_points_stand_around_the_commit(store: OpenStore, points: list[str]) -> None:
    def body(tx: Transaction) -> None:
        points.append("body")
        _put(tx)

    await store.transaction("put", body)
    assert points == ["body", "put.before_commit", "put.after_commit"]


async def test_a_failed_body_passes_no_probe_point(store: OpenStore, points: list[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        await store.transaction("fail", lambda _tx: 1 // 0)
    assert points == []


async def test_a_commit_wakes_whom_it_concerns(store: OpenStore, woken: list[frozenset[str]]) -> None:
    def body(tx: Transaction) -> None:
        tx.outbox.owe(a_delivery())
        tx.outbox.owe_again(a_delivery("page", kind=DeliveryKind.PAGE))
        tx.timers.set(escalation_timer("one", 1, 1, NOW))

    woken.clear()
    await store.transaction("owe", body)
    assert woken == [frozenset({"chat", "pager", "timers"})]


async def test_a_commit_that_owes_nothing_wakes_nobody(store: OpenStore, woken: list[frozenset[str]]) -> None:
    woken.clear()
    await store.transaction("put", _put)
    assert woken == []


async def test_a_failed_body_wakes_nobody(store: OpenStore, woken: list[frozenset[str]]) -> None:
    def body(tx: Transaction) -> None:
        tx.outbox.owe(a_delivery())
        raise InvalidError("no")

    woken.clear()
    with pytest.raises(InvalidError):
        await store.transaction("owe", body)
    assert woken == []


async def test_the_wake_comes_after_the_commit_and_before_the_result(store: OpenStore) -> None:
    order: list[str] = []

    def wake(touched: frozenset[str]) -> None:
        order.append("woken")

    store.wake = wake
    await store.transaction("owe", lambda tx: tx.outbox.owe(a_delivery()))
    order.append("returned")
    assert order == ["woken", "returned"]


async def test_a_started_body_is_finished_though_nobody_waits(
    store: OpenStore, database_url: str, clock: FakeClock
) -> None:
    loop = asyncio.get_running_loop()
    started = asyncio.Event()

    def body(tx: Transaction) -> None:
        loop.call_soon_threadsafe(started.set)
        _put(tx)

    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(store.transaction("put", body))
        await started.wait()
        waiting.cancel()
    await store.aclose()  # waits for what was begun
    again = await open_store(database_url, clock=clock)
    value = await again.read(lambda tx: tx.facts.get("name"))
    await again.aclose()
    assert (waiting.cancelled(), value) == (True, "v")


async def test_a_closed_store_says_so(store: OpenStore) -> None:
    await store.aclose()
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.transaction("put", _put)


async def test_reading_writes_nothing(store: OpenStore) -> None:
    with pytest.raises(StoreUnavailable, match=r"(?i)read.?only"):
        await store.read(_put)
    assert await store.read(lambda tx: tx.facts.get("name")) is None


async def test_many_at_once_are_all_written(store: OpenStore) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(200):
            group.create_task(store.transaction("owe", partial(_owe, number)))
    assert await store.read(lambda tx: tx.outbox.backlog()) == (("line", 200, NOW),)


async def test_one_failure_among_many_undoes_itself_only(store: OpenStore) -> None:
    def body(number: int, tx: Transaction) -> None:
        _owe(number, tx)
        if number % 3 == 0:
            raise InvalidError("no")

    tried = [store.transaction("owe", partial(body, number)) for number in range(90)]
    results = await asyncio.gather(*tried, return_exceptions=True)
    assert [isinstance(result, InvalidError) for result in results] == [n % 3 == 0 for n in range(90)]
    assert await store.read(lambda tx: tx.outbox.backlog()) == (("line", 60, NOW),)


async def test_the_store_answers_when_asked_whether_it_is_well(store: OpenStore) -> None:
    await store.check()
