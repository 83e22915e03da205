"""Where the numbers are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.slo.samples import Answer, Course
from bot.ports.failures import TemporaryFailure


class TookTooLong(TemporaryFailure):
    """The metrics database did not answer in time."""


class MetricSource(Protocol):
    """A metrics database that is asked in PromQL. Every call is bounded in time.

    Raises `TemporaryFailure` (`TookTooLong` where it was too slow) or `PermanentFailure` of
    `bot.ports.failures`.
    """

    @property
    def is_there(self) -> bool:
        """Whether one is configured."""

    async def ask(self, query: str, at: datetime) -> Answer:
        """What a query gives at an instant; a scalar is a sample without labels, and NaN a value."""

    async def course(self, query: str, *, since: datetime, until: datetime, step: timedelta) -> Course:
        """What a query gives from one instant to another, both included, every `step`, less what is NaN."""
