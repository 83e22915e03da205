"""What was promised, measured now. Nothing here is written, and no transaction is open while it is asked."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.guide import Guide
from bot.domain.slo.chart import BudgetChart
from bot.domain.slo.charting import budget_chart
from bot.domain.slo.counts import Counts
from bot.domain.slo.gate import Gate, gate
from bot.domain.slo.incident_budget import AtIncident
from bot.domain.slo.objective import PLATFORM, Objective, Promise, promises
from bot.domain.slo.plan import Query, queries, rounded
from bot.domain.slo.reading import Report, Reported, Results, State, Unanswered, read
from bot.domain.slo.samples import Answer
from bot.domain.slo.verdict import Status, order, status
from bot.ports.clock import Clock
from bot.ports.failures import DeliveryFailure
from bot.ports.metrics import MetricSource, TookTooLong
from bot.ports.store import Store
from bot.services.slo_course import SloCourse
from bot.services.slo_surroundings import marks_of, obstacles_of

ANSWER_SECONDS = 8.0
"""How long a whole answer may take: what is not there by then is told as missing."""

DEFAULT_WINDOW = timedelta(days=30)

KEPT = 100
"""Reports that are kept for when nothing can be asked."""

NOT_THERE = "Nobody measures: PROMETHEUS_URL is not set."
LATE = "Prometheus did not answer in time."


class SloReader:
    """Asks, and makes of it what people, changes and incidents need."""

    def __init__(self, *, source: MetricSource, guide: Guide, clock: Clock, store: Store) -> None:
        self._source = source
        self._guide = guide
        self._clock = clock
        self._store = store
        self._course = SloCourse(source=source)
        self._kept: OrderedDict[tuple[str, timedelta], Report] = OrderedDict()
        self.promises: Mapping[str, Promise] = promises(guide)

    @property
    def is_there(self) -> bool:
        """Whether anything can be asked."""
        return self._source.is_there

    async def report(self, key: str, window: timedelta | None = None) -> Reported:
        """How a service, or the platform, stands over a window: by default the guide's."""
        return await self._reported(self.promises[key], window, previous=True)

    async def overview(self) -> tuple[Reported, ...]:
        """How everything stands: the platform, then the services, the worst first."""
        asked = [self._reported(one, None, previous=False) for one in self.promises.values()]
        return tuple(sorted(await asyncio.gather(*asked), key=_worst_first))

    async def gate(self, key: str) -> Gate:
        """Whether it may be changed now. What was measured earlier does not count."""
        promise = self.promises[key]
        reported = await self._reported(promise, None, previous=False)
        report = reported.report if reported.age is None else None
        obstacles = await self._store.read(lambda tx: obstacles_of(tx, None if key == PLATFORM else key))
        return gate(key, self._clock.now(), report, obstacles=obstacles, trouble=reported.trouble)

    async def chart(self, report: Report) -> BudgetChart | None:
        """How the budget went that stands worst, among those that can be drawn; None where there is none.

        Raises DeliveryFailure's subclasses where it cannot be asked.
        """
        course = await self._course.of(report)
        if course is None:
            return None
        key = report.promise.key
        since, service = report.at - report.window, None if key == PLATFORM else key
        marks = await self._store.read(lambda tx: marks_of(tx, service, since, report.at))
        zone = self._guide.organization.zone
        return budget_chart(course.title, course.objective.target, course.steps, marks, zone)

    async def at(self, promise: Promise, at: datetime, *, since: datetime | None = None) -> AtIncident:
        """How it stood at an instant, and with `since` what was bad from then on.

        Raises DeliveryFailure's subclasses where Prometheus cannot be asked.
        """
        report, failure = await self._read(promise, _window(promise), at, previous=False)
        if failure is not None:
            raise failure
        begun = None if since is None else max(since, at - report.window)
        counted = () if begun is None or begun >= at else await self._counted(report, begun, at)
        return AtIncident(at=at, report=report, counted=counted)

    async def _counted(
        self, report: Report, since: datetime, at: datetime
    ) -> tuple[tuple[Objective, Counts], ...]:
        """What was counted from one instant to another, of each objective that is measured."""
        asked = [one.objective for one in report.measured if one.state is State.MEASURED]
        costs = await asyncio.gather(
            *(self._course.cost(report.promise, objective, since, at) for objective in asked)
        )
        return tuple(
            (objective, counts) for objective, counts in zip(asked, costs, strict=True) if counts is not None
        )

    async def _reported(self, promise: Promise, window: timedelta | None, *, previous: bool) -> Reported:
        length = window or _window(promise)
        trouble = self._unmeasurable(promise)
        if trouble is not None:
            return Reported(promise=promise, window=length, report=None, trouble=trouble)
        now = rounded(self._clock.now())
        report, failure = await self._read(promise, length, now, previous=previous)
        if failure is None:
            self._keep(report)
            return Reported(promise=promise, window=length, report=report)
        kept = self._kept.get((promise.key, length))
        age = None if kept is None else now - kept.at
        return Reported(promise=promise, window=length, report=kept, age=age, trouble=failure.reason)

    def _unmeasurable(self, promise: Promise) -> str | None:
        where = "platform" if promise.key == PLATFORM else f"services.{promise.key}"
        if promise.slo is None:
            return f"The guide promises nothing for it: fill in `{where}.slo`."
        if promise.metrics is None:
            return f"The guide does not say where its numbers are: fill in `{where}.metrics`."
        return None if self._source.is_there else NOT_THERE

    def _keep(self, report: Report) -> None:
        key = (report.promise.key, report.window)
        self._kept[key] = report
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    async def _read(
        self, promise: Promise, window: timedelta, at: datetime, *, previous: bool
    ) -> tuple[Report, DeliveryFailure | None]:
        """What was measured; and the failure, where not a single question was answered."""
        asked = queries(promise, window, previous=previous)
        answered = await self._ask_all(asked, at)
        failures = [one for one in answered.values() if isinstance(one, DeliveryFailure)]
        results: Results = {
            query: _unanswered(one) if isinstance(one, DeliveryFailure) else one
            for query, one in answered.items()
        }
        report = read(promise, window, at, results)
        return report, failures[0] if failures and len(failures) == len(asked) else None

    async def _ask_all(
        self, asked: tuple[Query, ...], at: datetime
    ) -> Mapping[Query, Answer | DeliveryFailure]:
        deadline = asyncio.get_running_loop().time() + ANSWER_SECONDS
        answers = await asyncio.gather(*(self._ask(query, at, deadline) for query in asked))
        return dict(zip(asked, answers, strict=True))

    async def _ask(self, query: Query, at: datetime, deadline: float) -> Answer | DeliveryFailure:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._source.ask(query.text, at)
        except TimeoutError:
            return TookTooLong(LATE)
        except DeliveryFailure as failure:
            return failure


def _window(promise: Promise) -> timedelta:
    return DEFAULT_WINDOW if promise.slo is None else promise.slo.window


def _unanswered(failure: DeliveryFailure) -> Unanswered:
    return Unanswered(reason=failure.reason, late=isinstance(failure, TookTooLong))


def _worst_first(reported: Reported) -> tuple[bool, bool, int]:
    """The platform on top; what nothing was promised for comes last."""
    is_part, is_unpromised = reported.promise.key != PLATFORM, not reported.promise.objectives
    how = Status.UNKNOWN if reported.report is None else status(reported.report)
    return is_part, is_unpromised, order(how)
