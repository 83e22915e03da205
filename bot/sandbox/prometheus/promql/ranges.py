"""Functions over the samples of a range, as Prometheus computes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.prometheus.promql.samples import Samples

_NEAR = 1.1
"""A range's edge this many sample intervals away counts as reached."""


@dataclass(frozen=True, slots=True)
class Window:
    """Samples and the range that they were looked for in, in epoch milliseconds."""

    samples: Samples
    start: int
    end: int


def increase(window: Window) -> float | None:
    """How much a counter grew, extrapolated to the range's edges; None for fewer than two samples.

    Prometheus' `extrapolatedRate` (promql/functions.go).
    """
    samples = window.samples
    if samples.count < 2:  # noqa: PLR2004 - a difference needs two
        return None
    (first_at, first), (last_at, last) = samples.first, samples.last
    grown = last - first + samples.lost_in_resets()
    sampled = (last_at - first_at) / 1000
    interval = sampled / (samples.count - 1)
    to_start = (first_at - window.start) / 1000
    to_end = (window.end - last_at) / 1000
    if grown > 0 and first >= 0:
        # A counter was never below zero: back to where the line reaches it, and no further.
        to_start = min(to_start, sampled * (first / grown))
    near = interval * _NEAR
    covered = sampled
    covered += to_start if to_start < near else interval / 2
    covered += to_end if to_end < near else interval / 2
    return grown * (covered / sampled)


def rate(window: Window, length: int) -> float | None:
    """The increase a second, over a range of `length` milliseconds."""
    grown = increase(window)
    return None if grown is None else grown / (length / 1000)


def predict_linear(window: Window, ahead: float, at: int) -> float | None:
    """Where a line through the samples is `ahead` seconds after `at`; None for fewer than two samples.

    Prometheus' `linearRegression` (promql/functions.go).
    """
    points = list(window.samples.points())
    if len(points) < 2:  # noqa: PLR2004 - a line needs two
        return None
    seconds, values = [(instant - at) / 1000 for instant, _ in points], [value for _, value in points]
    if all(value == values[0] for value in values):
        return math.nan if math.isinf(values[0]) else values[0]
    count, x, y = len(points), math.fsum(seconds), math.fsum(values)
    covariance = math.fsum(one * other for one, other in zip(seconds, values, strict=True)) - x * y / count
    variance = math.fsum(one * one for one in seconds) - x * x / count
    slope = covariance / variance
    return slope * ahead + y / count - slope * x / count


_OVER_TIME: dict[str, Callable[[Samples], float]] = {
    "count_over_time": lambda samples: float(samples.count),
    "sum_over_time": lambda samples: samples.total(),
    "avg_over_time": lambda samples: samples.total() / samples.count,
    "max_over_time": lambda samples: samples.highest(),
    "min_over_time": lambda samples: samples.lowest(),
}


def over_range(function: str, window: Window, length: int) -> float | None:
    """The value of a range function; None where it gives none."""
    match function:
        case "increase":
            return increase(window)
        case "rate":
            return rate(window, length)
        case _:
            return _OVER_TIME[function](window.samples)
