"""What those see who only glance at how things stand: soon, or as it was known last."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.ports.failures import TemporaryFailure
from bot.services.slo_glance import FRESH, SloGlance
from bot.services.slo_reader import SloReader
from storage.open import OpenStore
from tests.support.builders import a_guide
from tests.support.clock import FakeClock
from tests.support.metric_source import FakeMetrics

SOON = 0.05
FAR = 60.0


def a_glance(source: FakeMetrics, store: OpenStore, clock: FakeClock, *, seconds: float = FAR) -> SloGlance:
    reader = SloReader(source=source, guide=a_guide(), clock=clock, store=store)
    for promise in reader.promises.values():
        source.know(promise)
    return SloGlance(reader=reader, clock=clock, seconds=seconds)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def test_many_who_glance_at_once_ask_once(
    source: FakeMetrics, store: OpenStore, clock: FakeClock
) -> None:
    glance = a_glance(source, store, clock)
    first, *others = await asyncio.gather(*(glance.look() for _ in range(20)))
    asked = len(source.asked)
    assert len({text for text, _ in source.asked}) == asked, "nothing was asked twice"
    assert first
    assert all(one is first for one in others)
    clock.advance(FRESH - timedelta(seconds=1))
    assert await glance.look() is first
    clock.advance(seconds=1)
    assert await glance.look() is not first
    assert len(source.asked) == 2 * asked


async def test_one_that_hangs_is_waited_for_once_and_for_a_moment(
    source: FakeMetrics, store: OpenStore, clock: FakeClock
) -> None:
    glance = a_glance(source, store, clock, seconds=SOON)
    source.hangs = lambda _query: True
    begun = asyncio.get_running_loop().time()
    seen = await asyncio.gather(*(glance.look() for _ in range(20)))
    assert asyncio.get_running_loop().time() - begun < 20 * SOON
    assert set(seen) == {()}, "nothing was ever known"


async def test_what_was_known_last_is_seen_while_nothing_is_answered(
    source: FakeMetrics, store: OpenStore, clock: FakeClock
) -> None:
    glance = a_glance(source, store, clock, seconds=1.0)
    first = await glance.look()
    clock.advance(FRESH)
    source.fails = lambda _query: TemporaryFailure("Prometheus cannot be reached.")
    aged = await glance.look()
    assert [one.promise.key for one in aged] == [one.promise.key for one in first]
    assert all(one.age == FRESH for one in aged if one.report)
    assert any(one.report for one in aged)
