"""What Prometheus is asked. Every text is made of the guide's values; what people type never enters one.

Counts are asked for, and ratios are made of them here: a quotient that is empty on one side is empty, an
average of ratios is wrong where traffic is low, and `increase` must see single series to know of restarts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.guide import Metrics
from bot.domain.slo.objective import P95, Source

Labels = Iterable[tuple[str, str]]

OF, WINDOW = "of", "window"
"""Labels by which parts of one query are told apart."""

HOUR = timedelta(hours=1)
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The last `length` before the instant of the question, or `before` that."""

    length: timedelta
    before: timedelta = timedelta(0)

    def of(self, series: str) -> str:
        """A range vector of series."""
        return f"{series}[{written(self.length)}]{self.offset}"

    @property
    def offset(self) -> str:
        """As a modifier; empty for none."""
        return f" offset {written(self.before)}" if self.before else ""


def written(length: timedelta) -> str:
    """A duration as Prometheus reads it: `30d`, `90m`. Whole seconds."""
    seconds = round(length.total_seconds())
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    return f"{seconds // size}{unit}"


def series(metric: str, labels: Labels = (), *matchers: str) -> str:
    """A selector of series: labels that are equal, and matchers as the guide has them."""
    every = [f"{label}={quoted(value)}" for label, value in labels]
    inside = ",".join((*every, *(matcher for matcher in matchers if matcher)))
    return f"{metric}{{{inside}}}" if inside else metric


def quoted(value: str) -> str:
    """A label's value as Prometheus reads it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def told_apart(parts: Mapping[tuple[tuple[str, str], ...], str]) -> str:
    """Several expressions as one query: each result carries the labels that are its key."""
    return " or ".join(_labelled(expression, labels) for labels, expression in parts.items())


def source_series(metrics: Metrics, source: Source) -> str:
    """The series that are counted, for people who look for them."""
    match source:
        case Source.REQUESTS:
            return series(metrics.requests, metrics.selector)
        case Source.PROBE:
            assert metrics.up is not None, "a probe is counted where the guide names one"
            return series(metrics.up, metrics.up_selector)
        case Source.DURATION:
            assert metrics.duration is not None, "durations are counted where the guide names them"
            name = metrics.duration if metrics.native_histogram else f"{metrics.duration}_count"
            return series(name, metrics.selector)


def total(metrics: Metrics, source: Source, past: Past) -> str:
    """How much was counted over a stretch of the past."""
    counted = source_series(metrics, source)
    match source:
        case Source.PROBE:
            return f"sum(count_over_time({past.of(counted)}))"
        case Source.DURATION if metrics.native_histogram:
            return f"histogram_count(sum(increase({past.of(counted)})))"
        case Source.REQUESTS | Source.DURATION:
            return f"sum(increase({past.of(counted)}))"


def bad(metrics: Metrics, source: Source, past: Past) -> str:
    """How much of it was bad; for requests and probes. Empty where no request has ever failed."""
    if source is Source.PROBE:
        counted = source_series(metrics, source)
        return f"{total(metrics, source, past)} - sum(sum_over_time({past.of(counted)}))"
    assert source is Source.REQUESTS, "slow requests are those that are not within a bound"
    return f"sum(increase({past.of(series(metrics.requests, metrics.selector, metrics.bad))}))"


def by_bound(metrics: Metrics, past: Past) -> str:
    """How many requests took at most so long, by `le`."""
    return f"sum by (le) (increase({past.of(_buckets(metrics))}))"


def samples_by_bound(metrics: Metrics, past: Past) -> str:
    """How many samples there are of each bound, by `le`: what one scrape brings, it brings of all bounds."""
    return f"sum by (le) (count_over_time({past.of(_buckets(metrics))}))"


def within(metrics: Metrics, threshold: timedelta, past: Past) -> str:
    """How many requests took at most `threshold`, which is a bound of the histogram."""
    return f"sum({_within(metrics, threshold, past)})"


def total_of_bound(metrics: Metrics, threshold: timedelta, past: Past) -> str:
    """How many requests there were, of the series alone that have the bound `threshold`."""
    counted = f"increase({past.of(source_series(metrics, Source.DURATION))})"
    return f"sum({counted} and ignoring (le) {_within(metrics, threshold, past)})"


def native_within(metrics: Metrics, threshold: timedelta, past: Past) -> str:
    """The share of requests that took at most `threshold`, of a native histogram."""
    return f"histogram_fraction(0, {threshold.total_seconds():g}, {_native(metrics, past)})"


def native_p95(metrics: Metrics, past: Past) -> str:
    """The seconds within which 95 % of the requests were answered, of a native histogram."""
    return f"histogram_quantile({P95:g}, {_native(metrics, past)})"


def covered(metrics: Metrics, source: Source, past: Past) -> str:
    """In how many hours of the past there was something to count."""
    counted = source_series(metrics, source)
    return _hours(f"sum({counted})" if source is not Source.DURATION else f"count({counted})", past)


def present(metrics: Metrics, source: Source) -> str:
    """How many series there are to count now."""
    return f"count({source_series(metrics, source)})"


def judged(metrics: Metrics) -> str:
    """How many series of requests have now the label by which the guide knows the failed ones."""
    return f"count({_judged(metrics)})"


def hours_judged(metrics: Metrics, past: Past) -> str:
    """In how many hours of the past some series of requests had that label."""
    return _hours(f"count({_judged(metrics)})", past)


def judging_label(metrics: Metrics) -> str:
    """The label by which the guide knows failed requests."""
    label = _LABEL.match(metrics.bad)
    assert label is not None, "the guide's matcher begins with a label"
    return label[0]


def bound_pattern(threshold: timedelta) -> str:
    """A bucket's bound as a regular expression: Prometheus 3 writes 1 as `1.0`, some exporters `1.50`."""
    whole, _, fraction = f"{threshold.total_seconds():.6f}".rstrip("0").partition(".")
    return f"{whole}\\.{fraction}0*" if fraction else f"{whole}(\\.0*)?"


def _hours(expression: str, past: Past) -> str:
    return f"count_over_time(({expression})[{written(past.length)}:{written(HOUR)}]{past.offset})"


def _judged(metrics: Metrics) -> str:
    has_label = f'{judging_label(metrics)}!=""'
    return series(metrics.requests, metrics.selector, has_label)


def _within(metrics: Metrics, threshold: timedelta, past: Past) -> str:
    matcher = f"le=~{quoted(bound_pattern(threshold))}"
    return f"increase({past.of(series(f'{metrics.duration}_bucket', metrics.selector, matcher))})"


def _buckets(metrics: Metrics) -> str:
    return series(f"{metrics.duration}_bucket", metrics.selector)


def _native(metrics: Metrics, past: Past) -> str:
    assert metrics.duration is not None, "durations are counted where the guide names them"
    return f"sum(increase({past.of(series(metrics.duration, metrics.selector))}))"


def _labelled(expression: str, labels: Iterable[tuple[str, str]]) -> str:
    for name, value in labels:
        expression = f'label_replace({expression}, "{name}", {quoted(value)}, "", "")'
    return expression
