"""The next morning, when the guide's first reviews of the day have just been posted."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
AT = time(9, 16)
"""A minute after the health check and the alert review. Much later, and they would count as posted late."""
_SATURDAY = 5


def next_morning(now: datetime) -> datetime:
    """The first 09:16 in New York on a day from Monday to Friday that is after `now` (aware), in UTC.

    Holidays count as business days here: the bot knows the guide's calendar and waits on them by itself.
    """
    day = now.astimezone(ZONE).date()
    while True:
        # The zone's offset is that of the morning itself, so a night with a change of clocks comes out right.
        morning = datetime.combine(day, AT, ZONE).astimezone(UTC)
        if day.weekday() < _SATURDAY and morning > now:
            return morning
        day += timedelta(days=1)
