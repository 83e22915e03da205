"""How an objective went over time, read from what a course gave: step by step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.slo.charting import Step
from bot.domain.slo.plan import Of
from bot.domain.slo.promql import OF
from bot.domain.slo.samples import Course

_Numbers = Mapping[datetime, float]


def steps(
    course: Course, *, since: datetime, until: datetime, step: timedelta, native: bool
) -> tuple[Step, ...]:
    """Each step of a span, told at its end; what was not counted is not known.

    What never failed has no line of failures. `native`: what is within the threshold is told as a share.
    """
    lines: dict[str, _Numbers] = {
        line.labels.get(OF, ""): {point.at: point.value for point in line.points} for line in course.lines
    }
    total = lines.get(Of.TOTAL, {})
    bad = _too_slow(total, lines[Of.WITHIN], native=native) if Of.WITHIN in lines else lines.get(Of.BAD, {})
    none = None if Of.WITHIN in lines else 0.0
    ends = (since + step * number for number in range(1, (until - since) // step + 1))
    return tuple(
        Step(at=at, total=total.get(at), bad=bad.get(at, none) if at in total else None) for at in ends
    )


def _too_slow(total: _Numbers, within: _Numbers, *, native: bool) -> _Numbers:
    """What was slower than the threshold; of nothing, nothing was."""
    found = {
        at: of * (1 - within[at]) if native else of - within[at] for at, of in total.items() if at in within
    }
    return {at: 0.0 for at, of in total.items() if of <= 0} | found
