"""A stand-in for Prometheus: its HTTP API and the queries that the bot asks, over generated data."""

from bot.sandbox.prometheus.stand_in import PrometheusStandIn

__all__ = ["PrometheusStandIn"]
