"""What Prometheus records of a promise by itself, so that alerts are cheap to evaluate.

How much was counted, and how much of it was bad, over each span that they look at; never a share, for an
average of shares is wrong.

Spans up to RAW are counted from the series themselves, as `/slo` counts them: what pages is exact, also
just after the rules were installed. Longer ones are the sum of what was recorded of five minutes each: to
read every single series of three days once a minute would be the greater part of Prometheus' work. Five
minutes are recorded each minute, so that everything is in five of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.guide import Metrics
from bot.domain.slo import promql
from bot.domain.slo.budget import TIERS
from bot.domain.slo.objective import Objective, Promise, Source
from bot.domain.slo.promql import Past, quoted, written
from bot.domain.slo.reading import ENOUGH

TICK = timedelta(minutes=1)
"""How often it is recorded, and alerts are evaluated."""

SLOW_TICK = timedelta(minutes=2)
"""How often the whole window is recorded: half of what Prometheus looks back for a sample."""

RAW = timedelta(hours=6)
"""The longest span that is counted from the series themselves: those of the alerts that page."""

SPANS = tuple(sorted({span for tier in TIERS for span in (tier.long, tier.short)}))
"""What alerts look at, and is recorded of every promise."""

_PIECE = timedelta(minutes=5)

_NAMES = {
    Source.REQUESTS: ("slo_requests", "slo_requests_failed"),
    Source.PROBE: ("slo_probes", "slo_probes_failed"),
    Source.DURATION: ("slo_requests_timed", "slo_requests_slow"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A rule by which Prometheus keeps what an expression gives under a name of its own."""

    record: str
    expression: str
    labels: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded of one source of a promise, by name, as alerts read it."""

    service: str
    source: Source

    def total(self, length: timedelta) -> str:
        """How much was counted over a span."""
        return self.series(self.total_name(length))

    def bad(self, length: timedelta) -> str:
        """How much of it was bad."""
        return self.series(self.bad_name(length))

    def coverage(self, length: timedelta) -> str:
        """The share of a span, 0 to 1, in which something was recorded."""
        return self.series(self.coverage_name(length))

    def total_name(self, length: timedelta) -> str:
        """Without labels: level, metric and operation, by Prometheus' conventions."""
        return f"service:{_NAMES[self.source][0]}:increase{written(length)}"

    def bad_name(self, length: timedelta) -> str:
        """Without labels."""
        return f"service:{_NAMES[self.source][1]}:increase{written(length)}"

    def coverage_name(self, length: timedelta) -> str:
        """Without labels."""
        return f"service:{_NAMES[self.source][0]}:coverage{written(length)}"

    def series(self, name: str) -> str:
        """With the label by which services are told apart."""
        return f"{name}{{service={quoted(self.service)}}}"


@dataclass(frozen=True, slots=True)
class Recorder:
    """What is to be recorded of one source of a promise, for one objective of those that count it."""

    promise: Promise
    objective: Objective

    def span(self, length: timedelta) -> Iterator[Recording]:
        """How much happened over a span, and how much of it was bad."""
        if length <= RAW:
            past = Past(length=length)
            yield self._rule(self._names.total_name(length), _total(self._metrics, self.objective, past))
            yield self._rule(self._names.bad_name(length), _bad(self._metrics, self.objective, past))
            return
        known = f"count_over_time({self._pieces(length)})"
        yield from self._summed(length, f"{known} >= {round(ENOUGH * (length / TICK))}")

    def window(self, length: timedelta) -> Iterator[Recording]:
        """The same of an objective's whole window, and how much of it is known."""
        known = f"count_over_time({self._pieces(length)}) / {round(length / TICK)}"
        yield self._rule(self._names.coverage_name(length), f"clamp_max({known}, 1)")
        if length not in SPANS:
            yield from self._summed(length, f"{self._names.coverage(length)} >= {ENOUGH:g}")

    def _summed(self, length: timedelta, is_known: str) -> Iterator[Recording]:
        """Of what is known for less than half of it nothing is said: a minute is no sample of three days."""
        names, times = self._names, round(_PIECE / TICK)
        pieces = {names.total_name: names.total(_PIECE), names.bad_name: names.bad(_PIECE)}
        for name, piece in pieces.items():
            summed = f"sum_over_time({Past(length=length).of(piece)}) / {times}"
            yield self._rule(name(length), f"{summed}\nand\n{is_known}")

    def _pieces(self, length: timedelta) -> str:
        return Past(length=length).of(self._names.total(_PIECE))

    @property
    def _names(self) -> Recorded:
        return Recorded(self.promise.key, self.objective.source)

    @property
    def _metrics(self) -> Metrics:
        assert self.promise.metrics is not None, "what has objectives is measured"
        return self.promise.metrics

    def _rule(self, record: str, expression: str) -> Recording:
        return Recording(record=record, expression=expression, labels=(("service", self.promise.key),))


def _total(metrics: Metrics, objective: Objective, past: Past) -> str:
    """How much was counted; of a histogram of buckets only what has the bound that is asked for."""
    if objective.threshold is None or metrics.native_histogram:
        return promql.total(metrics, objective.source, past)
    return promql.total_of_bound(metrics, objective.threshold, past)


def _bad(metrics: Metrics, objective: Objective, past: Past) -> str:
    """How much of it was bad; 0 where nothing ever was, which has no series, and where nothing happened."""
    total = _total(metrics, objective, past)
    match objective.source:
        case Source.PROBE:
            return promql.bad(metrics, objective.source, past)
        case Source.REQUESTS:
            return f"{promql.bad(metrics, objective.source, past)}\nor\n0 * {total}"
        case Source.DURATION:
            assert objective.threshold is not None, "latency has a threshold"
            if not metrics.native_histogram:
                return f"{total}\n-\n{promql.within(metrics, objective.threshold, past)}"
            within = promql.native_within(metrics, objective.threshold, past)
            return f"{total} * (1 - {within}) >= 0\nor\n0 * {total}"
