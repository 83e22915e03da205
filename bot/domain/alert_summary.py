"""The daily summary of alerts: when it is due, what it covers, and what it says to one channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.business_time import instant_of
from bot.domain.noise import NoiseReport
from bot.domain.path import BusinessTime

LONGEST_COVERED = timedelta(days=7)
"""A summary reaches back to the one before it, but not further than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSummary:
    """What fired in one channel (of the guide's) since the summary before.

    `security`: security alerts are among it, so that it may be read in their own channel only.
    """

    channel: str
    report: NoiseReport
    security: bool

    @property
    def room(self) -> None:
        """It is told in a channel of the guide's."""
        return


def summary_due(now: datetime, at: time, zone: ZoneInfo, business: BusinessTime) -> datetime | None:
    """Today's instant at which a summary is due, once it has come. None on days on which nobody works.

    One that was missed on an earlier day is not made up for: the next one covers what it would have said.
    """
    today = now.astimezone(zone).date()
    noon_before = instant_of(zone, today - timedelta(days=1), time(12))
    if business.next_business_day_opening(noon_before).astimezone(zone).date() != today:
        return None
    due = instant_of(zone, today, at)
    return due if due <= now else None


def covered(last: datetime, due: datetime) -> datetime:
    """From when on a summary counts."""
    return max(last, due - LONGEST_COVERED)
