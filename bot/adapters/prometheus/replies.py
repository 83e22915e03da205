"""Prometheus' JSON as the domain's values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.slo.samples import Answer, Course, Line, Point, Sample
from bot.ports.failures import PermanentFailure

_VECTOR, _SCALAR, _MATRIX = "vector", "scalar", "matrix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a query that succeeded was answered: the type of its result, the result, and the warnings."""

    kind: str
    result: Any
    warnings: tuple[str, ...]


def answer_of(reply: Reply, *, most_series: int) -> Answer:
    """Numbers at one instant; NaN and the infinities are numbers here. Raises PermanentFailure."""
    try:
        if reply.kind == _SCALAR:
            samples: tuple[Sample, ...] = (Sample(labels={}, value=_number(reply.result)),)
        else:
            _need(reply, _VECTOR, most_series)
            samples = tuple(Sample(labels=_labels(one), value=_number(one["value"])) for one in reply.result)
    except _UNREADABLE as error:
        raise _unknown_form() from error
    return Answer(samples=samples, warnings=reply.warnings)


def course_of(reply: Reply, *, most_series: int) -> Course:
    """Numbers over a span; what is no number (0/0) is left out. Raises PermanentFailure."""
    try:
        _need(reply, _MATRIX, most_series)
        lines = tuple(Line(labels=_labels(one), points=_points(one["values"])) for one in reply.result)
    except _UNREADABLE as error:
        raise _unknown_form() from error
    return Course(lines=lines, warnings=reply.warnings)


_UNREADABLE = (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError, OSError)
"""What comes of reading what is not there, or not what it should be."""


def _need(reply: Reply, kind: str, most_series: int) -> None:
    if reply.kind != kind:
        raise PermanentFailure(f"Prometheus answers the query with a {reply.kind[:20]}: expected a {kind}.")
    if len(reply.result) > most_series:
        raise PermanentFailure(
            f"Prometheus answers the query with {len(reply.result):,} series: {most_series:,} are read at "
            "most. Narrow the metric's selector in the guide."
        )
    if any("histogram" in one or "histograms" in one for one in reply.result):
        raise PermanentFailure(
            "Prometheus answers the query with native histograms: expected numbers. Check the metric's type "
            "in the guide."
        )


def _labels(one: Mapping[str, Any]) -> Mapping[str, str]:
    return {str(name): str(value) for name, value in one["metric"].items()}


def _points(pairs: Any) -> tuple[Point, ...]:
    points = (Point(at=datetime.fromtimestamp(pair[0], UTC), value=_number(pair)) for pair in pairs)
    return tuple(point for point in points if not math.isnan(point.value))


def _number(pair: Any) -> float:
    """The value of an instant and its value, which Prometheus writes as text: `1e-05`, `+Inf`, `NaN`."""
    _, text = pair
    if not isinstance(text, str):
        raise TypeError(type(text).__name__)
    return float(text)


def _unknown_form() -> PermanentFailure:
    return PermanentFailure("Prometheus' answer has an unknown form: check PROMETHEUS_URL.")
