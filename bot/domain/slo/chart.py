"""What a chart of an error budget shows, and what it says to those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum


class MarkKind(StrEnum):
    """What may explain a turn of the line."""

    INCIDENT = "incident"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMark:
    """Something that happened: `#42 P0`. `until` is None where it is not over, or took no time."""

    at: datetime
    kind: MarkKind
    label: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetPoint:
    """One step of the window, at its end.

    `left` is the share of the budget that is left of the whole window's (1 at its beginning; below 0 it
    is overdrawn); None where nothing is known until then. `bad` is the share of what was bad in this step;
    None where there was nothing to be good or bad.
    """

    at: datetime
    left: float | None
    bad: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetChart:
    """How a budget was used up over a window, and the share of bad events behind it.

    `allowed` is the share that the objective allows. `zone` is where its dates are read.
    """

    title: str
    alt_text: str
    points: tuple[BudgetPoint, ...]
    allowed: float
    marks: tuple[ChartMark, ...]
    zone: tzinfo
