"""Metrics by prometheus-client: the one place that knows it."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from bot.domain.delivery import DeliveryKind
from bot.ports.meter import Figures


class _FiguresCollector(Collector):
    """Turns figures that were read from the store into gauges."""

    def __init__(self) -> None:
        self.figures = Figures()

    @override
    def collect(self) -> Iterator[Metric]:
        figures = self.figures
        incidents = GaugeMetricFamily(
            "opsbot_incidents", "Incidents by severity and state.", labels=["severity", "state"]
        )
        for severity, state, count in figures.incidents:
            incidents.add_metric([severity, state], count)
        depth = GaugeMetricFamily("opsbot_outbox_depth", "Deliveries that wait, by kind.", labels=["kind"])
        age = GaugeMetricFamily(
            "opsbot_outbox_age_seconds", "Age of the oldest delivery that waits, by kind.", labels=["kind"]
        )
        for row in figures.backlog:
            depth.add_metric([row.kind.value], row.count)
            age.add_metric([row.kind.value], row.oldest_seconds)
        yield from (incidents, depth, age)
        yield GaugeMetricFamily(
            "opsbot_overdue_seconds", "How late the most overdue timer is.", value=figures.overdue_seconds
        )
        yield GaugeMetricFamily(
            "opsbot_tick_age_seconds",
            "Seconds since the timers' loop last went round.",
            value=figures.tick_age_seconds,
        )


class PrometheusMeter:
    """The meter that `/metrics` shows. Labels hold no text that people typed."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._collector = _FiguresCollector()
        self._registry.register(self._collector)
        self._deliveries = Counter(
            "opsbot_deliveries",
            "Tries to deliver, by kind and what became of them.",
            ["kind", "result"],
            registry=self._registry,
        )

    def count_delivery(self, kind: DeliveryKind, result: str) -> None:
        """Count one try of a delivery by what became of it."""
        self._deliveries.labels(kind=kind.value, result=result).inc()

    def expose(self, figures: Figures) -> bytes:
        """All counts and `figures` in Prometheus' text format."""
        self._collector.figures = figures
        return generate_latest(self._registry)
