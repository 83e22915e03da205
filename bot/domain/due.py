"""Deadlines in business days, and the days on which people are reminded of them."""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.domain.path import BusinessTime

REMIND_EVERY_DAYS = 2
"""Business days between two reminders of what is late."""


def business_days_after(business: BusinessTime, at: datetime, days: int) -> datetime:
    """The opening of the `days`-th business day whose local date is later than `at`'s; at least one."""
    assert days > 0
    opening = at
    for _ in range(days):
        opening = business.next_business_day_opening(opening)
    return opening


def deadline(business: BusinessTime, at: datetime, days: int) -> datetime:
    """The closing of the `days`-th business day after `at`'s."""
    return business.next_closing(business_days_after(business, at, days))


def remind_again(business: BusinessTime, at: datetime) -> datetime:
    """When people are reminded next, after a reminder at `at` of what is late."""
    return business_days_after(business, at, REMIND_EVERY_DAYS)


def local(at: datetime, zone: tzinfo) -> str:
    """An instant in words, by the clocks of `zone`: `Thu 12 Mar, 17:00 EDT`."""
    there = at.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b}, {there:%H:%M} {there.tzname()}"
