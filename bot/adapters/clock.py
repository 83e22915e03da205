"""The wall clock, and random identities: the one place that reads either."""

from __future__ import annotations

import uuid
from contextlib import suppress
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
    """The machine's clock plus the milliseconds that a file holds, for the sandbox's moved time.

    A file that is missing or half written counts as what was last read, at first zero.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._wall = WallClock()
        self._offset = timedelta()

    def now(self) -> datetime:
        """The moved present."""
        with suppress(OSError, ValueError):
            self._offset = timedelta(milliseconds=int(self._file.read_bytes()))
        return self._wall.now() + self._offset


class RandomIds:
    """Random UUIDs."""

    def new_id(self) -> str:
        """A random identity (UUID version 4), in hexadecimal."""
        return uuid.uuid4().hex
