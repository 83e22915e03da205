"""Use cases that count incidents."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.directory import Directory
from bot.domain.errors import InvalidError
from bot.domain.statistics import Span, Statistics, statistics
from bot.ports.clock import Clock
from bot.ports.store import Store

LONGEST = timedelta(days=731)
"""What is counted at once: two years."""


class StatisticsReader:
    """Counts incidents: everybody may look, for nothing of a security incident shows but its severity."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory

    async def of(self, length: timedelta, service: str | None = None) -> Statistics:
        """The figures of the last `length`. `service` is a key of the guide's. Raises InvalidError."""
        if not timedelta() < length <= LONGEST:
            raise InvalidError(f"Statistics reach back from 1 to {LONGEST.days} days: `stats 30d`.")
        now = self._clock.now()
        span = Span(since=now - length, until=now, service=service)
        counted = await self._store.read(lambda tx: tx.tally.between(span.since, span.until))
        return statistics(counted, span, self._directory.guide.organization.zone)
