"""Series and their samples, as the evaluation reads them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from typing_extensions import override

from bot.sandbox.prometheus.promql.labels import Labels
from bot.sandbox.prometheus.promql.syntax import Matcher

Point = tuple[int, float]
"""One sample: epoch milliseconds and value."""


class Samples(ABC):
    """The samples of one series in a range, at least one, oldest first."""

    count: int
    first: Point
    last: Point

    @abstractmethod
    def points(self) -> Iterator[Point]:
        """Each of them."""

    def values(self) -> Iterator[float]:
        """The value of each."""
        return (value for _, value in self.points())

    def lost_in_resets(self) -> float:
        """What a counter had reached whenever it began anew."""
        return math.fsum(before for before, after in pairwise(self.values()) if after < before)

    def total(self) -> float:
        """The sum of their values."""
        return math.fsum(self.values())

    def highest(self) -> float:
        """The greatest value."""
        return max(self.values())

    def lowest(self) -> float:
        """The smallest value."""
        return min(self.values())


class Series(Protocol):
    """One series. Ranges are closed, in epoch milliseconds."""

    @property
    def labels(self) -> Labels:
        """Its label set, with the metric's name."""

    def latest(self, start: int, end: int) -> float | None:
        """The newest value in a range."""

    def samples(self, start: int, end: int) -> Samples | None:
        """The samples in a range, unless there are none."""


class Source(Protocol):
    """What there is to be queried."""

    def select(self, matchers: Sequence[Matcher]) -> Sequence[Series]:
        """The series that every matcher accepts."""


class Listed(Samples):
    """Samples that were computed before."""

    def __init__(self, points: Sequence[Point]) -> None:
        self._points = points
        self.count = len(points)
        self.first, self.last = points[0], points[-1]

    @override
    def points(self) -> Iterator[Point]:
        return iter(self._points)
