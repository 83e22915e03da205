"""When the organisation works: business days, opening and closing as instants.

Local wall-clock times become instants by the organisation's zone. A local time that a clock change
skips stands for the first instant after the gap; one that comes twice stands for its first coming. So
the order of local times is always the order of their instants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.guide import BusinessHours

SEARCH_DAYS = 400
"""How many days are looked at before a calendar is said to have no business day: over a year."""

_DAY = timedelta(days=1)


class NoBusinessDayError(Exception):
    """The working days and holidays leave no business day within `SEARCH_DAYS` days."""


def instant_of(zone: ZoneInfo, day: date, at: time) -> datetime:
    """The UTC instant at which the clocks of `zone` first show `at` on `day`, or skip over it."""
    local = datetime.combine(day, at.replace(tzinfo=None), tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(zone, local)


def _end_of_gap(zone: ZoneInfo, skipped: datetime) -> datetime:
    """The instant of the clock change that skips the local time `skipped`, to the second."""
    before, after = skipped.replace(fold=1).astimezone(UTC), skipped.replace(fold=0).astimezone(UTC)
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessCalendar:
    """The organisation's working time. `is_holiday` says of a local date whether it is a public holiday.

    Takes aware datetimes and returns UTC ones. The searches raise `NoBusinessDayError`.
    """

    zone: ZoneInfo
    hours: BusinessHours
    is_holiday: Callable[[date], bool]

    def is_business_day(self, day: date) -> bool:
        """Whether the organisation works on the local date `day`."""
        return day.weekday() in self.hours.weekdays and not self.is_holiday(day)

    def day_opening(self, day: date) -> datetime:
        """The opening time of the local date `day`, whether or not it is a business day."""
        return instant_of(self.zone, day, self.hours.opens)

    def day_closing(self, day: date) -> datetime:
        """The closing time of the local date `day`, whether or not it is a business day."""
        return instant_of(self.zone, day, self.hours.closes)

    def next_opening(self, after: datetime) -> datetime:
        """The first opening of a business day strictly after `after`: today's, where it is yet to come."""
        return self._first(self.day_opening, after, self._local_date(after))

    def next_closing(self, after: datetime) -> datetime:
        """The first closing of a business day strictly after `after`: today's, where it is yet to come."""
        return self._first(self.day_closing, after, self._local_date(after))

    def next_business_day_opening(self, after: datetime) -> datetime:
        """The opening of the first business day whose local date is later than `after`'s.

        Also where `after` is a business day before opening time: its own opening is not meant. This is
        the guide's "next business day".
        """
        return self._first(self.day_opening, after, self._local_date(after) + _DAY)

    def _local_date(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def _first(self, instant_on: Callable[[date], datetime], after: datetime, start: date) -> datetime:
        instants = map(instant_on, self._business_days(start))
        found = next((instant for instant in instants if instant > after), None)
        if found is None:
            raise NoBusinessDayError(
                f"The guide's working days and holidays leave no business day in the {SEARCH_DAYS} days "
                f"from {start.isoformat()}."
            )
        return found

    def _business_days(self, start: date) -> Iterator[date]:
        days = (start + timedelta(days=count) for count in range(SEARCH_DAYS))
        return filter(self.is_business_day, days)
