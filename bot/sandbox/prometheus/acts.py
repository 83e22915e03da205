"""The services with their surroundings: what people and tests do to them, and what they see of them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import Clock, wall_clock
from bot.sandbox.faults import FaultKind, Faults
from bot.sandbox.feed import Feed
from bot.sandbox.prometheus.course import Change
from bot.sandbox.prometheus.database import RETENTION_MS, SCRAPE_MS, Database
from bot.sandbox.prometheus.services import MINUTE_MS, SERVICES, Condition, Service

CALLS = ("query", "query_range", "metadata", "status")
"""What a fault can be for: the two kinds of queries, labels and series, health and build."""
_KINDS = frozenset(FaultKind) - {FaultKind.DROP}
_SLOWEST = 100.0
_LONGEST_MINUTES = 60 * 24 * 60
_HOUR_MS = 60 * MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What outlives the stand-in: what people did to each service. All else follows from the time."""

    changes: dict[str, list[Change]]


class StandIn:
    """Prometheus with generated series, and everything that people and tests do to it.

    What `/control/` does is here as methods. `interval` (of the scrapes) and `retention` are milliseconds.
    """

    def __init__(
        self,
        *,
        services: Sequence[Service] = SERVICES,
        clock: Clock = wall_clock,
        interval: int = SCRAPE_MS,
        retention: int = RETENTION_MS,
    ) -> None:
        self.feed = Feed()
        self.faults = Faults(kinds=_KINDS, called="call", calls=CALLS)
        self.database = Database(services, interval=interval, retention=retention)
        self.clock = clock

    def set_service(
        self,
        name: str,
        *,
        error_ratio: float | None = None,
        latency: float | None = None,
        for_minutes: float | None = None,
    ) -> dict[str, Any]:
        """From now on so many of a service's requests fail (0 to 1), and they take `latency` times as long.

        What is not given stays. After `for_minutes` it does as usual again; without, it does so until the
        next change. Answers with the service as it is now. Raises ValueError, LookupError.
        """
        counters = self.database.counters.get(name)
        if counters is None:
            raise LookupError(_unknown(name, self.database.counters))
        now = self.clock()
        is_now = counters.condition(now)
        changed = Condition(
            error_ratio=_within(is_now.error_ratio if error_ratio is None else error_ratio, 0, 1),
            latency=_within(is_now.latency if latency is None else latency, 1 / _SLOWEST, _SLOWEST),
        )
        until = None
        if for_minutes is not None:
            until = now + max(round(_within(for_minutes, 0, _LONGEST_MINUTES) * MINUTE_MS), 1)
        counters.change(now, changed, until)
        shown = self._service(name, now)
        self.feed.publish("service", shown)
        return shown

    def reset(self) -> dict[str, Any]:
        """From now on every service does as usual; no fault is switched on. What was measured stays."""
        now = self.clock()
        for counters in self.database.counters.values():
            counters.as_usual(now)
        self.faults.clear()
        self.feed.publish("reset", {})
        return self.state()

    def kept(self) -> Kept:
        """What is to be there again at another start. Faults are not."""
        return Kept(changes={name: counters.changes for name, counters in self.database.counters.items()})

    def restore(self, was: Kept) -> None:
        """Have the services come to what they were; of those that there are no more, nothing is left."""
        for name, counters in self.database.counters.items():
            counters.repeat(was.changes.get(name, ()))

    def state(self) -> dict[str, Any]:
        """The services as they are now, and the faults."""
        now = self.clock()
        return {
            "feed": self.feed.last,
            "now": now,
            "services": [self._service(name, now) for name in self.database.counters],
            **self.faults.to_json(),
        }

    def _service(self, name: str, now: int) -> dict[str, Any]:
        """One service: `healthy` where it keeps what was promised, going on like this until `changes_at`."""
        counters = self.database.counters[name]
        service, condition, p95 = counters.service, counters.condition(now), counters.p95(now)
        return {
            "name": name,
            "requests_per_second": round(sum(flow.traffic.rate(now) for flow in service.flows), 2),
            "error_ratio": condition.error_ratio,
            "latency": condition.latency,
            "p95_ms": round(p95 * 1000, 1),
            "healthy": condition.error_ratio <= 1 - service.availability and p95 <= service.p95_seconds,
            "changes_at": counters.changes_at(now),
        }


def _within(number: Any, least: float, most: float) -> float:
    if isinstance(number, int | float) and not isinstance(number, bool) and least <= number <= most:
        return float(number)
    raise ValueError(f"{number!r} is no number from {least:g} to {most:g}")


def _unknown(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(str(name), known, n=1)
    return f"there is no service {name!r}: " + (f"{near[0]!r}?" if near else f"one of {', '.join(known)}")
