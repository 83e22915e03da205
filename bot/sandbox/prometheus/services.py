"""The services that the generated data is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.prometheus.traffic import DAY_MS, HOUR_MS, ORIGIN, WEEK_MS, Duration, Flow, Tide, Traffic

MINUTE_MS = 60_000
_TRAFFIC_PEAK = 18 * HOUR_MS  # early afternoon in New York, in UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a service does: the share of requests that fail, and how many times as long they take."""

    error_ratio: float
    latency: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A bad time that comes again every week: when it begins, counted from Monday 00:00 UTC, and lasts."""

    begins: int
    lasts: int
    condition: Condition

    def begun_by(self, at: int) -> int:
        """When the newest one began, at an instant."""
        weeks = (at - ORIGIN - self.begins) // WEEK_MS
        return ORIGIN + weeks * WEEK_MS + self.begins


Turn = tuple[int, Condition]
"""From when on a service does so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service: its requests, how it usually does, and what was promised for it."""

    name: str
    reads: Flow
    writes: Flow
    usual: Condition
    episode: Episode | None = None
    availability: float
    p95_seconds: float

    @property
    def flows(self) -> tuple[Flow, Flow]:
        """All its requests."""
        return self.reads, self.writes

    def turns(self, since: int) -> Iterator[Turn]:
        """How it does at an instant, and then whenever that changes, without end."""
        if self.episode is None:
            yield since, self.usual
            return
        begin = self.episode.begun_by(since)
        end = begin + self.episode.lasts
        yield since, self.episode.condition if since < end else self.usual
        while True:
            if end > since:
                yield end, self.usual
            begin += WEEK_MS
            end = begin + self.episode.lasts
            yield begin, self.episode.condition


def _flow(mean: float, day: float, peak: int, median: float, spread: float) -> Flow:
    tides = (
        Tide(share=day, period=DAY_MS, peak=peak),
        Tide(share=0.12, period=DAY_MS // 2, peak=peak + 2 * HOUR_MS),
        Tide(share=0.14, period=WEEK_MS, peak=2 * DAY_MS + peak),
        Tide(share=0.03, period=47 * MINUTE_MS),
        Tide(share=0.02, period=11 * MINUTE_MS),
    )
    return Flow(traffic=Traffic(mean=mean, tides=tides), duration=Duration(median=median, spread=spread))


SERVICES = (
    # Healthy: four fifths of its error budget are left.
    Service(
        name="api-gateway",
        reads=_flow(102, 0.45, _TRAFFIC_PEAK, 0.036, 0.45),
        writes=_flow(18, 0.40, _TRAFFIC_PEAK - 3 * HOUR_MS, 0.085, 0.40),
        usual=Condition(error_ratio=0.0002),
        availability=0.999,
        p95_seconds=0.150,
    ),
    # Half of its budget is left.
    Service(
        name="identity",
        reads=_flow(36, 0.40, _TRAFFIC_PEAK - 4 * HOUR_MS, 0.052, 0.50),
        writes=_flow(9, 0.50, _TRAFFIC_PEAK - 5 * HOUR_MS, 0.110, 0.35),
        usual=Condition(error_ratio=0.00021),
        episode=Episode(
            begins=5 * DAY_MS + 7 * HOUR_MS,
            lasts=20 * MINUTE_MS,
            condition=Condition(error_ratio=0.02, latency=1.4),
        ),
        availability=0.9995,
        p95_seconds=0.200,
    ),
    # Near its limit, for failures and for slowness.
    Service(
        name="payment",
        reads=_flow(8, 0.50, _TRAFFIC_PEAK, 0.150, 0.50),
        writes=_flow(4, 0.45, _TRAFFIC_PEAK + HOUR_MS, 0.290, 0.35),
        usual=Condition(error_ratio=0.000084),
        episode=Episode(
            begins=6 * DAY_MS + 6 * HOUR_MS,
            lasts=9 * MINUTE_MS,
            condition=Condition(error_ratio=0.012, latency=1.6),
        ),
        availability=0.9999,
        p95_seconds=0.500,
    ),
    # Fine: it was promised less.
    Service(
        name="content",
        reads=_flow(74, 0.35, _TRAFFIC_PEAK + 4 * HOUR_MS, 0.070, 0.55),
        writes=_flow(6, 0.45, _TRAFFIC_PEAK - 2 * HOUR_MS, 0.150, 0.45),
        usual=Condition(error_ratio=0.0012),
        availability=0.995,
        p95_seconds=0.300,
    ),
)
