"""A thousand occurrences, looked for by three replicas at once: each is begun, and owed to Slack, once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from bot.adapters.clock import RandomIds
from bot.domain.actor import Actor
from bot.domain.checklist import Checklist, Owner, Unfinished, Whose
from bot.domain.checklists.run import RunState
from bot.domain.directory import Directory
from bot.domain.event import EventKind
from bot.domain.timer import TimerKind
from bot.ports.store import Transaction
from bot.services.run_prompts import LOOKED, RunPrompts
from storage.open import OpenStore, open_store
from tests.integration.storage.rows import connection_of
from tests.support.builders import a_directory, a_guide, new_york
from tests.support.clock import FakeClock

MONDAY = new_york(2026, 3, 16, 8, 0)
CHECKLISTS, DAYS = 50, 20
"""A thousand occurrences: four weeks of fifty checklists, a few of which come due at the same time."""
PEOPLE = ("U1", "U2", "U3")


def many_checklists() -> Directory:
    """A guide with nothing but daily checklists, in turns; of every other one the next run takes over."""
    guide = a_guide()
    daily = guide.checklists["health-check"]
    made = [_checklist(daily, number) for number in range(CHECKLISTS)]
    return a_directory(replace(guide, checklists={one.key: one for one in made}))


def _checklist(model: Checklist, number: int) -> Checklist:
    return replace(
        model,
        key=f"check-{number:02}",
        at=time(9, number % 10),
        items=tuple(replace(item, evidence=()) for item in model.items[:2]),
        owner=Owner(whose=Whose.ROTATION, people=PEOPLE),
        unfinished=Unfinished.CARRY if number % 2 else Unfinished.CLOSE,
    )


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY)


@pytest.fixture
async def replicas(store: OpenStore, database_url: str, clock: FakeClock) -> AsyncIterator[list[OpenStore]]:
    """Three stores of one database on PostgreSQL; one on SQLite, where there can be no other."""
    if database_url.startswith("sqlite"):
        yield [store]
        return
    others = [await open_store(database_url, clock=clock) for _ in range(2)]
    yield [store, *others]
    for other in others:
        await other.aclose()


async def test_of_a_thousand_occurrences_each_is_begun_and_owed_once(
    replicas: list[OpenStore], clock: FakeClock
) -> None:
    directory = many_checklists()
    looking = [_prompts(store, clock, directory) for store in replicas]
    await asyncio.gather(*(one.look() for one in looking))
    begun = 0
    async with asyncio.timeout(120):
        for day in _business_days(DAYS):
            for minute in (4, 10):  # half of them come due, then the others
                clock.advance_to(day.replace(hour=9, minute=minute))
                begun += sum(await asyncio.gather(*(one.look() for one in looking)))
    assert begun == CHECKLISTS * DAYS
    await replicas[0].read(_is_whole)

    await replicas[0].transaction("set_back", partial(_set_back, clock.now() - timedelta(days=3)))
    again = await asyncio.gather(*(one.look() for one in looking))
    assert sum(again) == 0, "whatever is said to have been looked at, what has begun does not begin again"
    await replicas[0].read(_is_whole)


def _prompts(store: OpenStore, clock: FakeClock, directory: Directory) -> RunPrompts:
    return RunPrompts(
        store=store,
        clock=clock,
        ids=RandomIds(),
        directory=directory,
        person=lambda user: Actor(id=user, name=user),
    )


def _set_back(to: datetime, tx: Transaction) -> None:
    tx.facts.put(LOOKED, to.isoformat())


def _business_days(count: int) -> list[datetime]:
    days = (MONDAY + timedelta(days=number) for number in range(2 * count))
    return [day for day in days if day.weekday() < 5][:count]


def _is_whole(tx: Transaction) -> None:
    runs = tx.runs.newest(2 * CHECKLISTS * DAYS)
    _are_one_of_each(runs_of := Counter((run.checklist, run.occurrence) for run in runs))
    assert len(runs_of) == CHECKLISTS * DAYS
    assert Counter(run.state for run in runs) == {
        RunState.OPEN: CHECKLISTS,
        RunState.CARRIED: CHECKLISTS // 2 * (DAYS - 1),
        RunState.MISSED: CHECKLISTS // 2 * (DAYS - 1),
    }
    _are_in_turn(
        [run.owner.id if run.owner else None for run in reversed(runs) if run.checklist == "check-00"]
    )
    cards = _counted(tx, "SELECT subject, count(*) FROM outbox WHERE kind = 'run' GROUP BY subject")
    begun = _counted(tx, _ENTRIES.format(kind=EventKind.RUN_BEGUN.value))
    assert cards == begun == dict.fromkeys((run.id for run in runs), 1)
    ended = _counted(tx, _ENTRIES.format(kind=EventKind.RUN_CARRIED.value))
    assert ended == dict.fromkeys((run.id for run in runs if run.state is RunState.CARRIED), 1)
    ends = _counted(tx, f"SELECT subject, count(*) FROM timers WHERE kind = '{TimerKind.RUN_END}' GROUP BY 1")
    assert ends == dict.fromkeys((run.id for run in runs if run.is_open), 1)


_ENTRIES = "SELECT subject, count(*) FROM events WHERE kind = '{kind}' GROUP BY subject"


def _are_one_of_each(counted: Counter[tuple[str, str]]) -> None:
    assert [each for each, count in counted.items() if count > 1] == []


def _are_in_turn(owners: list[str | None]) -> None:
    assert owners == [PEOPLE[number % len(PEOPLE)] for number in range(len(owners))]


def _counted(tx: Transaction, statement: str) -> dict[str, int]:
    rows = connection_of(tx).execute(text(statement))
    return {row[0]: row[1] for row in rows}
