"""How many requests come, and how long they take: closed formulas of the instant."""

from __future__ import annotations

import math
from dataclasses import dataclass

ORIGIN = 1_578_268_800_000
"""When every counter began: Monday 6 January 2020, 00:00 UTC, in epoch milliseconds."""
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS
_RADIANS_MS = 1000 * math.tau


@dataclass(frozen=True, slots=True, kw_only=True)
class Tide:
    """A share of the traffic that comes and goes: most at `peak`, counted from Monday 00:00 UTC."""

    share: float
    period: int
    peak: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Requests: their mean a second, and its tides, whose shares add up to less than 1."""

    mean: float
    tides: tuple[Tide, ...]

    def rate(self, at: int) -> float:
        """Requests a second at an instant."""
        return self.mean * (1 + sum(tide.share * math.cos(_angle(tide, at)) for tide in self.tides))

    def total(self, at: int) -> float:
        """Requests until an instant, counted from some fixed number on: the integral of `rate`."""
        seconds = (at - ORIGIN) / 1000
        for tide in self.tides:
            seconds += tide.share * tide.period / _RADIANS_MS * math.sin(_angle(tide, at))
        return self.mean * seconds


def _angle(tide: Tide, at: int) -> float:
    # Whole periods are cut off as integers, so that the result is as exact after years as at once.
    return math.tau * ((at - ORIGIN - tide.peak) % tide.period) / tide.period


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How long requests take: log-normal, by its median in seconds and its spread."""

    median: float
    spread: float

    def share_within(self, seconds: float, slowed: float = 1.0) -> float:
        """The share of requests that take at most so long, when all take `slowed` times as long."""
        return 0.5 * math.erfc(-math.log(seconds / (self.median * slowed)) / (self.spread * math.sqrt(2)))

    @property
    def mean(self) -> float:
        """Seconds that a request takes in the mean."""
        return self.median * math.exp(self.spread**2 / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Requests of one sort."""

    traffic: Traffic
    duration: Duration
