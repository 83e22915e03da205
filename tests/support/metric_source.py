"""A metrics database that answers from what a test says, hangs, and fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from typing_extensions import override

from bot.domain.slo.objective import BURN_WINDOWS, Promise, Source
from bot.domain.slo.plan import Of, Part, Query, queries
from bot.domain.slo.promql import written
from bot.domain.slo.samples import Answer, Course, Sample
from bot.ports.failures import DeliveryFailure
from bot.ports.metrics import MetricSource

HOURS = 720
BOUNDS = {"0.05": 900.0, "0.15": 990.0, "0.2": 991.0, "0.3": 992.0, "0.5": 993.0, "+Inf": 1000.0}
"""A thousand requests, by how long they took: every threshold of the shipped guide is a bound."""

NOTHING = Course(lines=())


@dataclass
class FakeMetrics(MetricSource):
    """Answers by the text of a query; what it was not told is empty. `asked` is all that was asked, in order.

    `hangs` says which queries are not answered while `released` is not set; `fails` how a query fails.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    course_answer: Course = NOTHING
    there: bool = True
    hangs: Callable[[str], bool] = lambda _query: False
    fails: Callable[[str], DeliveryFailure | None] = lambda _query: None
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    spans: list[tuple[str, datetime, datetime, timedelta]] = field(default_factory=list)
    under_way: int = 0
    most_at_once: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)
    hung: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    @override
    def is_there(self) -> bool:
        return self.there

    @override
    async def ask(self, query: str, at: datetime) -> Answer:
        self.asked.append((query, at))
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            await self._turn(query)
        finally:
            self.under_way -= 1
        return self.answers.get(query, Answer(samples=()))

    @override
    async def course(self, query: str, *, since: datetime, until: datetime, step: timedelta) -> Course:
        self.spans.append((query, since, until, step))
        await self._turn(query)
        return self.course_answer

    async def _turn(self, query: str) -> None:
        if self.hangs(query):
            self.hung.set()
            await self.released.wait()
        failure = self.fails(query)
        if failure is not None:
            raise failure

    def know(self, promise: Promise, *, bad: float = 0, bounds: Mapping[str, float] = BOUNDS) -> None:
        """Answer what is asked of a promise over its window: a million requests, so many of them `bad`."""
        assert promise.slo is not None
        for previous in (True, False):
            for query in queries(promise, promise.slo.window, previous=previous):
                self.answers[query.text] = Answer(samples=_known(query, bad, bounds))


def _known(query: Query, bad: float, bounds: Mapping[str, float]) -> tuple[Sample, ...]:
    match query.part:
        case Part.COVERAGE:
            hours = dict.fromkeys(
                (Of.HOURS, Of.HOURS_JUDGED, Of.HOURS_BEFORE, Of.HOURS_JUDGED_BEFORE), float(HOURS)
            )
            return _numbers({**hours, Of.PRESENT: 3, Of.JUDGED: 3})
        case Part.BURNS:
            return tuple(
                Sample(labels={**sample.labels, "window": written(length)}, value=sample.value)
                for length in BURN_WINDOWS
                for sample in _counted(query.source, 0, dict.fromkeys(bounds, 1000.0))
            )
        case Part.WINDOW | Part.PREVIOUS:
            return _counted(query.source, bad, bounds)


def _counted(source: Source, bad: float, bounds: Mapping[str, float]) -> tuple[Sample, ...]:
    if source is not Source.DURATION:
        return _numbers({Of.TOTAL: 1_000_000, Of.BAD: bad})
    return tuple(
        Sample(labels={"of": of, "le": bound}, value=value)
        for bound, count in bounds.items()
        for of, value in ((Of.EVENTS, count), (Of.SAMPLES, 10.0))
    )


def _numbers(named: Mapping[Of, float]) -> tuple[Sample, ...]:
    return tuple(Sample(labels={"of": of}, value=value) for of, value in named.items())
