"""Numbers by Prometheus."""

from bot.adapters.prometheus.limits import Limits
from bot.adapters.prometheus.source import Prometheus

__all__ = ["Limits", "Prometheus"]
