"""What was counted, as exactly as it is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

_MISSED = 1e-4
"""The share of samples that a bound may miss: where they are sent on, the newest may be under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A number that lies between two, or is known exactly where they are the same."""

    least: float
    most: float

    @property
    def is_exact(self) -> bool:
        """Whether it is known."""
        return self.least == self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much happened, and how much of it was bad, at least and at most."""

    total: float
    bad: Span

    @property
    def share(self) -> Span:
        """The share that was bad; 0 where nothing happened."""
        if self.total <= 0:
            return Span(least=0.0, most=0.0)
        return Span(least=self.bad.least / self.total, most=self.bad.most / self.total)


def counted(total: float, bad: float) -> Counts:
    """What is known exactly. Counters are scraped one after the other: no more can be bad than happened."""
    known = min(max(bad, 0.0), total)
    return Counts(total=total, bad=Span(least=known, most=known))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """How long most requests took, in seconds: between two bucket bounds; `estimate` is interpolated.

    `high` is infinite where it lies above the highest bound.
    """

    low: float
    high: float
    estimate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """A histogram: how many requests took at most so many seconds, by the bounds that all its series share.

    The last bound is infinite: all requests. A bound that only some series have says nothing about the
    others; quantiles over mixed bounds are wrong.
    """

    within: Mapping[float, float]

    @property
    def total(self) -> float:
        """All requests."""
        return self.within[math.inf]

    def slower_than(self, seconds: float) -> Counts:
        """How many took longer: exactly where that is a bound, else between the bounds beside it."""
        exact = self.within.get(seconds)
        if exact is not None:
            return counted(self.total, self.total - exact)
        below = max((bound for bound in self.within if bound < seconds), default=None)
        above = min(bound for bound in self.within if bound > seconds)
        most = self.total - (0.0 if below is None else self.within[below])
        least = self.total - self.within[above]
        return Counts(total=self.total, bad=Span(least=max(least, 0.0), most=max(most, 0.0)))

    def quantile(self, share: float) -> Quantile | None:
        """How long the fastest `share` (above 0) took at most, as Prometheus' histogram_quantile.

        The bucket in which the request of that rank lies is walked as if its requests were spread evenly;
        above the highest finite bound, that bound is told (promql/quantile.go, bucketQuantile). None where
        nothing was counted, or no finite bound is shared.
        """
        if self.total <= 0 or len(self.within) == 1:
            return None
        rank, low, counted_below = share * self.total, 0.0, 0.0
        for bound, count in self.within.items():
            if count >= rank:
                return _between(low, bound, (rank - counted_below) / max(count - counted_below, 1e-300))
            low, counted_below = bound, count
        raise AssertionError("the last bound holds all requests")


def buckets_of(within: Mapping[float, float], samples: Mapping[float, float]) -> Buckets | None:
    """The histogram of what was counted by bound, where `samples` says how many samples there are of each.

    A bound is shared by all series, all the time, where there are as many samples of it as of the infinite
    one: a scrape brings all bounds that a series has. One that came or went meanwhile (a new layout) counts
    only a part. None without the infinite bound: that is no histogram. Rounding may make a bound hold a hair
    less than the one below it: it is set right, as Prometheus does it.
    """
    if math.inf not in within:
        return None
    enough = samples.get(math.inf, 0.0) * (1 - _MISSED)
    shared = sorted(bound for bound in within if math.isinf(bound) or samples.get(bound, 0.0) >= enough)
    rising = accumulate((within[bound] for bound in shared), max)
    return Buckets(within=dict(zip(shared, rising, strict=True)))


def _between(low: float, high: float, part: float) -> Quantile:
    if math.isinf(high):
        return Quantile(low=low, high=high, estimate=low)
    return Quantile(low=low, high=high, estimate=low + (high - low) * part)
