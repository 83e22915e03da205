"""What time it is in the stand-in: the machine's clock, plus an offset that the sandbox moves."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

Clock = Callable[[], int]
"""The present in UTC epoch milliseconds."""


def wall_clock() -> int:
    """The machine's clock, in epoch milliseconds."""
    return time.time_ns() // 1_000_000


class OffsetClock:
    """The machine's clock plus the milliseconds written in a file, which outlives every process.

    A file that is missing or half written counts as what was last read, at first zero.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def __call__(self) -> int:
        """The present in the sandbox."""
        with suppress(OSError, ValueError):
            self._offset = int(self._path.read_bytes())
        return wall_clock() + self._offset


def iso(milliseconds: int) -> str:
    """Epoch milliseconds as PagerDuty writes instants."""
    at = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
