"""Runs of checklists with their items, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.actor import Actor
from bot.domain.checklist import Cadence, Unfinished
from bot.domain.checklists.run import ItemState, Problem, Run, RunItem, RunState
from bot.domain.evidence import EvidenceSpec, Found, Judgement, Sign, Source, Threshold, Unit, Value
from bot.ports.store import Transaction
from bot.services.subjects import find_subject, lock_free_subjects
from storage.open import OpenStore, open_store
from tests.support.builders import a_run, a_run_item, an_alert_group
from tests.support.clock import MONDAY_NOON, FakeClock

ANA = Actor(id="U0ANA", name="Ana")
BEN = Actor(id="U0BEN", name="Ben")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PATIENCE_SECONDS = 5.0
"""Below the time after which a database gives up a lock."""
_SOMEBODY_WAITS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""

PROBLEM = Problem(text="the queue grows", found_by=ANA, found_at=MONDAY_NOON)
CLOSED = replace(PROBLEM, incident="i42", closed_by=BEN, closed_at=MONDAY_NOON + HOUR, how="more workers")
QUERY = EvidenceSpec(
    title="Targets that are down",
    source=Source.QUERY,
    of='count(up == 0) or vector(0) # "ü"',
    unit=Unit.RATIO,
    fine=Threshold(sign=Sign.AT_MOST, bound=0.001),
    compare=None,
    chart=timedelta(days=7),
)
LINK = EvidenceSpec(title="The dashboard", source=Source.LINK, of="https://grafana.example/d/1")
VALUES = (
    Value(label="api-gateway", now=0.25, before=3.0, fine=False),
    Value(label="", now=None),
    Value(label="edge", now=float("inf"), before=float("-inf"), fine=True),
)
FOUND = Found(
    title=QUERY.title,
    source=Source.QUERY,
    judgement=Judgement.NOT_FINE,
    at=MONDAY_NOON + timedelta(milliseconds=7),
    unit=Unit.RATIO,
    values=VALUES,
    more=3,
    lines=("one", "two"),
    url="https://prometheus.example/graph",
    failed="Prometheus does not answer.",
)


def settled(item: RunItem, state: ItemState = ItemState.DONE) -> RunItem:
    return replace(item, state=state, by=ANA, at=MONDAY_NOON, reason="as it should be")


def full_run() -> Run:
    """A run in which every field is other than it is when it begins."""
    items = (
        a_run_item(1, evidence=(QUERY, LINK), found=(FOUND,), owner=BEN, since=MONDAY_NOON - DAY),
        replace(settled(a_run_item(2), ItemState.PROBLEM), problem=CLOSED),
        replace(settled(a_run_item(3), ItemState.PROBLEM), problem=PROBLEM),
        settled(a_run_item(4), ItemState.NOT_APPLICABLE),
    )
    return a_run(
        *items,
        cadence=Cadence.MONTHLY,
        runbook="disaster-recovery",
        security=True,
        unfinished=Unfinished.CLOSE,
        state=RunState.MISSED,
        owner=ANA,
        asked_by=BEN,
        late=True,
        evidence_at=MONDAY_NOON + HOUR,
        closed_at=MONDAY_NOON + DAY,
    )


@pytest.mark.parametrize("run", [a_run(), full_run(), replace(a_run(), items=())])
async def test_a_run_is_read_again_as_it_was_added(store: OpenStore, run: Run) -> None:
    def body(tx: Transaction) -> None:
        added = tx.runs.add(run)
        assert added == replace(run, number=1)
        assert tx.runs.by_id("r12") == tx.runs.by_id("r12", lock=True) == added
        assert tx.runs.by_number(1) == tx.runs.by_number(1, lock=True) == added
        assert tx.runs.lock_free(["r12", "unknown"]) == (added,)

    await store.transaction("add", body)


async def test_every_field_of_a_run_and_of_its_items_is_saved(store: OpenStore) -> None:
    begun, changed = a_run(*(a_run_item(n) for n in (1, 2, 3, 4))), full_run()
    unchanged = {"id", "number", "checklist", "occurrence", "title", "purpose", "channel", "team"}
    differing = {one.name for one in fields(Run) if getattr(begun, one.name) != getattr(changed, one.name)}
    assert {one.name for one in fields(Run)} - differing <= unchanged | {
        "planned_at",
        "begun_at",
        "due_at",
        "ends_at",
    }

    def body(tx: Transaction) -> tuple[Run, Run | None]:
        added = tx.runs.add(begun)
        assert added is not None
        moved = replace(
            changed,
            number=added.number,
            due_at=added.due_at + HOUR,
            ends_at=added.ends_at + HOUR,
        )
        tx.runs.save(moved)
        return moved, tx.runs.by_id("r12")

    moved, read = await store.transaction("save", body)
    assert read == moved


async def test_a_value_that_is_no_number_is_kept_as_one(store: OpenStore) -> None:
    odd = replace(FOUND, values=(Value(label="odd", now=float("nan")),))

    def body(tx: Transaction) -> Run | None:
        tx.runs.add(a_run(a_run_item(1, found=(odd,))))
        return tx.runs.by_id("r12")

    read = await store.transaction("add", body)
    assert read is not None
    now = read.items[0].found[0].values[0].now
    assert now is not None
    assert now != now  # noqa: PLR0124 - nothing else is unlike itself


async def test_what_was_never_added_is_not_saved(store: OpenStore) -> None:
    with pytest.raises(LookupError, match="r12"):
        await store.transaction("save", lambda tx: tx.runs.save(a_run()))


async def test_a_number_that_no_run_has_is_nothing(store: OpenStore) -> None:
    numbers = (0, 7, 2**31, 10**12)
    found = await store.read(lambda tx: [tx.runs.by_number(number) for number in numbers])
    assert found == [None] * len(numbers)


async def test_an_occurrence_is_added_once_and_the_transaction_goes_on(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        first = tx.runs.add(a_run(state=RunState.DONE))
        assert first is not None
        assert tx.runs.add(a_run(id="again")) is None
        assert tx.runs.by_id("again") is None
        assert tx.runs.newest(9) == (first,)
        assert tx.runs.has(first.checklist, first.occurrence)
        assert not tx.runs.has(first.checklist, "another")
        assert not tx.runs.has("another", first.occurrence)
        tx.facts.put("written", "after it")

    await store.transaction("add", body)
    assert await store.read(lambda tx: tx.facts.get("written")) == "after it"


async def test_a_checklist_has_one_open_run_at_most(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        first = tx.runs.add(a_run())
        assert first is not None
        tomorrow = a_run(id="tomorrow", begun_at=MONDAY_NOON + DAY)
        assert tx.runs.add(tomorrow) is None
        assert tx.runs.add(a_run(id="other", checklist="alert-review")) is not None
        assert tx.runs.add(replace(tomorrow, state=RunState.SKIPPED, occurrence="skipped")) is not None
        tx.runs.save(replace(first, state=RunState.CARRIED, closed_at=MONDAY_NOON))
        added = tx.runs.add(replace(tomorrow, id="at last"))
        assert added is not None
        assert tx.runs.open_of("health-check") == tx.runs.open_of("health-check", lock=True) == added
        assert tx.runs.open_of("unknown") is None
        assert tx.runs.open_of("unknown", lock=True) is None

    await store.transaction("add", body)


async def test_what_is_open_comes_in_the_order_of_its_due_times(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[str]:
        for name, hours in (("late", 9), ("soon", 1), ("next", 2)):
            tx.runs.add(a_run(id=name, checklist=name, due_at=MONDAY_NOON + hours * HOUR))
        tx.runs.add(a_run(id="done", checklist="done", state=RunState.DONE))
        assert [run.items for run in tx.runs.open()] == [a_run().items] * 3
        return [run.id for run in tx.runs.open()]

    assert await store.transaction("list", body) == ["soon", "next", "late"]


async def test_the_newest_runs_are_those_with_the_highest_numbers(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        for n in range(6):
            name = ("health-check", "alert-review")[n % 2]
            tx.runs.add(a_run(id=f"r{n}", checklist=name, occurrence=f"o{n}", state=RunState.DONE))
        assert [run.id for run in tx.runs.newest(4)] == ["r5", "r4", "r3", "r2"]
        assert [run.id for run in tx.runs.newest(2, checklist="health-check")] == ["r4", "r2"]
        assert [len(run.items) for run in tx.runs.newest(2)] == [2, 2]
        assert tx.runs.newest(2, checklist="unknown") == ()

    await store.transaction("list", body)


async def test_whose_turn_it_is_counts_from_what_was_posted_on_schedule(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[int]:
        over = a_run(state=RunState.DONE)
        tx.runs.add(replace(over, id="one", occurrence="one"))
        tx.runs.add(replace(over, id="two", occurrence="two", state=RunState.MISSED))
        tx.runs.add(replace(over, id="skipped", occurrence="skipped", state=RunState.SKIPPED))
        tx.runs.add(replace(over, id="asked", occurrence="asked/1", asked_by=ANA))
        tx.runs.add(replace(over, id="other", checklist="other"))
        tx.runs.add(replace(over, id="open", occurrence="open", state=RunState.OPEN))
        return [tx.runs.turns(name) for name in ("health-check", "other", "unknown")]

    assert await store.transaction("count", body) == [3, 1, 0]


async def test_what_was_planned_in_a_time_is_from_its_begin_to_before_its_end(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[str]:
        for n in (3, 1, 0, 2):
            planned_at = MONDAY_NOON + n * HOUR
            run = a_run(id=f"r{n}", occurrence=f"o{n}", planned_at=planned_at, state=RunState.DONE)
            tx.runs.add(run)
        return [run.id for run in tx.runs.between(MONDAY_NOON + HOUR, MONDAY_NOON + 3 * HOUR)]

    assert await store.transaction("list", body) == ["r1", "r2"]


async def test_what_is_listed_is_read_without_what_its_items_look_at(store: OpenStore) -> None:
    """Which is most of a row: a year of reviews is counted without it, while pages wait for their turn."""

    def body(tx: Transaction) -> None:
        added = tx.runs.add(full_run())
        assert added is not None
        bare = replace(added, items=tuple(replace(item, evidence=(), found=()) for item in added.items))
        assert tx.runs.newest(9) == tx.runs.newest(9, checklist=added.checklist) == (bare,)
        assert tx.runs.between(added.planned_at, added.planned_at + HOUR) == (bare,)
        assert tx.runs.with_problems() == (bare,)
        assert tx.runs.by_id(added.id) == added

    await store.transaction("list", body)


async def test_runs_with_a_problem_that_is_open_are_found_with_all_their_items(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        fine, trouble, over = a_run_item(), a_run_item(2, problem=PROBLEM), a_run_item(2, problem=CLOSED)
        declared = a_run_item(3, problem=replace(PROBLEM, incident="i42"))
        kept: dict[str, Run | None] = {}
        for name, items in (
            ("fine", (fine,)),
            ("first", (fine, trouble)),
            ("closed", (fine, over)),
            ("second", (fine, trouble, declared)),
        ):
            state = RunState.DONE if name == "first" else RunState.OPEN
            kept[name] = tx.runs.add(a_run(*items, id=name, checklist=name, state=state))
        assert tx.runs.with_problems() == (kept["first"], kept["second"])
        assert tx.runs.with_problems(checklist="second") == (kept["second"],)
        assert tx.runs.with_problems(checklist="fine") == ()
        assert tx.runs.with_incident("i42") == (kept["second"],)
        assert tx.runs.with_incident("unknown") == ()

    await store.transaction("find", body)


async def test_a_run_is_a_subject_and_comes_after_alert_groups_in_the_lock_order(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        run = tx.runs.add(a_run(id="a run"))
        group = tx.alert_groups.add(an_alert_group(id="the group"))
        assert find_subject(tx, "a run") == find_subject(tx, "a run", lock=True) == run
        assert lock_free_subjects(tx, ["a run", "the group", "unknown"]) == (group, run)

    await store.transaction("find", body)


@pytest.fixture
async def stores(store: OpenStore, database_url: str, clock: FakeClock) -> AsyncIterator[list[OpenStore]]:
    """One store on SQLite, where there can be no other; two of one database on PostgreSQL."""
    if database_url.startswith("sqlite"):
        yield [store]
        return
    other = await open_store(database_url, clock=clock)
    yield [store, other]
    await other.aclose()


async def test_of_those_who_add_at_once_one_does(stores: list[OpenStore]) -> None:
    def add(run: Run, tx: Transaction) -> bool:
        return tx.runs.add(run) is not None

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        same = [
            group.create_task(stores[n % len(stores)].transaction("add", partial(add, a_run(id=f"s{n}"))))
            for n in range(10)
        ]
        open_ones = [
            group.create_task(
                stores[n % len(stores)].transaction(
                    "add", partial(add, a_run(id=f"o{n}", checklist="other", occurrence=f"o{n}"))
                )
            )
            for n in range(10)
        ]
    for tasks in (same, open_ones):
        assert sum(task.result() for task in tasks) == 1
    assert len(await stores[0].read(lambda tx: tx.runs.newest(99))) == 2


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_somebody_else_holds_is_passed_over_or_read_as_they_leave_it(
    store: OpenStore, database_url: str
) -> None:
    def fill(tx: Transaction) -> None:
        for name in ("a", "b"):
            tx.runs.add(a_run(id=name, checklist=name))

    await store.transaction("fill", fill)
    engine = create_async_engine(database_url)
    try:
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            asyncio.TaskGroup() as group,
            engine.begin() as other,
        ):
            await other.execute(text("SELECT 1 FROM runs WHERE id = 'a' FOR UPDATE"))
            free = await store.transaction("free", lambda tx: tx.runs.lock_free(["a", "b"]))
            waiting = group.create_task(store.transaction("wait", lambda tx: tx.runs.by_id("a", lock=True)))
            await other.execute(text("UPDATE run_items SET state = 'done' WHERE run = 'a'"))
            while not await other.scalar(text(_SOMEBODY_WAITS)):
                pass
    finally:
        await engine.dispose()
    assert [run.id for run in free] == ["b"]
    found = waiting.result()
    assert found is not None
    assert {item.state for item in found.items} == {ItemState.DONE}
