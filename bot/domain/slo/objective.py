"""What was promised: objectives of a service, or of the platform as a whole.

`p95 below 150 ms` is a promise about a share like the others: at least 95 % of the requests take at most
150 ms. So budget and burn rate mean the same for every objective.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.domain.guide import Dashboard, Guide, Metrics, Slo

PLATFORM = "platform"
"""The key of the platform as a whole, which no service can have."""

P95 = 0.95

BURN_WINDOWS = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=3),
)
"""Over which spans the burn rate is told."""


class Sli(StrEnum):
    """What is measured."""

    AVAILABILITY = "availability"
    ERROR_RATE = "error_rate"
    LATENCY = "latency"


class Source(StrEnum):
    """What is counted: requests and those that failed, probes, or requests by how long they took."""

    REQUESTS = "requests"
    PROBE = "probe"
    DURATION = "duration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """At least the share `target` (0 to 1) of what `source` counts is good.

    `threshold` is set exactly for latency: what takes at most so long is good.
    """

    sli: Sli
    target: float
    source: Source
    threshold: timedelta | None = None

    @property
    def budget(self) -> float:
        """The share that may be bad."""
        return 1 - self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A service or the platform, with what was promised for it, where that is measured, and where to look."""

    key: str
    title: str
    slo: Slo | None
    metrics: Metrics | None
    dashboards: tuple[Dashboard, ...] = ()

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """The objectives that can be measured, in the order in which they are told."""
        if self.slo is None or self.metrics is None:
            return ()
        return tuple(_objectives(self.slo, self.metrics))

    @property
    def sources(self) -> tuple[Source, ...]:
        """What is counted for them, each once."""
        return tuple(dict.fromkeys(objective.source for objective in self.objectives))


def promises(guide: Guide) -> Mapping[str, Promise]:
    """The platform and every service, also those of which nothing was promised, by key."""
    usual = guide.defaults.dashboards
    whole = Promise(
        key=PLATFORM,
        title="Platform",
        slo=guide.platform.slo,
        metrics=guide.platform.metrics,
        dashboards=_boards(guide, usual),
    )
    services = (
        Promise(
            key=service.key,
            title=service.title,
            slo=service.slo,
            metrics=service.metrics,
            dashboards=_boards(guide, service.dashboards or usual),
        )
        for service in guide.services.values()
    )
    return MappingProxyType({promise.key: promise for promise in (whole, *services)})


def _boards(guide: Guide, keys: tuple[str, ...]) -> tuple[Dashboard, ...]:
    return tuple(guide.dashboards[key] for key in keys)


def _objectives(slo: Slo, metrics: Metrics) -> list[Objective]:
    made: list[Objective] = []
    if slo.availability is not None:
        source = Source.PROBE if metrics.up else Source.REQUESTS
        made.append(Objective(sli=Sli.AVAILABILITY, target=slo.availability, source=source))
    if slo.error_rate is not None:
        made.append(Objective(sli=Sli.ERROR_RATE, target=1 - slo.error_rate, source=Source.REQUESTS))
    if slo.latency_p95 is not None and metrics.duration:
        threshold = slo.latency_p95
        made.append(Objective(sli=Sli.LATENCY, target=P95, source=Source.DURATION, threshold=threshold))
    return made
