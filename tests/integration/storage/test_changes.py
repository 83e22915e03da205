"""Changes, the calendar and what points at changes, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.changes.change import ChangeState
from bot.ports.store import Transaction
from bot.services.subjects import find_subject, lock_free_subjects
from storage.open import OpenStore, open_store
from tests.support.builders import a_change, a_plan, a_run, a_span
from tests.support.clock import MONDAY_NOON, FakeClock

HOUR = timedelta(hours=1)
PATIENCE_SECONDS = 5.0
"""Below the time after which a database gives up a lock."""
_SOMEBODY_WAITS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""


@pytest.fixture
async def stores(store: OpenStore, database_url: str, clock: FakeClock) -> AsyncIterator[list[OpenStore]]:
    """One store on SQLite, where there can be no other; three of one database on PostgreSQL."""
    if database_url.startswith("sqlite"):
        yield [store]
        return
    others = [await open_store(database_url, clock=clock) for _ in range(2)]
    yield [store, *others]
    for other in others:
        await other.aclose()


async def test_what_was_never_added_is_not_saved(store: OpenStore) -> None:
    with pytest.raises(LookupError, match="ch12"):
        await store.transaction("save", lambda tx: tx.changes.save(a_change()))
    with pytest.raises(LookupError, match="sp4"):
        await store.transaction("save", lambda tx: tx.spans.save(a_span()))


async def test_a_number_that_nothing_has_is_nothing(store: OpenStore) -> None:
    numbers = (0, 7, 2**31, 10**12)
    found = await store.read(
        lambda tx: [rows.by_number(number) for rows in (tx.changes, tx.spans) for number in numbers]
    )
    assert found == [None] * len(numbers) * 2


async def test_changes_and_spans_are_subjects_and_come_after_runs_in_the_lock_order(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        span = tx.spans.add(a_span(id="a"))
        change = tx.changes.add(a_change(id="b"))
        run = tx.runs.add(a_run(id="c"))
        assert find_subject(tx, "a") == find_subject(tx, "a", lock=True) == span
        assert find_subject(tx, "b") == find_subject(tx, "b", lock=True) == change
        assert lock_free_subjects(tx, ["a", "b", "c", "unknown"]) == (run, change, span)
        assert lock_free_subjects(tx, []) == ()

    await store.transaction("find", body)


async def test_what_is_watched_comes_with_the_newest_start_first(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[str]:
        for name, hour, state in (
            ("old", 1, ChangeState.DEPLOYING),
            ("new", 3, ChangeState.VALIDATING),
            ("over", 2, ChangeState.DONE),
            ("long over", 0, ChangeState.DONE),
            ("ahead", 9, ChangeState.APPROVED),
        ):
            started = None if state is ChangeState.APPROVED else MONDAY_NOON + hour * HOUR
            closed = MONDAY_NOON + (hour + 1) * HOUR if state is ChangeState.DONE else None
            tx.changes.add(a_change(id=name, state=state, started=started, closed=closed))
        return [one.id for one in tx.changes.watched(MONDAY_NOON + 3 * HOUR)]

    assert await store.transaction("watch", body) == ["new", "over", "old"]


async def test_one_that_is_taken_back_after_its_end_is_running_again(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        done = a_change(state=ChangeState.DONE, started=MONDAY_NOON, closed=MONDAY_NOON + HOUR)
        added = tx.changes.add(done)
        back = replace(added, state=ChangeState.ROLLING_BACK)
        tx.changes.save(back)
        assert tx.changes.between(MONDAY_NOON + 9 * HOUR, MONDAY_NOON + 10 * HOUR) == (back,)
        assert tx.changes.watched(MONDAY_NOON + 9 * HOUR) == (back,)

    await store.transaction("take back", body)


async def test_what_concerns_the_platform_is_among_the_changes_of_every_service(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[str]:
        for name in ("payment", "search", None):
            tx.changes.add(a_change(a_plan(service=name), id=str(name)))
        span = (MONDAY_NOON, MONDAY_NOON + 48 * HOUR)
        assert len(tx.changes.between(*span)) == 3
        return [one.id for one in tx.changes.between(*span, service="payment")]

    assert await store.transaction("look", body) == ["payment", "None"]


async def test_something_that_broke_points_at_a_change_once_whoever_notes_it(stores: list[OpenStore]) -> None:
    def note(change: str, tx: Transaction) -> bool:
        return tx.changes.suspect(change, "i42", MONDAY_NOON)

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(stores[n % len(stores)].transaction("note", partial(note, f"ch{n % 2}")))
            for n in range(20)
        ]
    assert sum(task.result() for task in tasks) == 2

    def body(tx: Transaction) -> None:
        assert tx.changes.suspect("ch0", "i43", MONDAY_NOON + HOUR)
        assert tx.changes.suspect("ch0", "g12", MONDAY_NOON + HOUR / 2)
        assert not tx.changes.suspect("ch0", "g12", MONDAY_NOON + 3 * HOUR)
        assert tx.changes.suspects("ch0") == ("i42", "g12", "i43")
        assert tx.changes.suspected_of("i42") == ("ch0", "ch1")
        assert tx.changes.suspected_of("g12") == ("ch0",)
        assert tx.changes.suspects("unknown") == tx.changes.suspected_of("unknown") == ()

    await stores[0].transaction("look", body)


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_whoever_freezes_the_calendar_waits_for_the_one_before_and_sees_what_they_wrote(
    store: OpenStore, database_url: str
) -> None:
    def look(tx: Transaction) -> list[str]:
        tx.spans.freeze_calendar()
        return [one.title for one in tx.spans.between(MONDAY_NOON, MONDAY_NOON + HOUR)]

    await store.transaction("fill", lambda tx: tx.spans.add(a_span(title="A")))
    engine = create_async_engine(database_url)
    try:
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            asyncio.TaskGroup() as group,
            engine.begin() as other,
        ):
            await other.execute(text("SELECT pg_advisory_xact_lock(7220215, 1)"))
            waiting = group.create_task(store.transaction("look", look))
            await other.execute(text("UPDATE spans SET title = 'B'"))
            while not await other.scalar(text(_SOMEBODY_WAITS)):
                pass
    finally:
        await engine.dispose()
    assert waiting.result() == ["B"]


async def test_of_those_who_count_the_calendar_before_they_add_to_it_none_miscounts(
    stores: list[OpenStore],
) -> None:
    def add(number: int, tx: Transaction) -> None:
        tx.spans.freeze_calendar()
        there = len(tx.spans.between(MONDAY_NOON, MONDAY_NOON + HOUR))
        tx.spans.add(a_span(id=f"s{number}", title=str(there)))

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        for n in range(20):
            group.create_task(stores[n % len(stores)].transaction("add", partial(add, n)))
    spans = await stores[0].read(lambda tx: tx.spans.between(MONDAY_NOON, MONDAY_NOON + HOUR))
    assert sorted(int(span.title) for span in spans) == list(range(20))


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_somebody_else_holds_is_passed_over_or_read_as_they_leave_it(
    store: OpenStore, database_url: str
) -> None:
    def fill(tx: Transaction) -> None:
        for name in ("a", "b"):
            tx.changes.add(a_change(id=name))

    await store.transaction("fill", fill)
    engine = create_async_engine(database_url)
    try:
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            asyncio.TaskGroup() as group,
            engine.begin() as other,
        ):
            await other.execute(text("SELECT 1 FROM changes WHERE id = 'a' FOR UPDATE"))
            free = await store.transaction("free", lambda tx: tx.changes.lock_free(["a", "b"]))
            waiting = group.create_task(
                store.transaction("wait", lambda tx: tx.changes.by_id("a", lock=True))
            )
            await other.execute(text("UPDATE changes SET state = 'cancelled' WHERE id = 'a'"))
            while not await other.scalar(text(_SOMEBODY_WAITS)):
                pass
    finally:
        await engine.dispose()
    assert [one.id for one in free] == ["b"]
    found = waiting.result()
    assert found is not None
    assert found.state is ChangeState.CANCELLED
