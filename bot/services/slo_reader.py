"""What was promised, measured now. Nothing here is written, and no transaction is open while it is asked."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.guide import Guide
from bot.domain.slo.budget import left
from bot.domain.slo.chart import BudgetChart
from bot.domain.slo.charting import budget_chart
from bot.domain.slo.counts import Counts
from bot.domain.slo.gate import Gate, gate
from bot.domain.slo.incident_budget import AtIncident
from bot.domain.slo.objective import PLATFORM, Objective, Promise, promises
from bot.domain.slo.plan import Query, queries, rounded
from bot.domain.slo.reading import Report, Reported, State, read
from bot.domain.slo.verdict import Status, order, worst
from bot.ports.clock import Clock
from bot.ports.failures import DeliveryFailure, PermanentFailure
from bot.ports.metrics import MetricSource
from bot.ports.store import Store
from bot.services.slo_asking import ANSWER_SECONDS, Answered, Asking, result_of
from bot.services.slo_course import SloCourse
from bot.services.slo_kept import KeptReports, is_empty
from bot.services.slo_surroundings import marks_of, obstacles_of

DEFAULT_WINDOW = timedelta(days=30)

NOT_THERE = "PROMETHEUS_URL is not set: nobody measures. Set it to the address of your Prometheus."


class SloReader:
    """Asks, and makes of it what people, changes and incidents need."""

    def __init__(
        self,
        *,
        source: MetricSource,
        guide: Guide,
        clock: Clock,
        store: Store,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._source = source
        self._guide = guide
        self._clock = clock
        self._store = store
        self._asking = Asking(source=source, seconds=seconds)
        self._course = SloCourse(source=source)
        self._kept = KeptReports()
        self.promises: Mapping[str, Promise] = promises(guide)

    @property
    def is_there(self) -> bool:
        """Whether anything can be asked."""
        return self._source.is_there

    def window(self, key: str) -> timedelta:
        """The window that is told where none is asked for: the guide's."""
        return _window(self.promises[key])

    async def report(self, key: str, window: timedelta | None = None) -> Reported:
        """How a service, or the platform, stands over a window: by default the guide's."""
        wanted, at = self._wanted(self.promises[key], window, previous=True), rounded(self._clock.now())
        return self._reported(wanted, at, await self._asking.all(wanted.asked, at))

    async def overview(self) -> tuple[Reported, ...]:
        """How everything stands at one instant: the platform, then the services, the worst first."""
        everything = [self._wanted(one, None, previous=False) for one in self.promises.values()]
        at = rounded(self._clock.now())
        answered = await self._asking.all([query for one in everything for query in one.asked], at)
        return tuple(sorted((self._reported(one, at, answered) for one in everything), key=_worst_first))

    async def gate(self, key: str) -> Gate:
        """Whether it may be changed now. What was measured earlier does not count."""
        wanted, at = self._wanted(self.promises[key], None, previous=False), rounded(self._clock.now())
        reported = self._reported(wanted, at, await self._asking.all(wanted.asked, at))
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
        wanted = self._wanted(promise, None, previous=False)
        if wanted.trouble is not None:
            raise PermanentFailure(wanted.trouble)
        report, failure = _read(wanted, at, await self._asking.all(wanted.asked, at))
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

    def _wanted(self, promise: Promise, window: timedelta | None, *, previous: bool) -> _Wanted:
        length, trouble = window or _window(promise), self._unmeasurable(promise)
        asked = queries(promise, length, previous=previous) if trouble is None else ()
        return _Wanted(promise=promise, window=length, asked=asked, trouble=trouble)

    def _reported(self, wanted: _Wanted, at: datetime, answered: Answered) -> Reported:
        promise, window = wanted.promise, wanted.window
        if wanted.trouble is not None:
            return Reported(promise=promise, window=window, report=None, trouble=wanted.trouble)
        report, failure = _read(wanted, at, answered)
        if failure is None:
            self._kept.keep(report)
            return Reported(promise=promise, window=window, report=report)
        kept = self._kept.last(promise, window)
        age = None if kept is None else max(at - kept.at, timedelta())  # clocks are set back
        return Reported(promise=promise, window=window, report=kept, age=age, trouble=failure.reason)

    def _unmeasurable(self, promise: Promise) -> str | None:
        """Why there can be no numbers: what is to be set or filled in, and where."""
        if not self._source.is_there:
            return NOT_THERE
        where, title = PLATFORM if promise.key == PLATFORM else f"services.{promise.key}", promise.title
        if promise.slo is None:
            return f"The guide promises nothing for {title}: fill in `{where}.slo`."
        if promise.metrics is None:
            return f"The guide does not say where the numbers of {title} are: fill in `{where}.metrics`."
        if not promise.objectives:
            return (
                f"The guide does not say where {title}'s durations are: fill in `{where}.metrics.duration`."
            )
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to be known of a promise. `trouble` says why nothing is asked."""

    promise: Promise
    window: timedelta
    asked: tuple[Query, ...]
    trouble: str | None


def _read(wanted: _Wanted, at: datetime, answered: Answered) -> tuple[Report, DeliveryFailure | None]:
    """What was measured; and the failure, where nothing was answered that says something."""
    own = {query: answered[query] for query in wanted.asked}
    report = read(wanted.promise, wanted.window, at, {query: result_of(one) for query, one in own.items()})
    failures = (one for one in own.values() if isinstance(one, DeliveryFailure))
    return report, next(failures, None) if is_empty(report) else None


def _window(promise: Promise) -> timedelta:
    return DEFAULT_WINDOW if promise.slo is None else promise.slo.window


def _worst_first(reported: Reported) -> tuple[bool, bool, int, float]:
    """The platform on top, then by status and by what is left; what nothing was promised for comes last."""
    is_part, is_unpromised = reported.promise.key != PLATFORM, not reported.promise.objectives
    found = None if reported.report is None else worst(reported.report)
    if found is None:
        return is_part, is_unpromised, order(Status.UNKNOWN), math.inf
    measured, judged = found
    remaining = math.inf if measured.window is None else left(measured.objective, measured.window).least
    return is_part, is_unpromised, order(judged.status), remaining
