"""How an objective went over time, read from what a course gave: step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.slo.charting import Step
from bot.domain.slo.counts import Counts
from bot.domain.slo.objective import Objective, Source
from bot.domain.slo.plan import Of
from bot.domain.slo.promql import OF
from bot.domain.slo.samples import Course

_Numbers = Mapping[datetime, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From when to when a course goes, and the length of its steps."""

    since: datetime
    until: datetime
    step: timedelta

    @property
    def ends(self) -> tuple[datetime, ...]:
        """When its steps end."""
        count = (self.until - self.since) // self.step
        return tuple(self.since + self.step * number for number in range(1, count + 1))


def steps(course: Course, objective: Objective, stretch: Stretch, *, native: bool) -> tuple[Step, ...]:
    """Each step, told at its end; what was not counted is not known.

    What never failed has no line of failures. `native`: what is within the threshold is told as a share.
    """
    lines: dict[str, _Numbers] = {
        line.labels.get(OF, ""): {point.at: point.value for point in line.points} for line in course.lines
    }
    total = lines.get(Of.TOTAL, {})
    if objective.source is Source.DURATION:
        bad = _too_slow(total, lines.get(Of.WITHIN, {}), native=native)
    else:
        failed = lines.get(Of.BAD, {})
        bad = {at: failed.get(at, 0.0) for at in total}
    return tuple(Step(at=at, total=total.get(at), bad=bad.get(at)) for at in stretch.ends)


def as_counted(told: Sequence[Step], window: Counts) -> tuple[Step, ...]:
    """The steps so that they add up to what the window counted, so that a chart ends at the answer's number.

    Each step extrapolates to its ends by itself: together they differ from the window by less than a scrape
    for each. `window` is known exactly.
    """
    total, bad = sum(step.total or 0.0 for step in told), sum(step.bad or 0.0 for step in told)
    of_total = window.total / total if total > 0 else 1.0
    of_bad = window.bad.least / bad if bad > 0 else 1.0
    return tuple(
        Step(
            at=step.at,
            total=None if step.total is None else step.total * of_total,
            bad=None if step.bad is None else step.bad * of_bad,
        )
        for step in told
    )


def _too_slow(total: _Numbers, within: _Numbers, *, native: bool) -> _Numbers:
    """What was slower than the threshold, where it is known what was not; of nothing, nothing was."""
    known = {at: of for at, of in total.items() if at in within}
    slower = {at: of * (1 - within[at]) if native else of - within[at] for at, of in known.items()}
    return {at: 0.0 for at, of in total.items() if of <= 0} | slower
