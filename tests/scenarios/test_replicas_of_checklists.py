"""Three replicas go through some days of reviews, and one dies on the way: each review stands once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.clock import OffsetClock, WallClock
from bot.adapters.holidays import PublicHolidays
from bot.domain.business_time import BusinessCalendar
from bot.domain.checklist import Whose
from bot.domain.checklists.run import Run
from bot.domain.checklists.schedule import next_occurrence, occurrences
from bot.guide.load import load_guide
from bot.sandbox.slack import Message
from bot.services.run_prompts import looked_at
from storage.open import OpenStore, open_store
from tests.support.bot_process import BotProcess, Installation, installation, replica
from tests.support.databases import PostgresqlServer
from tests.support.keeper import LEASE_SECONDS
from tests.support.story import delivery_key

PATIENCE_SECONDS = 40.0
REPLICAS = ("first", "second", "third")
TIMES = 8
"""So many times that something is due, on about three days."""
PAUSE_SECONDS = 0.05

pytestmark = pytest.mark.postgresql


@pytest.fixture
async def reviews(
    nursery: Path, tmp_path: Path, postgresql_server: PostgresqlServer
) -> AsyncIterator[Reviews]:
    """Three replicas of one database, which have looked what is due once."""
    url = postgresql_server.url(postgresql_server.emptied())
    async with AsyncExitStack() as stack:
        home = (await stack.enter_async_context(installation(nursery, tmp_path, url))).with_reviews
        bots = [await stack.enter_async_context(replica(home, name)) for name in REPLICAS]
        home.reached_at(bots[-1].url)
        assert all(await asyncio.gather(*(bot.start() for bot in bots)))
        store = await open_store(url, clock=WallClock(), read_only=True)
        stack.push_async_callback(store.aclose)
        reviews = Reviews(home, bots, store)
        await reviews.begin()
        yield reviews


async def test_each_review_of_some_days_stands_once_although_a_replica_dies(reviews: Reviews) -> None:
    first = reviews.bots[0]
    for number in range(TIMES):
        await reviews.come_due()
        if number == TIMES // 3:
            await first.kill()
            reviews.home.forward(seconds=LEASE_SECONDS)  # what it had claimed is free again
        if number == TIMES // 2:
            assert await first.start()
        await reviews.stand()
    await reviews.are_each_once()
    await reviews.are_given()


@dataclass(slots=True)
class Reviews:
    """What is to be posted by the guide's calendar, and what is."""

    home: Installation
    bots: list[BotProcess]
    store: OpenStore
    began: datetime | None = None

    async def begin(self) -> None:
        """Wait for the first look: what was due before is nobody's."""
        last = time.monotonic() + PATIENCE_SECONDS
        while (looked := await self.store.read(looked_at)) is None:
            assert time.monotonic() < last, "nobody looks"
            await asyncio.sleep(PAUSE_SECONDS)
        self.began = looked

    async def come_due(self) -> None:
        """Time goes on to when something is due next, and a moment more."""
        now = self._now()
        coming = [
            found.at for one in _CHECKLISTS if (found := next_occurrence(one, _CALENDAR, now)) is not None
        ]
        self.home.forward(seconds=(min(coming) - now + timedelta(seconds=1)).total_seconds())

    async def stand(self) -> None:
        """Everything that is due has its card. Slack's pace is kept by the clock, which goes on meanwhile."""
        due = self._due()
        last = time.monotonic() + PATIENCE_SECONDS
        while len(self._cards()) < len(due):
            assert time.monotonic() < last, f"{len(self._cards())} of {len(due)} stand\n{self.bots[-1].log()}"
            self.home.forward(seconds=0.2)
            await asyncio.sleep(PAUSE_SECONDS)

    async def are_each_once(self) -> None:
        """What is due has begun once, and has one card; nothing was said twice."""
        runs = await self.store.read(lambda tx: tx.runs.newest(500))
        assert Counter((run.checklist, run.occurrence) for run in runs) == Counter(self._due())
        assert Counter(map(_key, self._cards())) == Counter(f"run/{run.id}" for run in runs)
        said = filter(None, map(_key, self.home.slack.messages))
        assert [key for key, count in Counter(said).items() if count > 1] == []

    async def are_given(self) -> None:
        """What is whoever's who is on call is theirs."""
        last = time.monotonic() + PATIENCE_SECONDS
        while nobodys := [run.label for run in await self._asked_for() if run.owner is None]:
            assert time.monotonic() < last, f"{nobodys} are nobody's\n{self.bots[-1].log()}"
            await asyncio.sleep(PAUSE_SECONDS)
        assert {run.owner.name for run in await self._asked_for() if run.owner} == {"ana"}

    async def _asked_for(self) -> list[Run]:
        """The runs for which PagerDuty is asked whose they are."""
        runs = await self.store.read(lambda tx: tx.runs.newest(500))
        checklists = _GUIDE.checklists
        return [run for run in runs if checklists[run.checklist].owner.whose is Whose.ON_CALL]

    def _due(self) -> list[tuple[str, str]]:
        assert self.began is not None
        return [
            (one.key, found.key)
            for one in _CHECKLISTS
            for found in occurrences(one, _CALENDAR, self.began, self._now())
        ]

    def _cards(self) -> list[Message]:
        return [one for one in self.home.slack.messages if _key(one).startswith("run/")]

    def _now(self) -> datetime:
        return OffsetClock(self.home.clock_file).now()


_GUIDE = load_guide(None)
_CHECKLISTS = tuple(_GUIDE.checklists.values())
_CALENDAR = BusinessCalendar(
    zone=_GUIDE.organization.zone,
    hours=_GUIDE.organization.business_hours,
    is_holiday=PublicHolidays(_GUIDE.organization.country, _GUIDE.organization.subdivision).is_holiday,
)


def _key(message: Message) -> str:
    return delivery_key(message) or ""
