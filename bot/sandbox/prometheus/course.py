"""How a service's counters came to be what they are."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, pairwise

from bot.sandbox.prometheus.services import Condition, Service, Turn
from bot.sandbox.prometheus.traffic import ORIGIN

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0)
"""The histogram's bucket bounds in seconds: each promised p95 is one of them."""
STATUSES = ("200", "404", "500", "503")
FAILED = ("500", "503")
REQUESTS = len(STATUSES) + len(BOUNDS)
"""The place of the counter of all requests; before it are those of each status and within each bound."""
SECONDS = REQUESTS + 1
"""The place of the counter of the seconds that all requests took."""

_NOT_FOUND = 0.008
_OF_FAILED = (0.6, 0.4)
_REMEMBERED = 50_000
_PRECISION = 60

Amounts = tuple[float, ...]
"""A number for each place, not rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The time from one turn to the next, in which the share of each place in the requests is constant."""

    since: int
    condition: Condition
    reached: Amounts
    reads: float
    writes: float
    of_reads: Amounts
    of_writes: Amounts

    def amount(self, place: int, reads: float, writes: float) -> float:
        """What a place has come to, given the requests until then."""
        return (
            self.reached[place]
            + (reads - self.reads) * self.of_reads[place]
            + (writes - self.writes) * self.of_writes[place]
        )


Moment = tuple[Stretch, float, float, int]
"""The stretch that an instant lies in, the reads and writes until then, and all requests as counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What people did to a service at an instant: it does so until another one, then, or now, as usual."""

    at: int
    condition: Condition | None
    until: int | None = None


class Counters:
    """What a service's counters show at an instant: whole numbers that never fall.

    The requests are closed formulas of the instant. Between two turns the share of each counter in them
    is constant, so a counter is what it was at the last turn, and its share in the requests since.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.changes: list[Change] = []
        self._coming: Iterator[Turn] = service.turns(ORIGIN)
        self._next: Turn | None = next(self._coming)
        self._starts: list[int] = []
        self._stretches: list[Stretch] = []
        self._shares = lru_cache(maxsize=64)(partial(_shares, service))
        self._moments: dict[int, Moment] = {}

    def value(self, place: int, instant: int) -> float:
        """What the counter of a place shows. No counter is ahead of that of all requests."""
        stretch, reads, writes, requests = self._moment(instant)
        if place == REQUESTS:
            return float(requests)
        amount = stretch.amount(place, reads, writes)
        return amount if place == SECONDS else float(min(math.floor(amount), requests))

    def condition(self, instant: int) -> Condition:
        """How the service does at an instant."""
        return self._stretches[self._number(instant)].condition

    def spans(self, start: int, end: int) -> Iterator[tuple[int, Condition]]:
        """The conditions of a closed range, each with its last instant."""
        first, last = self._number(start), self._number(end)
        for stretch, following in pairwise(self._stretches[first : last + 1]):
            yield following.since - 1, stretch.condition
        yield end, self._stretches[last].condition

    def change(self, now: int, condition: Condition, until: int | None) -> None:
        """From now on it does so: until an instant, or until the next change."""
        self.changes.append(Change(at=now, condition=condition, until=until))
        after = () if until is None else self.service.turns(until)
        self._go_on(now, chain([(now, condition)], after))

    def as_usual(self, now: int) -> None:
        """From now on it does as if nobody had changed anything."""
        self.changes.append(Change(at=now, condition=None))
        self._go_on(now, self.service.turns(now))

    def repeat(self, changes: Iterable[Change]) -> None:
        """Have happen again what people did."""
        for each in changes:
            if each.condition is None:
                self.as_usual(each.at)
            else:
                self.change(each.at, each.condition, each.until)

    def changes_at(self, now: int) -> int | None:
        """When it next does otherwise; None where it goes on like this."""
        after = self._number(now) + 1
        if after < len(self._starts):
            return self._starts[after]
        return self._next[0] if self._next is not None else None

    def fails_since(self, now: int) -> int:
        """When the first requests failed, up to an instant; just after it, where none did."""
        until_now = self._stretches[: self._number(now) + 1]
        return next((each.since for each in until_now if each.condition.error_ratio > 0), now + 1)

    def p95(self, instant: int) -> float:
        """The seconds within which 95 % of the requests of an instant are answered."""
        latency = self.condition(instant).latency
        flows = [(flow.traffic.rate(instant), flow.duration) for flow in self.service.flows]
        enough = 0.95 * sum(rate for rate, _ in flows)
        low, high = 0.0, BOUNDS[-1] * latency
        for _ in range(_PRECISION):
            middle = (low + high) / 2
            within = sum(rate * duration.share_within(middle, latency) for rate, duration in flows)
            low, high = (low, middle) if within >= enough else (middle, high)
        return high

    def _go_on(self, now: int, turns: Iterator[Turn]) -> None:
        kept = self._number(now - 1) + 1
        del self._starts[kept:], self._stretches[kept:]
        self._moments.clear()
        self._coming, self._next = turns, next(turns)
        self._number(now)

    def _moment(self, instant: int) -> Moment:
        moment = self._moments.get(instant)
        if moment is None:
            if len(self._moments) >= _REMEMBERED:
                self._moments.clear()
            stretch = self._stretches[self._number(instant)]
            reads, writes = self._requests(instant)
            statuses = (stretch.amount(place, reads, writes) for place in range(len(STATUSES)))
            moment = self._moments[instant] = stretch, reads, writes, sum(map(math.floor, statuses))
        return moment

    def _number(self, instant: int) -> int:
        """The number of the stretch that an instant lies in; the first one's for what was before it."""
        while self._next is not None and (self._next[0] <= instant or not self._starts):
            self._begin(*self._next)
            self._next = next(self._coming, None)
        return max(bisect_right(self._starts, instant) - 1, 0)

    def _begin(self, at: int, condition: Condition) -> None:
        reads, writes = self._requests(at)
        reached: Amounts = (0.0,) * (SECONDS + 1)
        if self._stretches:
            ended = self._stretches[-1]
            reached = tuple(ended.amount(place, reads, writes) for place in range(SECONDS + 1))
        of_reads, of_writes = self._shares(condition)
        self._starts.append(at)
        self._stretches.append(
            Stretch(
                since=at,
                condition=condition,
                reached=reached,
                reads=reads,
                writes=writes,
                of_reads=of_reads,
                of_writes=of_writes,
            )
        )

    def _requests(self, instant: int) -> tuple[float, float]:
        return self.service.reads.traffic.total(instant), self.service.writes.traffic.total(instant)


def _shares(service: Service, condition: Condition) -> tuple[Amounts, Amounts]:
    """The share of each place in the reads, and in the writes."""
    failed, answered = condition.error_ratio, 1 - condition.error_ratio
    statuses = (
        answered * (1 - _NOT_FOUND),
        answered * _NOT_FOUND,
        *(failed * share for share in _OF_FAILED),
    )
    reads, writes = (
        (
            *statuses,
            *(flow.duration.share_within(bound, condition.latency) for bound in BOUNDS),
            1.0,
            flow.duration.mean * condition.latency,
        )
        for flow in service.flows
    )
    return reads, writes
