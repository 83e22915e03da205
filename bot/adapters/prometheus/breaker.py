"""Leaves a database alone that does not answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.adapters.prometheus.limits import Limits
from bot.ports.clock import Clock


class Breaker:
    """Opens after so many failures in a row, for so long; then it is to be tried once more."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._failures = 0
        self._opened_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has opened and nothing has been answered since."""
        return self._opened_at is not None

    @property
    def rests(self) -> timedelta:
        """For how long nothing is to be asked yet."""
        if self._opened_at is None:
            return timedelta(0)
        since = self._clock.now() - self._opened_at
        is_over = not timedelta(0) <= since < self._limits.pause  # clocks are set back
        return timedelta(0) if is_over else self._limits.pause - since

    def answered(self) -> None:
        """There was an answer."""
        self._failures, self._opened_at = 0, None

    def failed(self) -> None:
        """There was none."""
        self._failures += 1
        if self._failures >= self._limits.failures:
            self._opened_at = self._clock.now()
