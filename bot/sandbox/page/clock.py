"""The sandbox's time: one file holds by how many milliseconds it is ahead of the machine's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.adapters.clock import OffsetClock
from bot.sandbox.page.morning import next_morning

LONGEST_ADVANCE_MS = 366 * 24 * 60 * 60 * 1000


class MovedClock:
    """Reads and moves the time that the bot and the stand-ins share. It only ever goes forward."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._clock = OffsetClock(file)

    def advance(self, milliseconds: int) -> None:
        """Move the time on. Raises ValueError for what is no step forward of at most a year."""
        if not 1 <= milliseconds <= LONGEST_ADVANCE_MS:
            raise ValueError(f"advance_ms must be a whole number from 1 to {LONGEST_ADVANCE_MS}")
        self._write(self._offset() + milliseconds)

    def advance_to_next_morning(self) -> None:
        """Move the time on to the next business day's first reviews."""
        now = self._clock.now()
        self.advance(-((now - next_morning(now)) // timedelta(milliseconds=1)))

    def to_json(self) -> dict[str, int]:
        """By how much it is ahead, and the present in epoch milliseconds."""
        return {"offset_ms": self._offset(), "now": round(self._clock.now().timestamp() * 1000)}

    def _offset(self) -> int:
        try:
            return int(self._file.read_bytes())
        except FileNotFoundError:
            return 0

    def _write(self, offset: int) -> None:
        # Renamed into place: the processes that read it at any moment never see half a number.
        new = self._file.with_name(f"{self._file.name}.new")
        new.write_text(str(offset), encoding="ascii")
        new.replace(self._file)
