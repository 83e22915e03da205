"""Generated series, as if they had been scraped and kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from typing_extensions import override

from bot.sandbox.prometheus.course import Counters
from bot.sandbox.prometheus.promql.labels import Labels
from bot.sandbox.prometheus.promql.samples import Point, Samples
from bot.sandbox.prometheus.services import Condition


@dataclass(frozen=True, slots=True)
class Scrapes:
    """When a target is scraped and what is kept of that: every `interval` ms, in a closed range."""

    interval: int
    offset: int
    first: int
    last: int

    def instants(self, start: int, end: int) -> range:
        """The instants of the scrapes in a closed range."""
        start, end = max(start, self.first), min(end, self.last)
        return range(start + (self.offset - start) % self.interval, end + 1, self.interval)

    def newest(self, start: int, end: int) -> int | None:
        """The last of them."""
        end = min(end, self.last)
        instant = end - (end - self.offset) % self.interval
        return instant if instant >= start and instant >= self.first else None


class Generated(ABC):
    """One generated series, there from an instant on."""

    def __init__(self, labels: Labels, scrapes: Scrapes, since: int) -> None:
        self.labels = labels
        self._scrapes = scrapes
        self._since = since

    def latest(self, start: int, end: int) -> float | None:
        """The newest value in a closed range."""
        instant = self._scrapes.newest(max(start, self._since), end)
        return None if instant is None else self.value(instant)

    def samples(self, start: int, end: int) -> Samples | None:
        """The samples in a closed range, unless there are none."""
        instants = self._scrapes.instants(max(start, self._since), end)
        return self.scraped(instants) if instants else None

    @abstractmethod
    def value(self, instant: int) -> float:
        """What a scrape at an instant shows."""

    @abstractmethod
    def scraped(self, instants: range) -> Samples:
        """What scrapes at these instants show."""


class Counter(Generated):
    """One of a service's counters."""

    def __init__(
        self, labels: Labels, scrapes: Scrapes, since: int, *, counters: Counters, place: int
    ) -> None:
        super().__init__(labels, scrapes, since)
        self._counters = counters
        self._place = place

    @override
    def value(self, instant: int) -> float:
        return self._counters.value(self._place, instant)

    @override
    def scraped(self, instants: range) -> Samples:
        return _Rising(instants, self.value)


class Gauge(Generated):
    """Something that follows from how a service does."""

    def __init__(
        self,
        labels: Labels,
        scrapes: Scrapes,
        since: int,
        *,
        counters: Counters,
        shows: Callable[[Condition], float],
    ) -> None:
        super().__init__(labels, scrapes, since)
        self._counters = counters
        self._shows = shows

    @override
    def value(self, instant: int) -> float:
        return self._shows(self._counters.condition(instant))

    @override
    def scraped(self, instants: range) -> Samples:
        spans = self._counters.spans(instants[0], instants[-1])
        return _Level(instants, [(until, self._shows(condition)) for until, condition in spans])


class Curve(Generated):
    """Something that is a function of the instant alone; `rises` where it never falls."""

    def __init__(
        self,
        labels: Labels,
        scrapes: Scrapes,
        since: int,
        *,
        shows: Callable[[int], float],
        rises: bool = False,
    ) -> None:
        super().__init__(labels, scrapes, since)
        self._shows = shows
        self._kind = _Rising if rises else _Computed

    @override
    def value(self, instant: int) -> float:
        return self._shows(instant)

    @override
    def scraped(self, instants: range) -> Samples:
        return self._kind(instants, self._shows)


class _Computed(Samples):
    """Samples that are computed when they are asked for."""

    def __init__(self, instants: range, value: Callable[[int], float]) -> None:
        self._instants = instants
        self._value = value
        self.count = len(instants)
        self.first = (instants[0], value(instants[0]))
        self.last = (instants[-1], value(instants[-1]))

    @override
    def points(self) -> Iterator[Point]:
        return ((instant, self._value(instant)) for instant in self._instants)


class _Rising(_Computed):
    """Samples of what never falls: the first and the last say all that is asked of them."""

    @override
    def lost_in_resets(self) -> float:
        return 0.0

    @override
    def highest(self) -> float:
        return self.last[1]

    @override
    def lowest(self) -> float:
        return self.first[1]


class _Level(Samples):
    """Samples of what stays the same for long. `spans`: each value, with the last instant that it holds."""

    def __init__(self, instants: range, spans: list[tuple[int, float]]) -> None:
        self._runs: list[tuple[range, float]] = []
        for until, value in spans:
            covered = (until - instants.start) // instants.step + 1
            run, instants = instants[:covered], instants[covered:]
            if run:
                self._runs.append((run, value))
        self.count = sum(len(run) for run, _ in self._runs)
        self.first = (self._runs[0][0][0], self._runs[0][1])
        self.last = (self._runs[-1][0][-1], self._runs[-1][1])

    @override
    def points(self) -> Iterator[Point]:
        return ((instant, value) for run, value in self._runs for instant in run)

    @override
    def lost_in_resets(self) -> float:
        return sum(before for (_, before), (_, after) in pairwise(self._runs) if after < before)

    @override
    def total(self) -> float:
        return sum(len(run) * value for run, value in self._runs)

    @override
    def highest(self) -> float:
        return max(value for _, value in self._runs)

    @override
    def lowest(self) -> float:
        return min(value for _, value in self._runs)
