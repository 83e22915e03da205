"""What a metrics database answers: numbers with labels, at an instant or over a span."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One number at one instant, and the labels that tell it from others."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a query gives at one instant. `warnings` are the database's own words about it."""

    samples: tuple[Sample, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One number at an instant."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Numbers over a span, in the order of their time; where there was none, none is given."""

    labels: Mapping[str, str]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a query gives over a span. `warnings` are the database's own words about it."""

    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()
