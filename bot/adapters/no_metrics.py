"""The metrics database where none is configured: it knows nothing, and says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NoReturn

from typing_extensions import override

from bot.domain.slo.samples import Answer, Course
from bot.ports.failures import PermanentFailure
from bot.ports.metrics import MetricSource


class NoMetrics(MetricSource):
    """Refuses what it is asked."""

    @property
    @override
    def is_there(self) -> bool:
        return False

    @override
    async def ask(self, query: str, at: datetime) -> Answer:
        _refuse()

    @override
    async def course(self, query: str, *, since: datetime, until: datetime, step: timedelta) -> Course:
        _refuse()


def _refuse() -> NoReturn:
    raise PermanentFailure("No Prometheus is configured: set PROMETHEUS_URL.")
