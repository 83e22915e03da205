"""Quantiles of classic histograms."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from bot.sandbox.prometheus.promql.labels import Labels, without
from bot.sandbox.prometheus.promql.syntax import NAME
from bot.sandbox.prometheus.promql.vectors import Vector

_BOUND = "le"
_LEAST = 2


def histogram_quantile(share: float, vector: Vector) -> Vector:
    """The value below which a share of each histogram's observations lie, interpolated in its bucket."""
    histograms: dict[Labels, dict[float, float]] = {}
    for labels, count in vector:
        bound = _bound(dict(labels).get(_BOUND, ""))
        if bound is None:
            continue
        buckets = histograms.setdefault(without(labels, (_BOUND, NAME)), {})
        buckets[bound] = buckets.get(bound, 0.0) + count
    return [(labels, _quantile(share, sorted(buckets.items()))) for labels, buckets in histograms.items()]


def _bound(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _quantile(share: float, buckets: Sequence[tuple[float, float]]) -> float:
    """Prometheus' `bucketQuantile` (promql/quantile.go). `buckets`: upper bounds and cumulative counts."""
    if math.isnan(share):
        return math.nan
    if not 0 <= share <= 1:
        return math.copysign(math.inf, share)
    bounds = [bound for bound, _ in buckets]
    counts = list(accumulate((count for _, count in buckets), max))  # rounding may have left them uneven
    if bounds[-1] != math.inf or len(bounds) < _LEAST or not counts[-1]:
        return math.nan
    rank = share * counts[-1]
    found = bisect_left(counts, rank, hi=len(counts) - 1)
    if found == len(bounds) - 1:
        return bounds[-2]
    if found == 0:
        return bounds[0] if bounds[0] <= 0 else bounds[0] * (rank / counts[0])
    below, count_below = bounds[found - 1], counts[found - 1]
    return below + (bounds[found] - below) * ((rank - count_below) / (counts[found] - count_below))
