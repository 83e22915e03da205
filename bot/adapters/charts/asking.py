"""What the drawing is told of a chart, by its kind, which is the name of a module in `drawing/`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.adapters.charts.dates import dates
from bot.adapters.charts.evidence import evidence
from bot.domain.checklists.evidence_chart import EvidenceChart
from bot.domain.checklists.figures import ReviewWeek
from bot.domain.checklists.report_chart import ReviewsChart, week_named
from bot.domain.incidents_chart import IncidentsChart, week_name
from bot.domain.slo.chart import BudgetChart, BudgetPoint, ChartMark
from bot.domain.slo.percent import percent
from bot.domain.statistics import Week
from bot.ports.charts import Chart

_AN_HOUR = timedelta(hours=1)
_NOTHING = BudgetPoint(at=datetime(2000, 1, 1, tzinfo=UTC), left=None, bad=None)
"""What is drawn where there is no point at all."""


def asked(chart: Chart) -> bytes:
    """It, as JSON."""
    return json.dumps(_given(chart)).encode()


def _given(chart: Chart) -> dict[str, Any]:
    match chart:
        case IncidentsChart():
            return {"kind": "incidents", **_incidents(chart)}
        case BudgetChart():
            return {"kind": "budget", **_budget(chart)}
        case ReviewsChart():
            return {"kind": "reviews", **_reviews(chart)}
        case EvidenceChart():
            return {"kind": "lines", **evidence(chart)}


def _incidents(chart: IncidentsChart) -> dict[str, Any]:
    return {
        "title": chart.title,
        "severities": [severity.value for severity in chart.severities],
        "weeks": [_week(week, chart) for week in chart.weeks],
    }


def _week(week: Week, chart: IncidentsChart) -> dict[str, Any]:
    taken = week.to_acknowledge
    return {
        "from": week_name(week, chart.weeks),
        "counts": [week.by_severity.get(severity, 0) for severity in chart.severities],
        "minutes": taken.median.total_seconds() / 60 if taken else None,
    }


def _reviews(chart: ReviewsChart) -> dict[str, Any]:
    several_years = chart.weeks[0].monday.year != chart.weeks[-1].monday.year
    return {"title": chart.title, "weeks": [_reviewed(week, year=several_years) for week in chart.weeks]}


def _reviewed(week: ReviewWeek, *, year: bool) -> dict[str, Any]:
    runs = week.runs
    return {
        "from": week_named(week.monday, year=year),
        "counts": [runs.in_time, runs.late, runs.carried, runs.missed],
    }


def _budget(chart: BudgetChart) -> dict[str, Any]:
    points = chart.points or (_NOTHING,)
    known = [point.left for point in points if point.left is not None]
    step = _step(points)
    return {
        "title": chart.title,
        "now": percent(known[-1]) if known else "",
        "allowed": chart.allowed,
        "step": step.total_seconds(),
        "points": [[point.at.timestamp(), point.left, point.bad] for point in points],
        "ticks": _ticks(chart, step) if chart.points else [],
        "marks": [_mark(mark) for mark in chart.marks],
    }


def _step(points: Sequence[BudgetPoint]) -> timedelta:
    """How long a step is; of a single one nobody knows."""
    return min((later.at - earlier.at for earlier, later in pairwise(points)), default=_AN_HOUR)


def _ticks(chart: BudgetChart, step: timedelta) -> list[tuple[float, str]]:
    named = dates(chart.points[0].at - step, chart.points[-1].at, chart.zone)
    return [(at.timestamp(), name) for at, name in named]


def _mark(mark: ChartMark) -> dict[str, Any]:
    return {
        "at": mark.at.timestamp(),
        "until": None if mark.until is None else mark.until.timestamp(),
        "kind": mark.kind.value,
        "label": mark.label,
    }
