"""A clock that stands still until a test moves it, and identities that a test can foretell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from typing_extensions import override

from bot.ports.clock import Clock, IdSource

MONDAY_NOON = datetime(2026, 3, 16, 16, 0, tzinfo=UTC)
"""Monday 16 March 2026, 12:00 in New York: a business day with nothing special about it."""


class FakeClock(Clock):
    """Shows the same instant until it is advanced."""

    def __init__(self, now: datetime = MONDAY_NOON) -> None:
        self._now = now

    @override
    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta | None = None, **parts: float) -> datetime:
        """Move forward by a length of time, or by parts of one: `advance(minutes=15)`."""
        step = timedelta(**parts) if by is None else by
        assert step >= timedelta(), "time does not run backwards"
        self._now += step
        return self._now

    def advance_to(self, instant: datetime) -> datetime:
        """Move forward to an instant."""
        return self.advance(instant - self._now)


class SequenceIds(IdSource):
    """`id-1`, `id-2`, …"""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._numbers = count(1)

    @override
    def new_id(self) -> str:
        return f"{self._prefix}-{next(self._numbers)}"
