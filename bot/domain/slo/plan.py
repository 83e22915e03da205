"""Which queries an answer about a promise needs. Few, and each may fail by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.guide import Metrics
from bot.domain.slo import promql
from bot.domain.slo.objective import BURN_WINDOWS, Objective, Promise, Source
from bot.domain.slo.promql import OF, WINDOW, Past, written

GRAIN = timedelta(seconds=15)
"""Instants of questions are rounded down to it, so that what is asked twice is asked once."""

CHART_STEPS = 720
_SHORTEST_STEP = timedelta(minutes=1)


class Part(StrEnum):
    """What a query tells of a source."""

    WINDOW = "window"
    BURNS = "burns"
    COVERAGE = "coverage"
    PREVIOUS = "previous"


class Of(StrEnum):
    """What a number of an answer is; the values of the label `of`."""

    TOTAL = "total"
    BAD = "bad"
    EVENTS = "events"
    SAMPLES = "samples"
    WITHIN = "within"
    P95 = "p95"
    HOURS = "hours"
    HOURS_BEFORE = "hours_before"
    PRESENT = "present"
    JUDGED = "judged"
    HOURS_JUDGED = "hours_judged"
    HOURS_JUDGED_BEFORE = "hours_judged_before"


_ONCE = frozenset({Of.P95, Of.SAMPLES})
"""What is asked of the whole window only: a bound that all series have in it, they have in parts of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question: what it tells of which source, in PromQL."""

    source: Source
    part: Part
    text: str


def rounded(now: datetime) -> datetime:
    """The instant that everything in one answer is asked for."""
    seconds = GRAIN.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=now.tzinfo)


def queries(promise: Promise, window: timedelta, *, previous: bool = True) -> tuple[Query, ...]:
    """Everything that is asked for an answer over `window`, ending at the instant of the question.

    `previous`: with the same length before it, to be compared with. Nothing where nothing is measured.
    """
    if promise.metrics is None:
        return ()
    made: list[Query] = []
    for source in promise.sources:
        thresholds = [one.threshold for one in promise.objectives if one.source is source and one.threshold]
        asked = _Asked(promise.metrics, source, thresholds[0] if thresholds else None)
        made += asked.queries(window, previous=previous)
    return tuple(made)


def course_query(promise: Promise, objective: Objective, step: timedelta) -> str:
    """Totals and bad (or within the threshold, a bound of the histogram) of each step, for a chart."""
    metrics, past = _metrics(promise), Past(length=step)
    return _Asked(metrics, objective.source, objective.threshold).course(past)


def cost_query(promise: Promise, objective: Objective, length: timedelta) -> str:
    """Totals and bad (or by bound) of the last `length`, in the form of a window's query."""
    return _Asked(_metrics(promise), objective.source, objective.threshold).counts(Past(length=length))


def chart_step(window: timedelta) -> timedelta:
    """The length of a chart's steps: whole minutes."""
    minutes = max(window / CHART_STEPS, _SHORTEST_STEP) // _SHORTEST_STEP
    return minutes * _SHORTEST_STEP


def _metrics(promise: Promise) -> Metrics:
    assert promise.metrics is not None, "what has objectives is measured"
    return promise.metrics


@dataclass(frozen=True, slots=True)
class _Asked:
    """The questions about one source."""

    metrics: Metrics
    source: Source
    threshold: timedelta | None

    def queries(self, window: timedelta, *, previous: bool) -> Iterator[Query]:
        now, before = Past(length=window), Past(length=window, before=window)
        yield self._query(Part.WINDOW, self.counts(now))
        yield self._query(Part.BURNS, self._burns())
        yield self._query(Part.COVERAGE, self._coverage(now, before if previous else None))
        if previous:
            yield self._query(Part.PREVIOUS, self.counts(before))

    def counts(self, past: Past) -> str:
        return _union(self._counts(past))

    def course(self, past: Past) -> str:
        if self.source is Source.DURATION and not self.metrics.native_histogram:
            assert self.threshold is not None, "latency has a threshold"
            parts = {
                Of.TOTAL: promql.total(self.metrics, self.source, past),
                Of.WITHIN: promql.within(self.metrics, self.threshold, past),
            }
            return _union(parts)
        return self.counts(past)

    def _counts(self, past: Past) -> Mapping[Of, str]:
        """What is counted, by what it is."""
        metrics, source = self.metrics, self.source
        if source is not Source.DURATION:
            bad = promql.bad(metrics, source, past)
            return {Of.TOTAL: promql.total(metrics, source, past), Of.BAD: bad}
        if not metrics.native_histogram:
            events, samples = promql.by_bound(metrics, past), promql.samples_by_bound(metrics, past)
            return {Of.EVENTS: events, Of.SAMPLES: samples}
        assert self.threshold is not None, "latency has a threshold"
        return {
            Of.TOTAL: promql.total(metrics, source, past),
            Of.WITHIN: promql.native_within(metrics, self.threshold, past),
            Of.P95: promql.native_p95(metrics, past),
        }

    def _burns(self) -> str:
        parts: dict[tuple[tuple[str, str], ...], str] = {
            ((OF, of.value), (WINDOW, written(length))): text
            for length in BURN_WINDOWS
            for of, text in self._counts(Past(length=length)).items()
            if of not in _ONCE
        }
        return promql.told_apart(parts)

    def _coverage(self, now: Past, before: Past | None) -> str:
        metrics, source = self.metrics, self.source
        parts = {
            Of.HOURS: promql.covered(metrics, source, now),
            Of.PRESENT: promql.present(metrics, source),
        }
        if source is Source.REQUESTS:
            parts[Of.JUDGED] = promql.judged(metrics)
            parts[Of.HOURS_JUDGED] = promql.hours_judged(metrics, now)
        if before is not None:
            parts[Of.HOURS_BEFORE] = promql.covered(metrics, source, before)
            if source is Source.REQUESTS:
                parts[Of.HOURS_JUDGED_BEFORE] = promql.hours_judged(metrics, before)
        return _union(parts)

    def _query(self, part: Part, text: str) -> Query:
        return Query(source=self.source, part=part, text=text)


def _union(parts: Mapping[Of, str]) -> str:
    return promql.told_apart({((OF, of.value),): text for of, text in parts.items()})
