"""How error budgets stand is noted every minute, and never what could not be asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.changes.gate import BudgetNews
from bot.domain.slo.gate import Permission
from bot.domain.slo.objective import PLATFORM
from bot.ports.failures import TemporaryFailure
from bot.services.slo_news import SloNews
from bot.services.slo_reader import SloReader
from bot.views.slo.words import meaning
from storage.open import OpenStore
from tests.support.builders import a_guide
from tests.support.clock import FakeClock
from tests.support.metric_source import FakeMetrics


@pytest.fixture
def source() -> FakeMetrics:
    return FakeMetrics()


@pytest.fixture
def reader(store: OpenStore, clock: FakeClock, source: FakeMetrics) -> SloReader:
    return SloReader(source=source, guide=a_guide(), clock=clock, store=store, seconds=0.2)


@pytest.fixture
def news(reader: SloReader, store: OpenStore) -> SloNews:
    return SloNews(reader=reader, store=store, said=meaning)


async def noted(store: OpenStore) -> dict[str, BudgetNews]:
    found = await store.read(lambda tx: tx.budgets.all())
    return {one.service: one for one in found}


async def test_every_promise_is_noted_with_what_follows_from_it(
    news: SloNews, reader: SloReader, store: OpenStore, source: FakeMetrics, clock: FakeClock
) -> None:
    for promise in reader.promises.values():
        source.know(promise, bad=900_000 if promise.key == "payment" else 0)
    assert await news.look() == len(reader.promises)
    found = await noted(store)
    assert set(found) == set(reader.promises)
    assert found["payment"].permission is Permission.HOLD
    assert found[PLATFORM].permission is Permission.SHIP
    assert all(one.said and clock.now() - one.at < timedelta(minutes=1) for one in found.values())


async def test_what_has_no_samples_is_noted_as_unknown(news: SloNews, store: OpenStore) -> None:
    await news.look()
    assert {one.permission for one in (await noted(store)).values()} == {Permission.UNKNOWN}


async def test_a_prometheus_that_fails_or_hangs_leaves_the_last_news_as_it_was(
    news: SloNews, reader: SloReader, store: OpenStore, source: FakeMetrics, clock: FakeClock
) -> None:
    for promise in reader.promises.values():
        source.know(promise)
    await news.look()
    before = await noted(store)
    clock.advance(minutes=20)
    source.fails = lambda _query: TemporaryFailure("refused")
    assert await news.look() == 0
    source.fails = lambda _query: None
    source.hangs = lambda _query: True
    assert await news.look() == 0
    assert await noted(store) == before


async def test_where_nothing_measures_nothing_is_asked(
    news: SloNews, store: OpenStore, source: FakeMetrics
) -> None:
    source.there = False
    assert await news.look() == 0
    assert source.asked == []
    assert await noted(store) == {}
