"""From counts to a chart: what was left of an error budget after each step of a window."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from bot.domain.slo.chart import BudgetChart, BudgetPoint, ChartMark, MarkKind
from bot.domain.slo.percent import MINUS, percent
from bot.domain.text import clean

MOST_MARKS = 100
"""Of more, those are left out in whose time least was lost."""

_TITLE = 150
_LABEL = 24
_GAP = 1.5
_AN_HOUR = timedelta(hours=1)
_WORTH_TELLING = 0.01
_DIGITS = 12
"""Behind which there is only the noise of floats: 1 - 0.9995 is 0.0005."""

_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was counted in one step of a window, told at its end. None is what is not known."""

    at: datetime
    total: float | None
    bad: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spent:
    """A step, and the shares of the window's budget: lost in it, and left after it; None where unknown."""

    step: Step
    lost: float | None
    left: float | None


def budget_chart(
    title: str, target: float, steps: Sequence[Step], marks: Sequence[ChartMark], zone: tzinfo
) -> BudgetChart:
    """The chart of an objective's budget. `target` is the share that has to be good (below 1).

    The budget is that of the whole window: (1 - target) of all that was counted. `steps` are in the order of
    their time and as long as each other; where some are missing, or unknown, the chart has a gap. Marks
    outside the window are left out; the others are in the order of what was lost in their time.
    """
    assert target < 1, "without a budget there is nothing to draw"
    length, allowed = _length(steps), round(1 - target, _DIGITS)
    spent = tuple(_spent([_known(step) for step in _with_gaps(steps, length)], allowed))
    ordered = _ordered(marks, spent, length)
    name = clean(title, _TITLE)
    return BudgetChart(
        title=name,
        alt_text=f"{name}: {_conclusion(spent, ordered, length, zone)}.",
        points=tuple(_point(one) for one in spent),
        allowed=allowed,
        marks=ordered,
        zone=zone,
    )


def _length(steps: Sequence[Step]) -> timedelta:
    apart = (later.at - earlier.at for earlier, later in pairwise(steps))
    return min((length for length in apart if length > timedelta()), default=_AN_HOUR)


def _with_gaps(steps: Sequence[Step], length: timedelta) -> Iterator[Step]:
    """The steps, and one that says that nothing is known wherever some are missing."""
    last: datetime | None = None
    for step in steps:
        if last is not None and step.at - last > length * _GAP:
            yield Step(at=last + length, total=None, bad=None)
        yield step
        last = step.at


def _known(step: Step) -> Step:
    """The step with numbers that can be: finite, none below 0, no more bad ones than all."""
    total, bad = (
        one if one is not None and math.isfinite(one) and one >= 0 else None for one in (step.total, step.bad)
    )
    return Step(at=step.at, total=total, bad=None if total is None or bad is None else min(bad, total))


def _spent(steps: Sequence[Step], allowed: float) -> Iterator[_Spent]:
    budget = allowed * sum(step.total or 0 for step in steps)
    gone = 0.0
    for step in steps:
        if step.bad is None or not 0 < budget < math.inf:
            yield _Spent(step=step, lost=None, left=None)
            continue
        gone += step.bad
        yield _Spent(step=step, lost=step.bad / budget, left=round(1 - gone / budget, _DIGITS))


def _point(spent: _Spent) -> BudgetPoint:
    step = spent.step
    share = step.bad / step.total if step.total and step.bad is not None else None
    return BudgetPoint(at=step.at, left=spent.left, bad=share)


def _ordered(marks: Sequence[ChartMark], spent: Sequence[_Spent], length: timedelta) -> tuple[ChartMark, ...]:
    """The marks of the window, those first in whose time most was lost."""
    if not spent:
        return ()
    since, until = spent[0].step.at - length, spent[-1].step.at
    inside = [mark for mark in marks if mark.at <= until and (_end(mark, until) >= since)]
    weighed = sorted(inside, key=lambda mark: (-_lost_in(mark, spent, length), mark.at, mark.label))
    return tuple(
        ChartMark(at=mark.at, kind=mark.kind, label=clean(mark.label, _LABEL), until=mark.until)
        for mark in weighed[:MOST_MARKS]
    )


def _end(mark: ChartMark, until: datetime) -> datetime:
    """When it was over: an incident without an end goes on, anything else took no time."""
    if mark.until is not None:
        return mark.until
    return until if mark.kind is MarkKind.INCIDENT else mark.at


def _lost_in(mark: ChartMark, spent: Sequence[_Spent], length: timedelta) -> float:
    """The share of the budget that was lost in the steps that it touches."""
    end = _end(mark, spent[-1].step.at)
    return _lost(one for one in spent if one.step.at > mark.at and one.step.at - length <= end)


def _conclusion(spent: Sequence[_Spent], marks: Sequence[ChartMark], length: timedelta, zone: tzinfo) -> str:
    """What somebody sees at a glance."""
    known = [one.left for one in spent if one.left is not None]
    if not known:
        return "nothing is known of its error budget"
    return f"{_left(known[-1])}{_largest(spent, marks, length, zone)}{_unknown(spent, length)}"


def _left(left: float) -> str:
    if left < 0:
        return f"the error budget is overdrawn by {percent(left).removeprefix(MINUS)}"
    return f"{percent(left) if left else 'nothing'} of the error budget left"


def _largest(spent: Sequence[_Spent], marks: Sequence[ChartMark], length: timedelta, zone: tzinfo) -> str:
    """The day on which most was lost, and the incident in whose time most of that was."""
    days: dict[date, list[_Spent]] = {}
    for one in spent:
        days.setdefault(_day(one, zone), []).append(one)
    day, then = max(days.items(), key=lambda item: _lost(item[1]))
    if _lost(then) < _WORTH_TELLING:
        return ""
    during = ""
    incidents = [mark for mark in marks if mark.kind is MarkKind.INCIDENT]
    if incidents:
        first = max(incidents, key=lambda mark: _lost_in(mark, then, length))
        if _lost_in(first, then, length) > _lost(then) / 2:
            during = f" during incident {first.label}"
    return f"; the largest loss, {percent(_lost(then))}, came on {day.day} {day:%b}{during}"


def _lost(spent: Iterable[_Spent]) -> float:
    return sum(one.lost or 0 for one in spent)


def _day(spent: _Spent, zone: tzinfo) -> date:
    """The day that the step belongs to: one that ends at midnight is of the day before."""
    return (spent.step.at - _A_MOMENT).astimezone(zone).date()


def _unknown(spent: Sequence[_Spent], length: timedelta) -> str:
    known = sum(one.left is not None for one in spent)
    missing = 1 - known / (round((spent[-1].step.at - spent[0].step.at) / length) + 1)
    return f"; nothing is known of {percent(missing)} of the time" if missing > 0 else ""
