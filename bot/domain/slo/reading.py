"""What was measured of a promise, read from what the queries gave."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.slo import promql
from bot.domain.slo.counts import Counts, Quantile
from bot.domain.slo.objective import BURN_WINDOWS, Objective, Promise, Source
from bot.domain.slo.plan import Of, Part, Query
from bot.domain.slo.promql import WINDOW, written
from bot.domain.slo.samples import Answer
from bot.domain.slo.seen import Coverage, Seen, counts_of, coverage_of, p95_of

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

    `why` says, in words, what is missing where `state` is not MEASURED; `is_late`: it was not answered in
    time. `window` is set where it is MEASURED. `burns` has the counts of each burn window that is known;
    `burns_missing` says why there are none. `coverage` is the share of the window (0 to 1) in which there was
    something to count, None where nobody knows. `gone`: there is nothing to count any more, and the numbers
    end where it ended. `previous` are the counts of the same length before the window, where the data covers
    it. `p95` and `previous_p95` are set for latency, where they are known. `is_estimate`: what is bad is
    interpolated within a bucket.
    """

    objective: Objective
    state: State
    why: str | None = None
    is_late: bool = False
    window: Counts | None = None
    burns: Mapping[timedelta, Counts] = field(default_factory=dict)
    burns_missing: str | None = None
    coverage: float | None = None
    gone: bool = False
    previous: Counts | None = None
    p95: Quantile | None = None
    previous_p95: Quantile | None = None
    is_estimate: bool = False


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
    return counts_of(objective, Seen(answer.samples))


def _measured(promise: Promise, window: timedelta, objective: Objective, results: Results) -> Measured:
    parts = {query.part: result for query, result in results.items() if query.source is objective.source}
    answer, covered = parts[Part.WINDOW], parts[Part.COVERAGE]
    if isinstance(answer, Unanswered):
        return Measured(objective=objective, state=State.FAILED, why=answer.reason, is_late=answer.late)
    coverage = None if isinstance(covered, Unanswered) else coverage_of(Seen(covered.samples), window)
    share = None if coverage is None else coverage.share
    seen = Seen(answer.samples)
    counts = counts_of(objective, seen)
    state, why = _state(promise, objective, counts, coverage)
    if state is State.MEASURED and isinstance(covered, Unanswered) and _needs_to_be_judged(objective, seen):
        state, why = State.FAILED, f"Whether failed requests are counted is not known: {covered.reason}"
    if state is not State.MEASURED:
        return Measured(objective=objective, state=state, why=why, coverage=share)
    burns, burns_missing = _burns(objective, parts[Part.BURNS], seen)
    before = _previous(objective, parts.get(Part.PREVIOUS), coverage)
    is_latency = objective.source is Source.DURATION
    return Measured(
        objective=objective,
        state=state,
        window=counts,
        burns=burns,
        burns_missing=burns_missing,
        coverage=share,
        gone=coverage is not None and coverage.gone,
        previous=counts_of(objective, before),
        p95=p95_of(seen) if is_latency else None,
        previous_p95=p95_of(before) if is_latency else None,
        is_estimate=_is_estimate(promise, objective),
    )


def _state(
    promise: Promise, objective: Objective, counts: Counts | None, coverage: Coverage | None
) -> tuple[State, str | None]:
    assert promise.metrics is not None, "what has objectives is measured"
    series = promql.source_series(promise.metrics, objective.source)
    if counts is None:
        return State.NO_DATA, f"Prometheus has no series {series} in this window."
    if objective.source is Source.REQUESTS and coverage is not None and not _is_judged(coverage):
        label = promql.judging_label(promise.metrics)
        known = f"the label {label}, by which the guide knows failed requests: {promise.metrics.bad}"
        if coverage.judged:
            return State.UNJUDGED, f"Only in a part of this window had series {series} {known}"
        return State.UNJUDGED, f"No series {series} has {known}"
    if counts.total <= 0:
        return State.NO_TRAFFIC, f"{series} did not rise in this window."
    return State.MEASURED, None


def _is_judged(coverage: Coverage) -> bool:
    """Whether it can be told what failed: where that ended an hour ago, no failure has been seen since."""
    return coverage.judged >= ALMOST_ALL and coverage.judged_now


def _needs_to_be_judged(objective: Objective, seen: Seen) -> bool:
    """Whether no failures may mean that nothing says what failed."""
    return objective.source is Source.REQUESTS and seen.get(Of.BAD) is None


def _burns(
    objective: Objective, answer: Answer | Unanswered, window: Seen
) -> tuple[Mapping[timedelta, Counts], str | None]:
    if isinstance(answer, Unanswered):
        return {}, answer.reason
    shared = window.by_bound(Of.SAMPLES)
    parts = {
        length: Seen(sample for sample in answer.samples if sample.labels.get(WINDOW) == written(length))
        for length in BURN_WINDOWS
    }
    found = {length: counts_of(objective, seen, shared) for length, seen in parts.items()}
    return {length: counts for length, counts in found.items() if counts is not None}, None


def _is_estimate(promise: Promise, objective: Objective) -> bool:
    """A native histogram has buckets that end at each power of two; at which others nobody knows."""
    if objective.threshold is None or promise.metrics is None or not promise.metrics.native_histogram:
        return False
    mantissa, _ = math.frexp(objective.threshold.total_seconds())
    return mantissa != 0.5  # noqa: PLR2004 - that of a power of two


def _previous(objective: Objective, answer: Answer | Unanswered | None, coverage: Coverage | None) -> Seen:
    if not isinstance(answer, Answer) or coverage is None or coverage.before < ALMOST_ALL:
        return Seen()
    if objective.source is Source.REQUESTS and coverage.judged_before < ALMOST_ALL:
        return Seen()  # no failures there, because nothing told of them
    return Seen(answer.samples)


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
