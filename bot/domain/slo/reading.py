"""What was measured of a promise, read from what the queries gave."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.slo import promql
from bot.domain.slo.counts import Buckets, Counts, Quantile, buckets_of, counted
from bot.domain.slo.objective import BURN_WINDOWS, P95, Objective, Promise, Source
from bot.domain.slo.plan import Of, Part, Query
from bot.domain.slo.promql import OF, WINDOW, written
from bot.domain.slo.samples import Answer, Sample

ALMOST_ALL = 0.95
"""From this share of the window on it counts as covered."""

ENOUGH = 0.5
"""Below this share of the window nothing is said about the objective."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A query that failed: why, in words, and whether it only took too long."""

    reason: str
    late: bool = False


Results = Mapping[Query, Answer | Unanswered]


class State(StrEnum):
    """Whether there are numbers."""

    MEASURED = "measured"
    NO_DATA = "no_data"  # no series
    NO_TRAFFIC = "no_traffic"  # series, and nothing happened
    UNJUDGED = "unjudged"  # nothing says which requests failed
    FAILED = "failed"  # the query was not answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured for one objective over the report's window.

    `why` says, in words, what is missing where `state` is not MEASURED. `window` is set where it is
    MEASURED. `burns` has the counts of each burn window that is known; `burns_missing` says why there are
    none. `coverage` is the share of the window (0 to 1) in which there was something to count, None where
    nobody knows. `previous` are the counts of the same length before the window, where the data covers it.
    `p95` and `previous_p95` are set for latency.
    """

    objective: Objective
    state: State
    why: str | None = None
    window: Counts | None = None
    burns: Mapping[timedelta, Counts] = field(default_factory=dict)
    burns_missing: str | None = None
    coverage: float | None = None
    previous: Counts | None = None
    p95: Quantile | None = None
    previous_p95: Quantile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An answer about a promise: what was measured over `window` until `at`, by objective.

    `warnings` are Prometheus' own words; `queries` is everything that was asked, in order.
    """

    promise: Promise
    window: timedelta
    at: datetime
    measured: tuple[Measured, ...]
    queries: tuple[Query, ...]
    warnings: tuple[str, ...] = ()


def read(promise: Promise, window: timedelta, at: datetime, results: Results) -> Report:
    """Read what all queries of a plan gave."""
    measured = tuple(_measured(promise, window, objective, results) for objective in promise.objectives)
    answers = [answer for answer in results.values() if isinstance(answer, Answer)]
    warnings = dict.fromkeys(warning for answer in answers for warning in answer.warnings)
    return Report(
        promise=promise,
        window=window,
        at=at,
        measured=measured,
        queries=tuple(results),
        warnings=tuple(warnings),
    )


def counts_in(objective: Objective, answer: Answer) -> Counts | None:
    """What was counted, by a query in the form of a window's; None where there is nothing to count."""
    return _counts(objective, _seen(answer.samples))


def _measured(promise: Promise, window: timedelta, objective: Objective, results: Results) -> Measured:
    parts = {query.part: result for query, result in results.items() if query.source is objective.source}
    answer = parts[Part.WINDOW]
    if isinstance(answer, Unanswered):
        return Measured(objective=objective, state=State.FAILED, why=answer.reason)
    coverage = _Coverage.of(parts[Part.COVERAGE], window)
    seen = _seen(answer.samples)
    counts = _counts(objective, seen)
    state, why = _state(promise, objective, counts, coverage)
    if state is not State.MEASURED:
        return Measured(objective=objective, state=state, why=why, coverage=coverage.share)
    burns, burns_missing = _burns(objective, parts[Part.BURNS], seen)
    before = _previous(parts.get(Part.PREVIOUS), coverage)
    return Measured(
        objective=objective,
        state=state,
        window=counts,
        burns=burns,
        burns_missing=burns_missing,
        coverage=coverage.share,
        previous=_counts(objective, before),
        p95=_p95(objective, seen),
        previous_p95=_p95(objective, before),
    )


def _state(
    promise: Promise, objective: Objective, counts: Counts | None, coverage: _Coverage
) -> tuple[State, str | None]:
    assert promise.metrics is not None, "what has objectives is measured"
    series = promql.source_series(promise.metrics, objective.source)
    if counts is None:
        return State.NO_DATA, f"Prometheus has no series {series} in this window."
    if objective.source is Source.REQUESTS and coverage.is_unjudged:
        label = promql.judging_label(promise.metrics)
        return State.UNJUDGED, (
            f"No series {series} has the label {label}, by which the guide knows failed requests: "
            f"{promise.metrics.bad}"
        )
    if counts.total <= 0:
        return State.NO_TRAFFIC, f"{series} did not rise in this window."
    return State.MEASURED, None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coverage:
    """How much of the window, and of the one before it, there was something to count in."""

    share: float | None = None
    before: float | None = None
    is_unjudged: bool = False

    @classmethod
    def of(cls, answer: Answer | Unanswered, window: timedelta) -> _Coverage:
        if isinstance(answer, Unanswered):
            return cls()
        seen, hours = _seen(answer.samples), window / promql.HOUR
        present = seen.number(Of.PRESENT)
        return cls(
            share=min(seen.number(Of.HOURS) / hours, 1.0),
            before=min(seen.number(Of.HOURS_BEFORE) / hours, 1.0),
            is_unjudged=present > 0 and seen.number(Of.JUDGED) <= 0,
        )


class _Seen:
    """The numbers of one answer, by what they are and, for a histogram, by bound."""

    def __init__(self) -> None:
        self.plain: dict[str, float] = {}
        self.by_bound: dict[str, dict[float, float]] = defaultdict(dict)

    def number(self, of: Of) -> float:
        """One number; 0 where there is none."""
        return self.plain.get(of, 0.0)

    def add(self, sample: Sample) -> None:
        of, bound = sample.labels.get(OF, ""), sample.labels.get("le")
        if bound is None:
            self.plain[of] = sample.value
        else:  # "1" and "1.0" are one bound
            among = self.by_bound[of]
            among[float(bound)] = among.get(float(bound), 0.0) + sample.value


def _seen(samples: Iterable[Sample]) -> _Seen:
    seen = _Seen()
    for sample in samples:
        if not math.isnan(sample.value):
            seen.add(sample)
    return seen


def _counts(objective: Objective, seen: _Seen, shared: Mapping[float, float] | None = None) -> Counts | None:
    """What was counted; None where there is nothing to count. `shared`: series by bound, of the window."""
    histogram = _histogram(seen, shared)
    if histogram is not None:
        assert objective.threshold is not None, "a histogram is read for latency"
        return histogram.slower_than(objective.threshold.total_seconds())
    total = seen.plain.get(Of.TOTAL)
    if total is None:
        return None
    if objective.source is Source.DURATION:  # a native histogram; without requests its share is no number
        return counted(total, total * (1 - seen.plain.get(Of.WITHIN, 1.0)))
    return counted(total, seen.number(Of.BAD))  # what never failed has no series of failures


def _histogram(seen: _Seen, shared: Mapping[float, float] | None = None) -> Buckets | None:
    series = seen.by_bound.get(Of.SERIES, {}) if shared is None else shared
    return buckets_of(seen.by_bound.get(Of.EVENTS, {}), series)


def _burns(
    objective: Objective, answer: Answer | Unanswered, window: _Seen
) -> tuple[Mapping[timedelta, Counts], str | None]:
    if isinstance(answer, Unanswered):
        return {}, answer.reason
    shared = window.by_bound.get(Of.SERIES, {})
    parts = {
        length: [sample for sample in answer.samples if sample.labels.get(WINDOW) == written(length)]
        for length in BURN_WINDOWS
    }
    found = {length: _counts(objective, _seen(samples), shared) for length, samples in parts.items()}
    return {length: counts for length, counts in found.items() if counts is not None}, None


def _previous(answer: Answer | Unanswered | None, coverage: _Coverage) -> _Seen:
    if not isinstance(answer, Answer) or coverage.before is None or coverage.before < ALMOST_ALL:
        return _Seen()
    return _seen(answer.samples)


def _p95(objective: Objective, seen: _Seen) -> Quantile | None:
    if objective.source is not Source.DURATION:
        return None
    histogram = _histogram(seen)
    if histogram is not None:
        return histogram.quantile(P95)
    exact = seen.plain.get(Of.P95)
    return None if exact is None else Quantile(low=exact, high=exact, estimate=exact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An answer for people: the newest report, or why there is none.

    `report` is None where there are no numbers; `trouble` says then why. `age` is set where it was measured
    earlier, since Prometheus cannot be asked now; `trouble` says how that comes.
    """

    promise: Promise
    window: timedelta
    report: Report | None
    age: timedelta | None = None
    trouble: str | None = None
