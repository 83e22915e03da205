"""The wall clock, and random identities: the one place that reads either."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

_MICROSECONDS = 1000


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present, aware, in UTC, cut to milliseconds."""
        now = datetime.now(UTC)  # noqa: TID251 - the one home of the wall clock
        return now.replace(microsecond=now.microsecond // _MICROSECONDS * _MICROSECONDS)


class OffsetClock:
    """The machine's clock plus the milliseconds that a file holds, for the sandbox's moved time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._wall = WallClock()

    def now(self) -> datetime:
        """The moved present; a file that is missing or being written counts as no offset."""
        try:
            offset = int(self._file.read_text(encoding="ascii").strip() or 0)
        except (OSError, ValueError):
            offset = 0
        return self._wall.now() + timedelta(milliseconds=offset)


class RandomIds:
    """Random UUIDs."""

    def new_id(self) -> str:
        """A random identity (UUID version 4), in hexadecimal."""
        return uuid.uuid4().hex
