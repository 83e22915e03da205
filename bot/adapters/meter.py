"""Metrics by prometheus-client: the one place that knows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from bot.domain.delivery import DeliveryKind
from bot.ports.meter import Figures, Meter


class PrometheusMeter(Meter, Collector):
    """The meter that `/metrics` shows. Labels hold no text that people typed."""

    def __init__(self) -> None:
        self._figures = Figures()
        self._deliveries: Counter[tuple[str, str]] = Counter()
        self._alert_news: Counter[str] = Counter()
        self._queries: Counter[str] = Counter()
        self._is_breaker_open = False
        self._registry = CollectorRegistry()
        self._registry.register(self)

    @override
    def count_delivery(self, kind: DeliveryKind, result: str) -> None:
        self._deliveries[kind.value, result] += 1

    @override
    def count_alert_news(self, outcome: str) -> None:
        self._alert_news[outcome] += 1

    @override
    def count_query(self, outcome: str) -> None:
        self._queries[outcome] += 1

    @override
    def note_breaker(self, *, is_open: bool) -> None:
        self._is_breaker_open = is_open

    @override
    def expose(self, figures: Figures) -> bytes:
        self._figures = figures
        return generate_latest(self._registry)

    @override
    def collect(self) -> Iterator[Metric]:
        yield from self._from_the_store()
        deliveries = CounterMetricFamily(
            "opsbot_deliveries",
            "Tries to deliver, by kind and what became of them.",
            labels=["kind", "result"],
        )
        for (kind, result), count in sorted(self._deliveries.items()):
            deliveries.add_metric([kind, result], count)
        yield deliveries
        news = CounterMetricFamily(
            "opsbot_alert_news", "What Alertmanager has told, by what became of it.", labels=["outcome"]
        )
        for outcome, count in sorted(self._alert_news.items()):
            news.add_metric([outcome], count)
        yield news
        yield from self._from_prometheus()

    def _from_prometheus(self) -> Iterator[Metric]:
        queries = CounterMetricFamily(
            "opsbot_metric_queries", "Queries to Prometheus, by what became of them.", labels=["outcome"]
        )
        for outcome, count in sorted(self._queries.items()):
            queries.add_metric([outcome], count)
        yield queries
        yield GaugeMetricFamily(
            "opsbot_metric_breaker_open",
            "Whether Prometheus is left alone, because it does not answer.",
            value=self._is_breaker_open,
        )

    def _from_the_store(self) -> Iterator[Metric]:
        figures = self._figures
        incidents = GaugeMetricFamily(
            "opsbot_incidents", "Incidents by severity and state.", labels=["severity", "state"]
        )
        for severity, state, count in figures.incidents:
            incidents.add_metric([severity, state], count)
        groups = GaugeMetricFamily(
            "opsbot_alert_groups",
            "Alert groups that fire, by severity and state.",
            labels=["severity", "state"],
        )
        for severity, state, count in figures.alert_groups:
            groups.add_metric([severity, state], count)
        depth = GaugeMetricFamily("opsbot_outbox_depth", "Deliveries that wait, by kind.", labels=["kind"])
        age = GaugeMetricFamily(
            "opsbot_outbox_age_seconds", "Age of the oldest delivery that waits, by kind.", labels=["kind"]
        )
        for row in figures.backlog:
            depth.add_metric([row.kind.value], row.count)
            age.add_metric([row.kind.value], row.oldest_seconds)
        yield from (incidents, groups, depth, age)
        yield GaugeMetricFamily(
            "opsbot_calls_waiting", "Pages of /page that nobody has answered yet.", value=figures.calls
        )
        yield GaugeMetricFamily(
            "opsbot_overdue_seconds", "How late the most overdue timer is.", value=figures.overdue_seconds
        )
        yield GaugeMetricFamily(
            "opsbot_tick_age_seconds",
            "Seconds since the timers' loop last went round.",
            value=figures.tick_age_seconds,
        )
