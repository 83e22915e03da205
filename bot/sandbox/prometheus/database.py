"""What there is to be queried: the services' series, those of what they run on, and the platform's probe."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from bot.sandbox.prometheus.course import BOUNDS, FAILED, STATUSES, Counters
from bot.sandbox.prometheus.course import REQUESTS as ALL
from bot.sandbox.prometheus.machines import (
    MACHINES,
    PHASES,
    PROCESSORS,
    backed_up_at,
    certificate_ends_at,
    series_of,
)
from bot.sandbox.prometheus.promql.labels import Labels, labels_of
from bot.sandbox.prometheus.promql.numbers import written
from bot.sandbox.prometheus.promql.samples import Series
from bot.sandbox.prometheus.promql.syntax import NAME, Matcher
from bot.sandbox.prometheus.scraped import Counter, Curve, Gauge, Scrapes
from bot.sandbox.prometheus.services import Condition, Service
from bot.sandbox.prometheus.traffic import DAY_MS, ORIGIN

REQUESTS = "http_requests_total"
DURATION = "http_request_duration_seconds"
UP = "up"
PROBE = "probe_success"
PROBED = "https://suuupra.com"
PODS = "kube_pod_status_phase"
BACKED_UP = "kube_cronjob_status_last_successful_time"
CERTIFICATE = "probe_ssl_earliest_cert_expiry"
SCRAPE_MS = 15_000
RETENTION_MS = 60 * DAY_MS
_PROBE_FAILS = 0.5
_CLUSTER = {"job": "kube-state-metrics", "instance": "kube-state-metrics:8080", "namespace": "production"}
_FAILED = frozenset(map(STATUSES.index, FAILED))


class Database:
    """The services' counters, and what scraping them every `interval` and keeping that has left.

    `interval` and `retention` are milliseconds.
    """

    def __init__(
        self, services: Sequence[Service], *, interval: int = SCRAPE_MS, retention: int = RETENTION_MS
    ) -> None:
        self.counters = {service.name: Counters(service) for service in services}
        self.interval = interval
        self.retention = retention

    def present(self, now: int) -> Present:
        """All series as they are there at an instant."""
        first = max(now - self.retention, ORIGIN)
        series: list[Series] = []
        for name, counters in self.counters.items():
            scrapes = Scrapes(self.interval, _offset(name, self.interval), first, now)
            series += _of_service(name, counters, scrapes)
        if self.counters:
            edge = next(iter(self.counters.values()))
            scrapes = Scrapes(self.interval, 0, first, now)
            labels = labels_of({NAME: PROBE, "job": "probe", "instance": PROBED})
            series.append(Gauge(labels, scrapes, ORIGIN, counters=edge, shows=_probe))
            series += _around(scrapes)
        return Present(series)


class Present:
    """The series at one instant: the source of a query's evaluation."""

    def __init__(self, series: Sequence[Series]) -> None:
        self._series = [(each, dict(each.labels)) for each in series]

    def select(self, matchers: Sequence[Matcher]) -> Sequence[Series]:
        """The series that every matcher accepts."""
        return [
            series
            for series, labels in self._series
            if all(matcher.accepts(labels.get(matcher.label, "")) for matcher in matchers)
        ]


def _of_service(name: str, counters: Counters, scrapes: Scrapes) -> list[Series]:
    counted, up = _named(name)
    fails_since = counters.fails_since(scrapes.last)
    made: list[Series] = [
        Counter(labels, scrapes, fails_since if place in _FAILED else ORIGIN, counters=counters, place=place)
        for labels, place in counted
    ]
    return [
        *made,
        Gauge(up, scrapes, ORIGIN, counters=counters, shows=_up),
        *_pods(name, counters, scrapes),
    ]


def _around(probe: Scrapes) -> list[Series]:
    """What the services run on, and what is known of their surroundings."""
    made: list[Series] = []
    for machine in MACHINES:
        scrapes = replace(probe, offset=_offset(machine.name, probe.interval))
        more = {"job": "node", "instance": f"{machine.name}:9100"}
        made += [
            Curve(
                labels_of({**labels, **more}), scrapes, ORIGIN, shows=shows, rises=labels[NAME] == PROCESSORS
            )
            for labels, shows in series_of(machine)
        ]
    backup = labels_of({NAME: BACKED_UP, **_CLUSTER, "cronjob": "database-backup"})
    certificate = labels_of({NAME: CERTIFICATE, "job": "probe", "instance": PROBED})
    return [
        *made,
        Curve(backup, probe, ORIGIN, shows=backed_up_at),
        Curve(certificate, probe, ORIGIN, shows=certificate_ends_at),
    ]


def _pods(service: str, counters: Counters, scrapes: Scrapes) -> Iterator[Series]:
    """Whether a service's pod runs, as the cluster sees it."""
    for phase in PHASES:
        labels = labels_of({NAME: PODS, **_CLUSTER, "pod": f"{service}-0", "phase": phase})
        yield Gauge(labels, scrapes, ORIGIN, counters=counters, shows=_PHASE_SHOWS[phase])


@cache
def _named(service: str) -> tuple[list[tuple[Labels, int]], Labels]:
    """The labels of a service's counters with their places, and those of its `up`."""

    def labels(metric: str, **more: str) -> Labels:
        return labels_of({NAME: metric, "job": service, "instance": f"{service}:8080", **more})

    counted = [
        *(labels(REQUESTS, service=service, status=status) for status in STATUSES),
        *(labels(f"{DURATION}_bucket", service=service, le=written(bound)) for bound in BOUNDS),
        labels(f"{DURATION}_count", service=service),
        labels(f"{DURATION}_sum", service=service),
    ]
    every = labels(f"{DURATION}_bucket", service=service, le="+Inf"), ALL
    return [*((each, place) for place, each in enumerate(counted)), every], labels(UP)


def _offset(name: str, interval: int) -> int:
    """When in the interval a target is scraped, on a whole second: each at another one, as far as may be."""
    return zlib.crc32(name.encode()) % max(interval // 1000, 1) * 1000


def _up(condition: Condition) -> float:
    """A service that fails every request is down."""
    return float(condition.error_ratio < 1)


def _probe(condition: Condition) -> float:
    """The platform is probed through its first service, the one at its edge."""
    return float(condition.error_ratio < _PROBE_FAILS)


_PHASE_SHOWS = {
    "Failed": lambda condition: 1 - _up(condition),
    "Pending": lambda _condition: 0.0,
    "Running": _up,
}
