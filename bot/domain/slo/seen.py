"""What one answer says, in numbers: by what they are and, for a histogram, by bound."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.slo import promql
from bot.domain.slo.counts import Buckets, Counts, Quantile, Span, buckets_of, counted
from bot.domain.slo.objective import P95, Objective, Source
from bot.domain.slo.plan import Of
from bot.domain.slo.promql import OF
from bot.domain.slo.samples import Sample

_HAIR = 1e-9
"""The share by which sums of floats may be off."""


class Seen:
    """The numbers of one answer. What is none that can be (NaN: nothing divided by nothing) is left out."""

    def __init__(self, samples: Iterable[Sample] = ()) -> None:
        self._plain: dict[str, float] = {}
        self._by_bound: dict[str, dict[float, float]] = defaultdict(dict)
        self._left_out: set[str] = set()
        for sample in samples:
            if math.isfinite(sample.value):
                self._add(sample)
            else:
                self._left_out.add(sample.labels.get(OF, ""))

    def get(self, of: Of) -> float | None:
        """One number; None where there is none."""
        return self._plain.get(of)

    def number(self, of: Of) -> float:
        """One number; 0 where there is none."""
        return self._plain.get(of, 0.0)

    def is_left_out(self, of: Of) -> bool:
        """Whether there was something instead that is no number."""
        return of in self._left_out

    def by_bound(self, of: Of) -> Mapping[float, float]:
        """The numbers of a histogram."""
        return self._by_bound.get(of, {})

    def _add(self, sample: Sample) -> None:
        of, said = sample.labels.get(OF, ""), sample.labels.get("le")
        if said is None:
            self._plain[of] = sample.value
        elif (bound := _bound(said)) is not None:
            among = self._by_bound[of]
            among[bound] = among.get(bound, 0.0) + sample.value


def _bound(said: str) -> float | None:
    """A bucket's bound: "1" and "1.0" are one. None for a label that is no number: that counts nothing."""
    try:
        bound = float(said)
    except ValueError:
        return None
    return None if math.isnan(bound) else bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the window, and of the one before it, there was something to count in.

    `judged` and `judged_before` are the shares of that time in which it could be told what failed, and
    `judged_now` says whether it can be now. `gone`: there was something, and now there is nothing.
    """

    share: float
    before: float
    judged: float
    judged_before: float
    judged_now: bool
    gone: bool


def coverage_of(seen: Seen, window: timedelta) -> Coverage:
    """Read it. An hour counts where there was something at its end."""
    length, present = window / promql.HOUR, seen.number(Of.PRESENT)
    hours, before = seen.number(Of.HOURS), seen.number(Of.HOURS_BEFORE)
    judged_now = not present or seen.number(Of.JUDGED) > 0
    return Coverage(
        share=min(hours / length, 1.0),
        before=min(before / length, 1.0),
        # Without an hour it is younger than that.
        judged=seen.number(Of.HOURS_JUDGED) / hours if hours else float(judged_now),
        judged_before=seen.number(Of.HOURS_JUDGED_BEFORE) / before if before else 0.0,
        judged_now=judged_now,
        gone=hours > 0 and not present,
    )


def counts_of(objective: Objective, seen: Seen, shared: Mapping[float, float] | None = None) -> Counts | None:
    """What was counted; None where there is nothing to count. `shared`: samples by bound, of the window."""
    histogram = _histogram(seen, shared)
    if histogram is not None:
        assert objective.threshold is not None, "a histogram is read for latency"
        return histogram.slower_than(objective.threshold.total_seconds())
    total = seen.get(Of.TOTAL)
    if total is None:
        return None
    if objective.source is Source.DURATION:
        return _native(total, seen.get(Of.WITHIN))
    return _of_plain(total, seen)


def p95_of(seen: Seen) -> Quantile | None:
    """How long 95 % took at most; None where nobody knows."""
    histogram = _histogram(seen, None)
    if histogram is not None:
        return histogram.quantile(P95)
    exact = seen.get(Of.P95)
    return None if exact is None else Quantile(low=exact, high=exact, estimate=exact)


def _histogram(seen: Seen, shared: Mapping[float, float] | None) -> Buckets | None:
    samples = seen.by_bound(Of.SAMPLES) if shared is None else shared
    return buckets_of(seen.by_bound(Of.EVENTS), samples)


def _of_plain(total: float, seen: Seen) -> Counts:
    """Of requests or probes. What never failed has no series of failures."""
    bad = seen.number(Of.BAD)
    if seen.is_left_out(Of.BAD) or bad < -_HAIR * total:  # NaN; or a probe that is more than 1
        return _nobody_knows(total)
    return counted(total, bad)


def _native(total: float, within: float | None) -> Counts:
    """Of a native histogram. Without requests the share that is within the threshold is no number."""
    return _nobody_knows(total) if within is None else counted(total, total * (1 - within))


def _nobody_knows(total: float) -> Counts:
    """None, or all of it, was bad."""
    return Counts(total=total, bad=Span(least=0.0, most=max(total, 0.0)))
