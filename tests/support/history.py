"""What services went through, known exactly: requests, failures, durations and probes, as they were scraped.

`tests.support.history_services` tells of ten services, `tests.support.history_prometheus` has the real
Prometheus store it. Instants and lengths are epoch milliseconds.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from operator import add, sub

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
END = 1_795_543_200_000  # 2026-11-24 18:00 UTC
BEGIN = END - 60 * DAY
FINE, COARSE = 150_000, 600_000
FINE_SINCE = END - 8 * DAY
"""Since when targets are scraped more often: the ends of a window of five minutes are scrapes, too."""

REQUESTS, DURATION, PROBE = "http_requests_total", "http_request_duration_seconds", "probe_success"
ANSWERED, ALL = "200", "+Inf"
_TIDE = 0.4
_LOOKBACK = 5 * MINUTE

Labels = tuple[tuple[str, str], ...]
Shares = Mapping[str, float]
Told = tuple[Labels, Sequence[int], Iterable[int]]
"""A series: its labels, when it was scraped, and what it showed then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A time in which a service did otherwise: the shares that were others, by status and by bound."""

    since: int
    until: int
    statuses: Shares = field(default_factory=dict)
    within: Shares = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One process of a service, and what it counted.

    `statuses` are the shares of the statuses apart from 200; `within` those of the requests that took at most
    so many seconds, by the bound as it is written. It restarts right after a scrape: what it counts begins
    anew, and nothing is lost. In `gaps` it runs on without being scraped. `failures` are single requests.
    """

    service: str
    name: str
    per_second: float
    statuses: Shares
    within: Shares
    episodes: tuple[Episode, ...] = ()
    restarts: tuple[int, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    failures: tuple[int, ...] = ()
    since: int = BEGIN
    until: int = END
    idle_since: int = END

    @cached_property
    def scraped(self) -> Sequence[int]:
        """When it was scraped."""
        return [
            at
            for at in scrapes(self.since, self.until)
            if not any(begin < at < end for begin, end in self.gaps)
        ]

    @cached_property
    def by_status(self) -> Mapping[str, Sequence[int]]:
        """At each scrape, how many requests it had ever answered so."""
        counted, rest = {}, self._answered
        for before, status in enumerate(self.statuses):

            def of_the_rest(changed: Shares, before: int = before, status: str = status) -> float:
                shares = {**self.statuses, **changed}
                return shares[status] / (1 - sum([*shares.values()][:before]))

            counted[status] = self._part(rest, of_the_rest)
            rest = array("q", map(sub, rest, counted[status]))
        if self.failures:
            counted["500"] = array("q", map(add, counted["500"], self._failed))
        return {**counted, ANSWERED: rest}

    @cached_property
    def by_bound(self) -> Mapping[str, Sequence[int]]:
        """At each scrape, how many requests had ever taken at most so long, by bound; the last one is all."""
        bounds = [*self.within, ALL]
        counted = {ALL: array("q", map(add, self._answered, self._failed))}
        for bound, above in reversed([*pairwise(bounds)]):

            def of_those_within(changed: Shares, bound: str = bound, above: str = above) -> float:
                shares = {**self.within, ALL: 1.0, **changed}
                return shares[bound] / shares[above]

            counted[bound] = self._part(counted[above], of_those_within)
        return {bound: counted[bound] for bound in bounds}

    def exposed(self, counted: Sequence[int]) -> Iterator[int]:
        """What it shows of something at each scrape: what was counted since its start.

        Raises `ValueError` for a restart that nobody could see.
        """
        starts = [bisect_left(self.scraped, at) for at in (self.since, *self.restarts)]
        for first, last in pairwise([*starts, len(self.scraped) - 1]):
            before = counted[first]
            yield from (count - before for count in counted[first + bool(first) : last + 1])
            reached = counted[last] - before
            if last + 1 < len(counted) and 0 < reached <= counted[last + 1] - counted[last]:
                raise ValueError(f"{self.name} of {self.service} has a restart that cannot be seen")

    def grown(self, counted: Sequence[int], end: int, length: int) -> int | None:
        """By how much something grew over a window; None where the instance was not there.

        Raises `ValueError` where Prometheus has to guess: both ends are to be scrapes, or before its start.
        """
        start = end - length
        if end <= self.since or start > self.until:
            return None
        first = 0 if start < self.since else self._place(start)
        return counted[self._place(end)] - counted[first]

    def _place(self, at: int) -> int:
        place = bisect_left(self.scraped, at)
        if place == len(self.scraped) or self.scraped[place] != at:
            raise ValueError(f"{self.name} of {self.service} was not scraped at {at}")
        return place

    @cached_property
    def _answered(self) -> array[int]:
        """Requests until each scrape, without single failures: most of them in the middle of the day."""

        def until(at: int) -> int:
            days = (min(at, self.idle_since) - self.since) / DAY
            return int(self.per_second * 86_400 * (days - _TIDE * math.sin(math.tau * days) / math.tau))

        return array("q", map(until, self.scraped))

    @cached_property
    def _failed(self) -> array[int]:
        return array("q", [bisect_right(self.failures, at) for at in self.scraped])

    def _part(self, counted: array[int], share: Callable[[Shares], float]) -> array[int]:
        """A part of what was counted until each scrape, in whole numbers that never rise by more than that.

        `share` is the share of it, given what is otherwise in an episode.
        """
        made, reached, first = array("q", [0]), 0.0, 0
        for last, changed in self._stretches():
            before, part = counted[first], share(changed)
            made.extend(int(reached + part * (each - before)) for each in counted[first + 1 : last + 1])
            reached, first = reached + part * (counted[last] - before), last
        return made

    def _stretches(self) -> Iterator[tuple[int, Shares]]:
        """Until which scrape which shares are others."""
        for episode in self.episodes:
            yield self._place(episode.since), {}
            yield self._place(episode.until), {**episode.statuses, **episode.within}
        yield len(self.scraped) - 1, {}


@dataclass(frozen=True, kw_only=True)
class Probe:
    """Looks at the platform from outside, each of which succeeded or, while it was `down`, did not."""

    target: str
    down: tuple[tuple[int, int], ...]

    @cached_property
    def scraped(self) -> Sequence[int]:
        """When it looked."""
        return scrapes(BEGIN, END)

    def succeeded(self, at: int) -> bool:
        """Whether a look did."""
        return not any(since <= at < until for since, until in self.down)


@dataclass(frozen=True, kw_only=True)
class History:
    """All of it, and what is true of any window whose ends are scrapes.

    Windows are closed, as Prometheus 2 has them. A service that was not there in one gives None.
    """

    instances: Sequence[Instance]
    probes: Sequence[Probe]

    def total(self, service: str, end: int, length: int) -> int | None:
        """Its requests."""
        return self._sum(service, end, length, lambda each: [each.by_bound[ALL]])

    def bad(self, service: str, end: int, length: int) -> int | None:
        """Those of them that failed."""
        return self._sum(
            service,
            end,
            length,
            lambda each: [counted for status, counted in each.by_status.items() if status.startswith("5")],
        )

    def within(self, service: str, seconds: float, end: int, length: int) -> int | None:
        """Those that took at most so long. Raises KeyError where an instance has no such bound."""
        return self._sum(service, end, length, lambda each: [_bounds(each)[seconds]])

    def within_at_least(self, service: str, seconds: float, end: int, length: int) -> int | None:
        """Those of which the instances' bounds show that they took at most so long."""

        def below(each: Instance) -> Sequence[Sequence[int]]:
            return [_bounds(each)[max(bound for bound in _bounds(each) if bound <= seconds)]]

        return self._sum(service, end, length, below)

    def within_at_most(self, service: str, seconds: float, end: int, length: int) -> int | None:
        """Those of which the instances' bounds do not show that they took longer."""

        def above(each: Instance) -> Sequence[Sequence[int]]:
            return [_bounds(each)[min(bound for bound in _bounds(each) if bound >= seconds)]]

        return self._sum(service, end, length, above)

    def looks(self, end: int, length: int) -> tuple[int, int]:
        """How often the platform was looked at from outside, and how often in vain."""
        seen = [
            probe.succeeded(at)
            for probe in self.probes
            for at in probe.scraped[
                bisect_left(probe.scraped, end - length) : bisect_right(probe.scraped, end)
            ]
        ]
        return len(seen), seen.count(False)

    def hours(self, service: str, end: int, length: int) -> int:
        """At how many full hours of a window the service was there to be seen."""
        instances = [each for each in self.instances if each.service == service]
        full = range(-(-(end - length) // HOUR) * HOUR, end + 1, HOUR)
        return sum(any(_is_seen(each.scraped, hour) for each in instances) for hour in full)

    def series(self) -> Iterator[Told]:
        """What was scraped."""
        for each in self.instances:
            where = ("service", each.service), ("instance", each.name), ("job", each.service)
            for status, counted in each.by_status.items():
                yield (
                    (("__name__", REQUESTS), *where, ("status", status)),
                    each.scraped,
                    each.exposed(counted),
                )
            for bound, counted in each.by_bound.items():
                name = ("__name__", f"{DURATION}_bucket")
                yield (name, *where, ("le", bound)), each.scraped, each.exposed(counted)
            name = ("__name__", f"{DURATION}_count")
            yield (name, *where), each.scraped, each.exposed(each.by_bound[ALL])
        for probe in self.probes:
            labels = ("__name__", PROBE), ("job", "probe"), ("instance", probe.target)
            yield labels, probe.scraped, (int(probe.succeeded(at)) for at in probe.scraped)

    def _sum(
        self, service: str, end: int, length: int, counted: Callable[[Instance], Sequence[Sequence[int]]]
    ) -> int | None:
        grown = [
            each.grown(counts, end, length)
            for each in self.instances
            if each.service == service
            for counts in counted(each) or [[0] * len(each.scraped)]
        ]
        known = [each for each in grown if each is not None]
        return sum(known) if known else None


def scrapes(since: int, until: int) -> Sequence[int]:
    """When targets are scraped, in a closed range."""
    every = chain(range(BEGIN, FINE_SINCE, COARSE), range(FINE_SINCE, END + 1, FINE))
    return [at for at in every if since <= at <= until]


def _bounds(instance: Instance) -> Mapping[float, Sequence[int]]:
    return {float(bound): counted for bound, counted in instance.by_bound.items()}


def _is_seen(scraped: Sequence[int], at: int) -> bool:
    """Whether a query at an instant finds a sample that is not too old."""
    latest = bisect_right(scraped, at) - 1
    return latest >= 0 and at - scraped[latest] < _LOOKBACK
