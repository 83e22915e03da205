"""When a checklist's runs begin and when they are to be done. Pure: days and times of the guide's zone.

A run begins at the checklist's local time `at`, on a business day of its cadence. Whether a day is one of
them depends on the calendar and the guide alone, never on when somebody asks: so what is found for spans that
join is what is found for the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.business_time import SEARCH_DAYS, instant_of
from bot.domain.checklist import Cadence, Checklist
from bot.domain.path import BusinessTime

LATE = timedelta(minutes=5)
"""A run that is posted later than this says so."""

_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time at which a run of a checklist is to begin: its local date, and the instant."""

    day: date
    at: datetime

    @property
    def key(self) -> str:
        """What tells it apart from the checklist's others: its local date."""
        return self.day.isoformat()

    def is_late(self, now: datetime) -> bool:
        """Whether somebody should be told that it was to begin earlier."""
        return now - self.at > LATE


def occurrences(
    checklist: Checklist, calendar: BusinessTime, after: datetime, until: datetime
) -> tuple[Occurrence, ...]:
    """The occurrences strictly after `after`, up to and with `until`, in order."""
    # A day that a zone skips whole begins when the next one does: one day more on either side.
    first, last = _local_date(calendar, after) - _DAY, _local_date(calendar, until) + _DAY
    days = (last - first).days + 1
    found = _from(checklist, calendar, first, days)
    return tuple(each for each in found if after < each.at <= until)


def next_occurrence(checklist: Checklist, calendar: BusinessTime, after: datetime) -> Occurrence | None:
    """The first occurrence strictly after `after`. None where there is none for over a year."""
    found = _from(checklist, calendar, _local_date(calendar, after) - _DAY, SEARCH_DAYS)
    return next((each for each in found if each.at > after), None)


def due_of(checklist: Checklist, calendar: BusinessTime, begun: datetime) -> datetime:
    """When a run that begins at `begun` is to be done: a closing time, always after `begun`.

    The day on which it begins counts as the first of the checklist's `days` business days, unless nobody
    works on it or it has closed by then: nobody could do anything on it.
    """
    due = begun
    for _ in range(checklist.days):
        due = calendar.next_closing(due)
    return due


def _from(checklist: Checklist, calendar: BusinessTime, first: date, days: int) -> Iterator[Occurrence]:
    for day in (first + timedelta(days=count) for count in range(days)):
        if calendar.is_business_day(day) and _is_its_day(checklist, calendar, day):
            yield Occurrence(day=day, at=instant_of(calendar.zone, day, checklist.at))


def _is_its_day(checklist: Checklist, calendar: BusinessTime, day: date) -> bool:
    """Whether a business day is one of the checklist's."""
    match checklist.cadence:
        case Cadence.DAILY:
            return True
        case Cadence.WEEKLY:
            return _stands_for(calendar, day, checklist.weekday)
        case Cadence.MONTHLY:
            return _is_nth(calendar, day, checklist.business_day)


def _stands_for(calendar: BusinessTime, day: date, weekday: int | None) -> bool:
    """Whether a business day is the weekday asked for, or the first business day after a free one.

    Two weeks that are free as a whole move to the same day, which is theirs once.
    """
    if day.weekday() == weekday:
        return True
    for count in range(1, _WEEK):
        earlier = day - count * _DAY
        if calendar.is_business_day(earlier):
            return False
        if earlier.weekday() == weekday:
            return True
    return False


def _is_nth(calendar: BusinessTime, day: date, number: int | None) -> bool:
    """Whether a business day is its month's n-th, or its last one where it has fewer."""
    assert number is not None, "a monthly checklist has its day"
    month = [day.replace(day=1) + count * _DAY for count in range(_DAYS_OF_LONGEST_MONTH)]
    business = [each for each in month if each.month == day.month and calendar.is_business_day(each)]
    return day == business[min(number, len(business)) - 1]


_DAYS_OF_LONGEST_MONTH = 31


def _local_date(calendar: BusinessTime, instant: datetime) -> date:
    return instant.astimezone(calendar.zone).date()
