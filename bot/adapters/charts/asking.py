"""What the drawing is told of a chart, by its kind. Each kind has a module of the same name in `drawing/`."""

from __future__ import annotations

import json
from typing import Any

from bot.domain.incidents_chart import IncidentsChart, week_name
from bot.domain.statistics import Week
from bot.ports.charts import Chart


def asked(chart: Chart) -> bytes:
    """It, as JSON."""
    return json.dumps({"kind": "incidents", **_incidents(chart)}).encode()


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
