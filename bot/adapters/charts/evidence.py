"""What the drawing is told of evidence: numbers in the unit that its axis names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.charts.dates import dates
from bot.domain.checklists.amounts import amount, wanted
from bot.domain.checklists.evidence_chart import ChartLine, EvidenceChart
from bot.domain.evidence import Sign, Threshold, Unit

_COUNTS = ((1e12, "10¹²"), (1e9, "10⁹"), (1e6, "millions"), (1e4, "thousands"), (0.0, ""))
_FACTORS = {"10¹²": 1e12, "10⁹": 1e9, "millions": 1e6, "thousands": 1e3, "": 1.0}
_SECONDS = (
    (2 * 86_400.0, 86_400.0, "days"),
    (2 * 3600.0, 3600.0, "hours"),
    (120.0, 60.0, "minutes"),
    (1.0, 1.0, "seconds"),
    (1e-3, 1e-3, "ms"),
    (0.0, 1e-6, "µs"),
)
_BYTES = tuple(
    (2.0**power if power else 0.0, 2.0**power, name)
    for power, name in ((50, "PiB"), (40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB"), (0, "bytes"))
)
_SIDES: Mapping[Sign, int] = {Sign.BELOW: 1, Sign.AT_MOST: 1, Sign.ABOVE: -1, Sign.AT_LEAST: -1}


def evidence(chart: EvidenceChart) -> dict[str, Any]:
    """It, as JSON."""
    values = [abs(value) for line in chart.lines for _, value in line.known]
    factor, unit = _scale(chart.unit, max(values))
    named = dates(chart.since, chart.until, chart.zone)
    more = f"{chart.more} more not shown" if chart.more else ""
    return {
        "title": chart.title,
        "unit": unit,
        "since": chart.since.timestamp(),
        "until": chart.until.timestamp(),
        "lines": [_line(line, chart, factor) for line in chart.lines],
        "earlier": _line(chart.earlier, chart, factor) if chart.earlier else None,
        "fine": _fine(chart.fine, chart.unit, factor) if chart.fine else None,
        "ticks": [(at.timestamp(), name) for at, name in named],
        "more": more,
    }


def _line(line: ChartLine, chart: EvidenceChart, factor: float) -> dict[str, Any]:
    return {
        "name": line.label,
        "now": amount(line.last, chart.unit, chart.fine),
        "points": [(at.timestamp(), None if value is None else value / factor) for at, value in line.points],
    }


def _fine(fine: Threshold, unit: Unit, factor: float) -> dict[str, Any]:
    return {
        "bound": fine.bound / factor,
        "side": _SIDES.get(fine.sign, 0),
        "word": f"fine: {wanted(fine, unit)}",
    }


def _scale(unit: Unit, largest: float) -> tuple[float, str]:
    """By what numbers are divided, and what the axis is called."""
    match unit:
        case Unit.RATIO:
            return 0.01, "%"
        case Unit.SECONDS:
            return _found(_SECONDS, largest)
        case Unit.BYTES:
            return _found(_BYTES, largest)
        case Unit.NUMBER | Unit.PER_SECOND:
            size = next(name for least, name in _COUNTS if largest >= least)
            words = (size, "a second" if unit is Unit.PER_SECOND else "")
            return _FACTORS[size], " ".join(word for word in words if word)


def _found(sizes: Sequence[tuple[float, float, str]], largest: float) -> tuple[float, str]:
    return next((factor, name) for least, factor, name in sizes if largest >= least)
