"""Every query that the bot can send, answered by the stand-in as by the real Prometheus over its series."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from itertools import product
from pathlib import Path
from typing import Any, get_type_hints

import aiohttp
import pytest

from bot.domain.evidence import A_WEEK
from bot.domain.evidence import Source as Evidence
from bot.domain.guide import Guide, Metrics
from bot.domain.slo import promql
from bot.domain.slo.objective import BURN_WINDOWS, Promise, Source, promises
from bot.domain.slo.plan import chart_step, cost_query, course_query, queries
from bot.domain.slo.promql import Past, told_apart
from bot.guide.load import load_guide
from bot.sandbox.files import Files, write_files
from tests.support.prometheus import real_prometheus, series_of, served_prometheus
from tests.support.prometheus_answers import ask, difference, without_version_3

HOUR_MS, DAY = 3_600_000, timedelta(days=1)
LAST_HOUR = 498_762 * HOUR_MS
PASTS = Past(length=min(BURN_WINDOWS)), Past(length=30 * DAY), Past(length=7 * DAY, before=7 * DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What has been scraped until `now`, every `interval`, and kept for `kept`; all in milliseconds."""

    now: int
    interval: int
    kept: int

    @property
    def instants(self) -> tuple[float, ...]:
        """When it is asked: at a scrape of some targets, and where little has been scraped yet."""
        return self.now // self.interval * self.interval / 1000, (self.now - self.kept * 0.9) / 1000


@dataclass(frozen=True, slots=True)
class Both:
    """The two of them, and what both have seen."""

    seen: Seen
    ours: aiohttp.ClientSession
    real: aiohttp.ClientSession

    async def difference(self, path: str, **params: Any) -> str:
        """What is wrong; empty where both answer, and the same."""
        answers = [await ask(each, path, params) for each in (self.ours, self.real)]
        refused = [str(answer.body) for answer in answers if answer.status != HTTPStatus.OK]
        return f"{params}: {refused}" if refused else difference(*answers)


CLOSELY = Seen(now=LAST_HOUR + 2_437_500, interval=60_000, kept=36 * HOUR_MS)
LONG = Seen(now=LAST_HOUR + 2_437_500, interval=600_000, kept=40 * 24 * HOUR_MS)


@pytest.fixture
def guide(tmp_path: Path) -> Guide:
    """The guide that the sandbox's bot follows."""
    files = Files(tmp_path)
    write_files(files, "http://127.0.0.1:8300", "http://127.0.0.1:8301")
    return load_guide(files.guide)


@pytest.fixture(params=[CLOSELY, LONG], ids=["closely", "for long"])
async def both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Both]:
    """The stand-in and the real Prometheus, over what the stand-in has seen."""
    seen: Seen = request.param
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
        yield Both(seen, ours, real)


async def test_every_query_about_every_promise_gets_the_real_prometheus_answer(
    guide: Guide, both: Both
) -> None:
    of_values = dict.fromkeys(query for promise in promises(guide).values() for query in every_query(promise))
    of_courses = [each for promise in promises(guide).values() for each in courses(promise)]

    wrong = [
        await both.difference("query", query=query, time=at)
        for query, at in product(of_values, both.seen.instants)
    ]
    wrong += [
        await both.difference(
            "query_range",
            query=query,
            start=both.seen.instants[0] - 24 * step.total_seconds(),
            end=both.seen.instants[0],
            step=step.total_seconds(),
        )
        for query, step in of_courses
    ]

    assert of_values
    assert of_courses
    assert not any(wrong), "\n".join(filter(None, wrong))


async def test_every_query_of_the_guides_evidence_gets_the_real_prometheus_answer(
    guide: Guide, both: Both
) -> None:
    items = [item for checklist in guide.checklists.values() for item in checklist.items]
    specs = [spec for item in items for spec in item.evidence if spec.source is Evidence.QUERY]
    charts = [(spec.of, spec.chart.total_seconds()) for spec in specs if spec.chart is not None]
    week = A_WEEK.total_seconds()

    wrong = [
        await both.difference("query", query=spec.of, time=at - before)
        for spec in specs
        for at in both.seen.instants
        for before in (0, week)
    ]
    wrong += [
        await both.difference(
            "query_range",
            query=query,
            start=both.seen.instants[0] - length,
            end=both.seen.instants[0],
            step=length / 50,
        )
        for query, length in charts
    ]

    assert specs
    assert charts
    assert not any(wrong), "\n".join(filter(None, wrong))


def every_query(promise: Promise) -> Iterator[str]:
    """Each query that can be made of a promise, by each function that makes one, and all as one query."""
    if promise.metrics is None:
        return
    native = replace(promise.metrics, native_histogram=True)
    for metrics in (promise.metrics, native):
        asked = [query for make in makers() for query in made(make, promise, metrics)]
        if metrics is not native:  # no series is, so that they differ in being understood only
            yield from asked
        yield told_apart({(("of", str(number)),): query for number, query in enumerate(asked)})
        yield from planned(replace(promise, metrics=metrics))


def planned(promise: Promise) -> Iterator[str]:
    """The queries of answers, and of what an incident has cost."""
    for window in (7 * DAY, 30 * DAY):
        yield from (query.text for query in queries(promise, window))
    for objective in promise.objectives:
        yield cost_query(promise, objective, timedelta(minutes=47))


def courses(promise: Promise) -> Iterator[tuple[str, timedelta]]:
    """The queries of charts, with the lengths of their steps."""
    for window, objective in product((7 * DAY, 30 * DAY), promise.objectives):
        step = chart_step(window)
        yield course_query(promise, objective, step), step


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
