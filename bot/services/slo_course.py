"""How what was promised went over time: what a chart shows, and what a stretch of it cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.slo.charting import Step
from bot.domain.slo.counts import Counts
from bot.domain.slo.course import Stretch, as_counted, steps
from bot.domain.slo.objective import Objective, Promise, Sli
from bot.domain.slo.plan import Part, Query, chart_step, cost_query, course_query
from bot.domain.slo.reading import Measured, Report, State, counts_in
from bot.domain.slo.verdict import worst_first
from bot.domain.text import duration
from bot.ports.metrics import MetricSource

SHORTEST_COST = timedelta(minutes=5)
"""A shorter stretch may lie between two scrapes."""

_NAMES = {Sli.AVAILABILITY: "availability", Sli.ERROR_RATE: "errors", Sli.LATENCY: "p95"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawable:
    """The steps of one objective's course, and what the chart of them is called."""

    title: str
    objective: Objective
    steps: tuple[Step, ...]


class SloCourse:
    """Asks for spans. Methods raise DeliveryFailure's subclasses."""

    def __init__(self, *, source: MetricSource) -> None:
        self._source = source

    async def of(self, report: Report) -> Drawable | None:
        """The course of the objective that stands worst, among those that can be drawn."""
        for measured, _ in worst_first(report, filter(_can_be_drawn, report.measured)):
            objective = measured.objective
            told = await self._steps(report, objective)
            assert measured.window is not None, "what can be drawn was measured"
            if any(one.bad is not None for one in told):
                told = as_counted(told, measured.window)
                title = f"{report.promise.title}, {_NAMES[objective.sli]}, last {duration(report.window)}"
                return Drawable(title=title, objective=objective, steps=told)
        return None

    async def _steps(self, report: Report, objective: Objective) -> tuple[Step, ...]:
        """Its steps. Nothing is known of any where the threshold is no bound after all."""
        step, since = chart_step(report.window), report.at - report.window
        query = course_query(report.promise, objective, step)
        course = await self._source.course(query, since=since + step, until=report.at, step=step)
        metrics, stretch = report.promise.metrics, Stretch(since=since, until=report.at, step=step)
        return steps(course, objective, stretch, native=metrics is not None and metrics.native_histogram)

    async def cost(
        self, promise: Promise, objective: Objective, since: datetime, at: datetime
    ) -> Counts | None:
        """What was counted from one instant to another; None where there is nothing to count."""
        length = max(timedelta(seconds=math.ceil((at - since).total_seconds())), SHORTEST_COST)
        query = Query(source=objective.source, part=Part.WINDOW, text=cost_query(promise, objective, length))
        return counts_in(objective, await self._source.ask(query.text, at))


def _can_be_drawn(measured: Measured) -> bool:
    """Where a threshold is no bound of the histogram, only bounds are known: nothing to draw."""
    return measured.state is State.MEASURED and measured.window is not None and measured.window.bad.is_exact
