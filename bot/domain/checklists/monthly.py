"""When the reviews of a month are told: on the first business day of the month after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.business_time import instant_of
from bot.domain.checklists.figures import OpenProblem, Report
from bot.domain.path import BusinessTime

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelReport:
    """How the reviews of one channel (of the guide's) went in a month.

    `security`: texts may be read in that channel only. `problems` are those that are still open.
    """

    channel: str
    report: Report
    security: bool
    problems: tuple[OpenProblem, ...] = ()

    @property
    def room(self) -> None:
        """It is told in a channel of the guide's."""
        return


def month_due(now: datetime, at: time, business: BusinessTime) -> datetime:
    """The newest instant, not after `now`, at which a month was to be told: one that was missed, late."""
    first = now.astimezone(business.zone).date().replace(day=1)
    due = _due_in(first, at, business)
    return due if due <= now else _due_in((first - _DAY).replace(day=1), at, business)


def month_before(due: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The month that is told then: from its first midnight until before the next month's."""
    first = due.astimezone(zone).date().replace(day=1)
    return instant_of(zone, (first - _DAY).replace(day=1), time()), instant_of(zone, first, time())


def _due_in(first: date, at: time, business: BusinessTime) -> datetime:
    days = (day for day in _days_of(first) if business.is_business_day(day))
    return instant_of(business.zone, next(days, first), at)


def _days_of(first: date) -> Iterator[date]:
    day = first
    while day.month == first.month:
        yield day
        day += _DAY
