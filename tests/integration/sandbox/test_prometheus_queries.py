"""Every query that the bot can send, answered by the stand-in as by the real Prometheus over its series."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from itertools import product
from pathlib import Path
from typing import Any, get_type_hints

import aiohttp
import pytest

from bot.domain.guide import Guide, Metrics
from bot.domain.slo import promql
from bot.domain.slo.objective import BURN_WINDOWS, Promise, Source, promises
from bot.domain.slo.promql import Past, told_apart
from bot.guide.load import load_guide
from bot.sandbox.files import Files, write_files
from tests.support.prometheus import real_prometheus, series_of, served_prometheus
from tests.support.prometheus_answers import ask, difference, without_version_3

HOUR_MS, DAY = 3_600_000, timedelta(days=1)
LAST_HOUR = 498_762 * HOUR_MS
LENGTHS = (min(BURN_WINDOWS), max(BURN_WINDOWS), 30 * DAY)
PASTS = (*(Past(length=each) for each in LENGTHS), Past(length=7 * DAY, before=7 * DAY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What has been scraped until `now`, every `interval`, and kept for `kept`; all in milliseconds."""

    now: int
    interval: int
    kept: int

    @property
    def instants(self) -> tuple[float, ...]:
        """When it is asked: at scrapes and between them, where there is all, and where little is yet."""
        whole = self.now // self.interval * self.interval
        return whole / 1000, (self.now - 15_000) / 1000, (self.now - self.kept * 0.9) / 1000


CLOSELY = Seen(now=LAST_HOUR + 2_437_500, interval=60_000, kept=36 * HOUR_MS)
LONG = Seen(now=LAST_HOUR + 2_437_500, interval=600_000, kept=40 * 24 * HOUR_MS)


@pytest.fixture
def guide(tmp_path: Path) -> Guide:
    """The guide that the sandbox's bot follows."""
    files = Files(tmp_path)
    write_files(files, "http://127.0.0.1:8300")
    return load_guide(files.guide)


@pytest.mark.parametrize("seen", [CLOSELY, LONG], ids=["closely", "for long"])
async def test_every_query_about_every_promise_gets_the_real_prometheus_answer(
    guide: Guide, seen: Seen, tmp_path: Path
) -> None:
    queries = [query for promise in promises(guide).values() for query in every_query(promise)]
    folder = tmp_path / "prometheus"
    folder.mkdir()
    stored = {"clock": lambda: seen.now, "interval": seen.interval, "retention": seen.kept}

    async with (
        served_prometheus(**stored) as served,
        real_prometheus(folder, series_of(served.stand_in)) as url,
        aiohttp.ClientSession(served.url) as ours,
        aiohttp.ClientSession(url) as real,
    ):
        await without_version_3(real)
        different = [
            found
            for query, at in product(dict.fromkeys(queries), seen.instants)
            if (found := await _compared(ours, real, query, at))
        ]

    assert len(queries) > len(PASTS)
    assert not different, "\n".join(different)


async def _compared(ours: aiohttp.ClientSession, real: aiohttp.ClientSession, query: str, at: float) -> str:
    """What is wrong; empty where both answer, and the same."""
    answers = [await ask(each, "query", {"query": query, "time": at}) for each in (ours, real)]
    refused = [str(answer.body) for answer in answers if answer.status != HTTPStatus.OK]
    return f"{query}: {refused}" if refused else difference(*answers)


def every_query(promise: Promise) -> Iterator[str]:
    """Each query that can be made of a promise, by each function that makes one, and all as one query."""
    if promise.metrics is None:
        return
    for metrics in (promise.metrics, replace(promise.metrics, native_histogram=True)):
        asked = [query for make in makers() for query in made(make, promise, metrics)]
        yield from asked
        yield told_apart({(("of", str(number)),): query for number, query in enumerate(asked)})


def makers() -> Sequence[Callable[..., str]]:
    """The functions that make queries: those that begin with where the numbers are."""
    own = (each for _, each in inspect.getmembers(promql, inspect.isfunction))
    return [
        each
        for each in own
        if each.__module__ == promql.__name__
        and not each.__name__.startswith("_")
        and next(iter(get_type_hints(each).values())) is Metrics
    ]


def made(make: Callable[..., str], promise: Promise, metrics: Metrics) -> Iterator[str]:
    """A function's queries, for all that it can be given."""
    hints = {name: kind for name, kind in get_type_hints(make).items() if name != "return"}
    for arguments in product(*(_given(kind, promise, metrics) for kind in hints.values())):
        try:
            yield make(*arguments)
        except AssertionError:  # what it does not make a query of is never asked
            continue


def _given(kind: Any, promise: Promise, metrics: Metrics) -> Sequence[Any]:
    assert promise.slo is not None
    given: Mapping[Any, Sequence[Any]] = {
        Metrics: (metrics,),
        Source: promise.sources,
        Past: PASTS,
        timedelta: (promise.slo.latency_p95, timedelta(seconds=1)),
    }
    assert kind in given, f"a query of {promql.__name__} takes a {kind}: say here which ones to try"
    return given[kind]
