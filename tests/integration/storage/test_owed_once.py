"""What is owed once when its instant comes, however many look at once, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.domain.checklists.run import RunState
from bot.domain.delivery import Delivery, DeliveryKind, Recipient
from bot.ports.store import Transaction
from bot.services.monthly_report import LAST, MonthlyReports, read_report
from bot.services.owed_once import heard
from storage.open import OpenStore, open_store
from tests.support.builders import a_directory, new_york
from tests.support.clock import FakeClock
from tests.support.reviews import reviewed, was

FIRST_OF_APRIL = new_york(2026, 4, 1, 9, 30)
REPLICAS = 8


def owed(tx: Transaction, now: datetime) -> list[Delivery]:
    """The reports that are owed."""
    rows = tx.outbox.ready(Recipient.CHAT, now, 100)
    return [row for row in rows if row.kind is DeliveryKind.CHECKLIST_REPORT]


@pytest.fixture
async def stores(store: OpenStore, database_url: str, clock: FakeClock) -> AsyncIterator[list[OpenStore]]:
    """One store on SQLite, where there can be no other; two of one database on PostgreSQL."""
    if database_url.startswith("sqlite"):
        yield [store]
        return
    other = await open_store(database_url, clock=clock)
    yield [store, other]
    await other.aclose()


async def a_month(stores: list[OpenStore], clock: FakeClock) -> list[MonthlyReports]:
    """A month with reviews in two channels is over; so many replicas will look."""
    store, directory = stores[0], a_directory()
    looking = [
        MonthlyReports(store=stores[number % len(stores)], clock=clock, directory=directory)
        for number in range(REPLICAS)
    ]
    assert await asyncio.gather(*(one.look() for one in looking)) == [0] * REPLICAS
    for number, channel in enumerate(("platform-alerts", "leadership", "leadership")):
        run = reviewed(number=number, channel=channel, checklist=f"review-{number}")
        await store.transaction("a run", partial(was, run))
    clock.advance_to(FIRST_OF_APRIL)
    return looking


async def test_replicas_that_look_at_once_owe_it_once(stores: list[OpenStore], clock: FakeClock) -> None:
    looking, store = await a_month(stores, clock), stores[0]
    found = await asyncio.gather(*(one.look() for one in looking))
    assert sorted(found) == [0] * (REPLICAS - 1) + [2]
    rows = await store.transaction("ready", lambda tx: owed(tx, clock.now()))
    assert sorted(row.key for row in rows) == [
        "checklist_report/leadership/2026-03",
        "checklist_report/platform-alerts/2026-03",
    ]
    kept = await store.read(lambda tx: tx.facts.get(LAST))
    assert kept is not None
    assert heard(kept) == FIRST_OF_APRIL
    assert await looking[0].look() == 0


async def test_what_dies_before_the_commit_is_owed_by_the_next_look(
    database_url: str, clock: FakeClock
) -> None:
    dying = ["owe_checklist_reports.before_commit"]

    def probe(point: str) -> None:
        if point in dying:
            dying.remove(point)
            raise RuntimeError(point)

    store = await open_store(database_url, clock=clock, probe=probe)
    looking = await a_month([store], clock)
    with pytest.raises(RuntimeError):
        await looking[0].look()
    assert await store.transaction("ready", lambda tx: owed(tx, clock.now())) == []
    assert await looking[1].look() == 2
    await store.aclose()


async def test_a_report_says_the_same_of_its_month_whenever_it_is_read(
    store: OpenStore, clock: FakeClock
) -> None:
    looking = await a_month([store], clock)
    await looking[0].look()
    [row, _] = sorted(
        await store.transaction("ready", lambda tx: owed(tx, clock.now())), key=lambda row: row.key
    )
    before = await store.read(lambda tx: read_report(tx, row))
    later = reviewed(FIRST_OF_APRIL, RunState.OPEN, number=9, channel="leadership", checklist="other")
    await store.transaction("a run", lambda tx: was(later, tx))
    clock.advance(timedelta(days=3))
    assert await store.read(lambda tx: read_report(tx, row)) == before
    assert (before.channel, before.report.runs.planned) == ("leadership", 2)
