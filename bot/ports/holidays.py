"""What the bot needs of a calendar of public holidays."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class HolidayCalendar(Protocol):
    """Says which days are free for everybody. Answers at once: no call to the outside."""

    def is_holiday(self, day: date) -> bool:
        """Whether the local date `day` is a public holiday."""
