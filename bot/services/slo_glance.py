"""How everything that was promised stands, for those who only glance at it: soon, or as it was known last."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot.domain.slo.reading import Reported
from bot.ports.clock import Clock
from bot.services.slo_reader import SloReader

GLANCE_SECONDS = 3.0
"""How long a glance waits for Prometheus."""

FRESH = timedelta(seconds=60)
"""A look that is younger serves all who glance; after one that failed nobody waits for so long."""


class SloGlance:
    """The last overview, in memory. Whoever glances while it is asked for waits for the same answer."""

    def __init__(self, *, reader: SloReader, clock: Clock, seconds: float = GLANCE_SECONDS) -> None:
        self._reader = reader
        self._clock = clock
        self._seconds = seconds
        self._asking = asyncio.Lock()
        self._looked_at: datetime | None = None
        self._last: tuple[Reported, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether anything is measured."""
        return self._reader.is_there

    async def look(self) -> tuple[Reported, ...]:
        """The worst first; empty where nothing was ever answered in time. Raises nothing of its own."""
        async with self._asking:
            if not self._is_fresh():
                self._looked_at = self._clock.now()
                await self._ask()
        return self._last

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                self._last = await self._reader.overview()
        except TimeoutError:
            return

    def _is_fresh(self) -> bool:
        now = self._clock.now()
        return self._looked_at is not None and timedelta() <= now - self._looked_at < FRESH
