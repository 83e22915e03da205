"""Latency out of native histograms, as the real Prometheus has scraped them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.prometheus import Prometheus
from bot.domain.guide import Metrics, Slo
from bot.domain.slo.objective import BURN_WINDOWS, Promise, Sli
from bot.domain.slo.plan import queries
from bot.domain.slo.reading import Measured, State, read
from tests.support.clock import FakeClock
from tests.support.metrics import CountingMeter
from tests.support.native_histograms import Scraped, exposing
from tests.support.prometheus import running, serving

NAME = "http_request_duration_seconds"
NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
INTERVAL = timedelta(seconds=75)
"""Every burn window is a multiple of it."""
SCRAPES = timedelta(days=3, hours=1) // INTERVAL
RESTARTED = SCRAPES - 100
SLOW_SINCE = SCRAPES - 20
USUAL = {0.125: 30, 0.25: 10, 0.5: 6, 1.0: 3, 2.0: 1}
SLOW = {0.125: 10, 0.25: 10, 0.5: 10, 1.0: 15, 2.0: 5}
WINDOW = timedelta(days=1)
AWAY_SECONDS = 30.0
CONFIG = """\
scrape_configs:
  - job_name: native
    scrape_interval: 500ms
    scrape_timeout: 500ms
    static_configs:
      - targets: ["{target}"]
"""


def grown(scrape: int) -> dict[float, int]:
    """What was counted between a scrape and the one before it."""
    return SLOW if scrape > SLOW_SINCE else USUAL


def scraped() -> list[Scraped]:
    """Three days of one process, which restarts right after a scrape."""
    counted, every = dict.fromkeys(USUAL, 0), []
    for scrape in range(SCRAPES + 1):
        if scrape == RESTARTED + 1:
            counted = dict.fromkeys(USUAL, 0)
        counted = {bound: count + grown(scrape)[bound] for bound, count in counted.items()}
        at = NOW - (SCRAPES - scrape) * INTERVAL
        every.append(Scraped(at=round(at.timestamp() * 1000), counted=counted))
    return every


def truth(length: timedelta) -> tuple[int, int]:
    """All requests of a window, and those that took longer than half a second."""
    counts = [grown(scrape) for scrape in range(SCRAPES - length // INTERVAL + 1, SCRAPES + 1)]
    return sum(sum(each.values()) for each in counts), sum(each[1.0] + each[2.0] for each in counts)


def promise(service: str) -> Promise:
    metrics = Metrics(
        requests="http_requests_total",
        duration=NAME,
        selector=(("service", service),),
        bad='status=~"5.."',
        native_histogram=True,
    )
    slo = Slo(window=WINDOW, latency_p95=timedelta(milliseconds=500))
    return Promise(key=service, title=service, slo=slo, metrics=metrics)


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Prometheus]:
    """A Prometheus that has scraped three days at once."""
    async with exposing(NAME, {"api": scraped()}) as target:
        command = serving(tmp_path, scrapes=CONFIG.format(target=target))
        async with running([*command, "--enable-feature=native-histograms"]) as url:
            one = Prometheus(url, clock=FakeClock(NOW), meter=CountingMeter(), token=None)
            try:
                await _until_scraped(one)
                yield one
            finally:
                await one.aclose()


async def _until_scraped(source: Prometheus) -> None:
    async with asyncio.timeout(AWAY_SECONDS):
        asked = 0
        # What was asked is answered from memory: each question is another one.
        while not (await source.ask(f"count({NAME}) + 0 * {asked}", NOW)).samples:
            asked += 1
            await asyncio.sleep(0.1)


async def measured(source: Prometheus, service: str) -> Measured:
    asked = promise(service)
    results = {query: await source.ask(query.text, NOW) for query in queries(asked, WINDOW)}
    (one,) = read(asked, WINDOW, NOW, results).measured
    return one


async def test_native_histograms_are_counted_as_exactly_as_others(source: Prometheus) -> None:
    latency, unmeasured = await measured(source, "api"), await measured(source, "other")

    assert latency.objective.sli is Sli.LATENCY
    assert latency.state is State.MEASURED
    assert latency.burns.keys() == set(BURN_WINDOWS)
    for length, counts in {WINDOW: latency.window, **latency.burns}.items():
        assert counts is not None
        total, slow = truth(length)
        assert counts.total == pytest.approx(total, rel=1e-12)
        assert counts.bad.least == counts.bad.most == pytest.approx(slow, rel=1e-9)
    assert latency.coverage == 1
    assert latency.p95 is not None
    assert 0.5 < latency.p95.estimate <= 1
    assert unmeasured.state is State.NO_DATA
