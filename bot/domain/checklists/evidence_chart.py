"""What a chart of evidence shows, and what it says to those who do not see it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bot.domain.checklists.amounts import ago, amount, wanted
from bot.domain.checklists.finding import distance, in_words
from bot.domain.evidence import EvidenceSpec, Threshold, Unit
from bot.domain.slo.percent import percent
from bot.domain.slo.samples import Course, Line, Point
from bot.domain.text import clean, duration

MOST_LINES = 5
"""More than that nobody tells apart; of more, the worst."""

_STEPS = 336
"""Half an hour each over a week."""

_SHORTEST_STEP = timedelta(minutes=1)
_TITLE = 120
_GAP = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLine:
    """One series by its label in words; where nothing is known for a while there is a None."""

    label: str
    points: tuple[tuple[datetime, float | None], ...]

    @property
    def known(self) -> tuple[tuple[datetime, float], ...]:
        """Its points that have a number."""
        return tuple((at, value) for at, value in self.points if value is not None)

    @property
    def last(self) -> float:
        """Its newest number."""
        return self.known[-1][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceChart:
    """How a query's values went from `since` until `until`, the worst series first, in the evidence's unit.

    `earlier` is the only series as it was `ago`, at the times of now. `more` counts series that are not
    shown. `zone` is where its dates are read.
    """

    title: str
    alt_text: str
    unit: Unit
    since: datetime
    until: datetime
    lines: tuple[ChartLine, ...]
    fine: Threshold | None
    earlier: ChartLine | None
    ago: timedelta | None
    more: int
    zone: tzinfo


def chart_step(span: timedelta) -> timedelta:
    """How far apart the points of a chart are: whole minutes, so that the same is asked on every replica."""
    return max(_SHORTEST_STEP, timedelta(minutes=math.ceil(span / _STEPS / _SHORTEST_STEP)))


def is_compared(spec: EvidenceSpec) -> bool:
    """Whether the line of before is drawn: a chart that itself reaches back so far shows it already."""
    return spec.compare is not None and spec.chart is not None and spec.chart <= spec.compare


def evidence_chart(
    spec: EvidenceSpec, now: Course, before: Course | None, *, until: datetime, zone: tzinfo
) -> EvidenceChart | None:
    """The chart of what a query gave; None where that is nothing. `before` is the same, so long ago."""
    assert spec.chart is not None, "a chart is drawn where the guide wants one"
    step = chart_step(spec.chart)
    lines = _lines(now, spec.fine, step)
    if not lines:
        return None
    shown = lines[:MOST_LINES]
    earlier = _earlier(before, spec, step) if len(lines) == 1 else None
    title = clean(f"{spec.title}, last {duration(spec.chart)}", _TITLE)
    return EvidenceChart(
        title=title,
        alt_text=f"{title}: {_conclusion(spec, lines, earlier, zone)}.",
        unit=spec.unit,
        since=until - spec.chart,
        until=until,
        lines=shown,
        fine=spec.fine,
        earlier=earlier,
        ago=spec.compare if earlier else None,
        more=len(lines) - len(shown),
        zone=zone,
    )


def _lines(course: Course, fine: Threshold | None, step: timedelta) -> tuple[ChartLine, ...]:
    known = [one for one in map(_finite, course.lines) if one.points]
    words = in_words([one.labels for one in known])
    made = [
        ChartLine(label=label, points=tuple(_with_gaps(one.points, step, timedelta())))
        for label, one in zip(words, known, strict=True)
    ]
    return tuple(sorted(made, key=lambda one: (-_badness(one, fine), one.label)))


def _finite(line: Line) -> Line:
    return Line(labels=line.labels, points=tuple(one for one in line.points if math.isfinite(one.value)))


def _with_gaps(
    points: Sequence[Point], step: timedelta, later: timedelta
) -> Iterator[tuple[datetime, float | None]]:
    """The points, so much later, and one without a number wherever some are missing."""
    last: datetime | None = None
    for point in points:
        if last is not None and point.at - last > step * _GAP:
            yield last + step + later, None
        yield point.at + later, point.value
        last = point.at


def _badness(line: ChartLine, fine: Threshold | None) -> float:
    """By which the worst comes first: its worst point, or without a threshold its newest."""
    if fine is None:
        return line.last
    return max(distance(value, fine) for _, value in line.known)


def _earlier(before: Course | None, spec: EvidenceSpec, step: timedelta) -> ChartLine | None:
    if before is None or spec.compare is None or not is_compared(spec):
        return None
    known = [one for one in map(_finite, before.lines) if one.points]
    if len(known) != 1:
        return None
    return ChartLine(label=ago(spec.compare), points=tuple(_with_gaps(known[0].points, step, spec.compare)))


# --- In words


def _conclusion(
    spec: EvidenceSpec, lines: Sequence[ChartLine], earlier: ChartLine | None, zone: tzinfo
) -> str:
    """What somebody sees at a glance: of the worst series, and how many others there are."""
    worst = lines[0]
    name = f"{worst.label} " if worst.label else ""
    told = [f"{name}{_said(worst.last, spec)} now"]
    if earlier is not None:
        told.append(f"{_said(earlier.last, spec)} {earlier.label}")
    told.append(_extreme(worst, spec, zone))
    if spec.fine is not None:
        told.append(_share_not_fine(worst, spec.fine, spec.unit))
    if len(lines) > 1:
        others = len(lines) - 1
        told.append(f"worst of {others + 1} series" if spec.fine else f"highest of {others + 1} series")
    return ", ".join(told)


def _said(value: float, spec: EvidenceSpec) -> str:
    return amount(value, spec.unit, spec.fine)


def _extreme(line: ChartLine, spec: EvidenceSpec, zone: tzinfo) -> str:
    """Its point that is farthest from fine; without a threshold the highest."""
    fine = spec.fine
    lowest = fine is not None and distance(0, fine) > distance(1, fine)
    at, value = (min if lowest else max)(line.known, key=lambda known: known[1])
    there = at.astimezone(zone)
    clock = f"{there.day} {there:%b %H:%M} {there.tzname()}"
    return f"{'lowest' if lowest else 'highest'} {_said(value, spec)} on {clock}"


def _share_not_fine(line: ChartLine, fine: Threshold, unit: Unit) -> str:
    bad = sum(not fine.holds(value) for _, value in line.known) / len(line.known)
    bound = wanted(fine, unit)
    return f"fine ({bound}) all the time" if not bad else f"not fine ({bound}) for {percent(bad)} of the time"
