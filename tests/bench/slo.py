"""What an answer about an SLO costs beside its queries, sent straight to Prometheus."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.adapters.prometheus import Prometheus
from bot.domain.slo.plan import GRAIN
from bot.domain.slo.reading import Reported, State
from bot.services.slo_asking import AT_ONCE
from bot.services.slo_reader import SloReader
from storage.open import open_store
from tests.bench.machine import load
from tests.bench.report import bar, p50, p99, show
from tests.support.builders import a_guide
from tests.support.clock import FakeClock
from tests.support.fake_vendors import NoMeter
from tests.support.history import END
from tests.support.history_prometheus import telling
from tests.support.programs import installed

MOST = 1.3
"""An answer costs at most so many times what its queries cost."""

WARM = 3
"""Rounds that are not counted."""

Answers = Callable[[], Awaitable[Sequence[Reported]]]


@dataclass(slots=True)
class Taken:
    """Milliseconds of each round: of the answer, and of its queries sent straight."""

    queries: int = 0
    answer: list[float] = field(default_factory=list)
    straight: list[float] = field(default_factory=list)


def run(folder: Path, *, quick: bool) -> None:
    """Take and print the table."""
    rounds = 5 if quick else 40
    if installed("prometheus") is None or installed("promtool") is None:
        print("\nAnswers about SLOs: left out, for prometheus is not installed.\n", flush=True)
        return
    (own := folder / "own").mkdir()
    with telling(own, folder / "history") as told:
        taken = asyncio.run(_taken(folder, told.url, rounds))
    show(
        "Answers about SLOs",
        f"The answer of the service, chart apart, beside its queries sent straight to the same Prometheus by "
        f"aiohttp, {AT_ONCE} at once; 60 days of ten services. In turns, {rounds} times each, at another "
        f"instant each time; ms p50 / p99. {load()} at the end.",
        ["answer", "queries", "ms", "straight ms", f"p50: answer / straight (≤ {MOST:g})"],
        [_row(name, one) for name, one in taken.items()],
    )


def _row(name: str, taken: Taken) -> list[str]:
    times = (f"{p50(of):.1f} / {p99(of):.1f}" for of in (taken.answer, taken.straight))
    return [name, str(taken.queries), *times, bar(p50(taken.answer) / p50(taken.straight), MOST)]


async def _taken(folder: Path, url: str, rounds: int) -> Mapping[str, Taken]:
    clock = FakeClock(datetime.fromtimestamp(END / 1000, tz=UTC) - GRAIN * (rounds + WARM + 1) * 4)
    store = await open_store(f"sqlite+aiosqlite:///{folder / 'slo.db'}", clock=clock)
    source = Prometheus(url, clock=clock, meter=NoMeter())
    reader = SloReader(source=source, guide=a_guide(), clock=clock, store=store)
    try:
        async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=AT_ONCE)) as http:
            return {
                name: await _in_turns(answers, clock, http, rounds)
                for name, answers in _answers(reader).items()
            }
    finally:
        await source.aclose()
        await store.aclose()


def _answers(reader: SloReader) -> Mapping[str, Answers]:
    async def one(key: str, days: int) -> Sequence[Reported]:
        return (await reader.report(key, timedelta(days=days)),)

    return {
        "`/slo api-gateway`, 30 d": lambda: one("api-gateway", 30),
        "`/slo api-gateway`, 7 d": lambda: one("api-gateway", 7),
        "`/slo platform`, 30 d": lambda: one("platform", 30),
        "`/slo`, all, 30 d": reader.overview,
    }


async def _in_turns(answers: Answers, clock: FakeClock, http: aiohttp.ClientSession, rounds: int) -> Taken:
    """The answer first in one round, its queries first in the next."""
    taken, asked = Taken(), _asked(await answers())
    taken.queries = len(asked)
    for number in range(WARM + rounds):
        clock.advance(GRAIN)

        async def answer() -> None:
            assert _asked(await answers()) == asked

        async def straight() -> None:
            await asyncio.gather(*(_sent(http, query, clock.now()) for query in asked))

        turns = [(taken.answer, answer), (taken.straight, straight)]
        for times, turn in turns if number % 2 else reversed(turns):
            began = time.perf_counter()
            await turn()
            if number >= WARM:
                times.append((time.perf_counter() - began) * 1000)
    return taken


def _asked(reported: Sequence[Reported]) -> Sequence[str]:
    """The queries of an answer in which nothing is missing."""
    reports = [one.report for one in reported if one.report is not None]
    states = {measured.state for report in reports for measured in report.measured}
    assert len(reports) == len(reported), [one.trouble for one in reported]
    assert State.FAILED not in states
    return list(dict.fromkeys(query.text for report in reports for query in report.queries))


async def _sent(http: aiohttp.ClientSession, query: str, at: datetime) -> None:
    async with http.get("/api/v1/query", params={"query": query, "time": at.timestamp()}) as answer:
        assert answer.status == 200, await answer.text()
        await answer.read()
