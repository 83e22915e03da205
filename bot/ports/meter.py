"""What is counted, and how it is handed to monitoring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.delivery import DeliveryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Deliveries of one kind that wait: how many, and since when the oldest."""

    kind: DeliveryKind
    count: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What monitoring asks for. `incidents` counts by (severity, status), `alert_groups` those that fire.

    `calls` are those that nobody has answered yet.
    """

    incidents: tuple[tuple[str, str, int], ...] = ()
    alert_groups: tuple[tuple[str, str, int], ...] = ()
    calls: int = 0
    backlog: tuple[Backlog, ...] = ()
    overdue_seconds: float = 0.0
    tick_age_seconds: float = 0.0


class Meter(Protocol):
    """Counts what cannot be read from the store, and writes everything out."""

    def count_delivery(self, kind: DeliveryKind, result: str) -> None:
        """Count one try of a delivery by what became of it."""

    def count_alert_news(self, outcome: str) -> None:
        """Count what a monitoring system has told once by what became of it."""

    def count_query(self, outcome: str) -> None:
        """Count one query to the metrics database by what became of it."""

    def note_breaker(self, *, is_open: bool) -> None:
        """Note whether the metrics database is left alone, because it does not answer."""

    def expose(self, figures: Figures) -> bytes:
        """All counts and `figures` in Prometheus' text format."""
