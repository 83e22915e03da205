"""The next morning, by the business hours that the guide has."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
OPENING = time(9)
_SATURDAY = 5


def next_morning(now: datetime) -> datetime:
    """The first 09:00 in New York on a day from Monday to Friday that is after `now` (aware), in UTC.

    Holidays count as business days here: the bot knows the guide's calendar and waits on them by itself.
    """
    day = now.astimezone(ZONE).date()
    while True:
        # The zone's offset is that of the morning itself, so a night with a change of clocks comes out right.
        morning = datetime.combine(day, OPENING, ZONE).astimezone(UTC)
        if day.weekday() < _SATURDAY and morning > now:
            return morning
        day += timedelta(days=1)
