"""The dates that an axis of time names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo

MOST_NAMED = 6

_DAY = timedelta(days=1)
_QUARTER = timedelta(minutes=15)
_DAYS = (1, 2, 5, 7, 10, 14, 30, 60, 120, 365)
_HOURS = (1, 2, 3, 6, 12)
_FEW_DAYS = 2


def dates(since: datetime, until: datetime, zone: tzinfo) -> list[tuple[datetime, str]]:
    """Instants from one to another, and what they are called there: `14 Mar`; within two days `14:00`."""
    days = (until - since) / _DAY
    if days <= _FEW_DAYS:
        every = next((hours for hours in _HOURS if days * 24 / hours < MOST_NAMED), _HOURS[-1])
        return [(at, f"{at:%H:%M}") for at in _hours(since, until, zone, every)]
    apart = next((number for number in _DAYS if days / number < MOST_NAMED), _DAYS[-1])
    return [(at, f"{at.day} {at:%b}") for at in _midnights(since, until, zone, apart)]


def _hours(since: datetime, until: datetime, zone: tzinfo, every: int) -> Iterator[datetime]:
    """Full hours of the zone's clock, divisible by `every`. Some zones are off by a quarter of an hour."""
    at = since.astimezone(UTC)
    at -= timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    while at <= until:
        there = at.astimezone(zone)
        if at >= since and there.minute == 0 and there.hour % every == 0:
            yield there
        at += _QUARTER


def _midnights(since: datetime, until: datetime, zone: tzinfo, apart: int) -> Iterator[datetime]:
    """The beginnings of days, so many days apart; the last one is named."""
    days = []
    day = until.astimezone(zone).date()
    while (at := datetime.combine(day, time(), zone)) >= since:
        days.append(at)
        day -= timedelta(days=apart)
    yield from reversed(days)
