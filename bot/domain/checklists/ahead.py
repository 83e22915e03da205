"""When changes may start next, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.domain.business_time import instant_of
from bot.domain.change_policy import ChangeOpening, ChangePolicy, ChangeType, Window
from bot.domain.text import clean

MOST_OPENINGS = 3
"""Of one type of change."""

AHEAD = timedelta(days=7)
"""What opens later is another week's."""

_TITLE = 60
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A window as it comes: from when to when, as instants."""

    opens: datetime
    closes: datetime


def openings(windows: tuple[Window, ...], zone: ZoneInfo, now: datetime) -> tuple[Opening, ...]:
    """What is open at `now` or opens within a week, in order, less what a change of clocks swallows."""
    found = (one for one in _coming(windows, zone, now) if now < one.closes and one.opens < now + AHEAD)
    return tuple(sorted(found, key=lambda one: (one.opens, one.closes)))


def ahead(changes: ChangePolicy, zone: ZoneInfo, now: datetime) -> tuple[str, ...]:
    """A line for each type of change: `Standard Change: Tue 1 Dec 14:00 to 16:00, Thu … (EST)`."""
    return tuple(f"{clean(kind.title, _TITLE)}: {_when(kind, zone, now)}" for kind in changes.types.values())


def _coming(windows: tuple[Window, ...], zone: ZoneInfo, now: datetime) -> Iterator[Opening]:
    today = now.astimezone(zone).date()
    for count in range(AHEAD.days + 1):
        day = today + timedelta(days=count)
        for window in windows:
            if window.weekday == day.weekday():
                opens, closes = (instant_of(zone, day, at) for at in (window.opens, window.closes))
                if opens < closes:
                    yield Opening(opens=opens, closes=closes)


def _when(kind: ChangeType, zone: ZoneInfo, now: datetime) -> str:
    match kind.opening:
        case ChangeOpening.ANYTIME:
            return "at any time"
        case ChangeOpening.PLANNED:
            return "in planned windows only"
        case ChangeOpening.WEEKLY:
            return _weekly(openings(kind.windows, zone, now), zone, now)


def _weekly(coming: tuple[Opening, ...], zone: tzinfo, now: datetime) -> str:
    if not coming:
        return "nothing opens within a week"
    first, *others = coming[:MOST_OPENINGS]
    told = [_open(first, zone, now) if first.opens <= now else _opening(first, zone)]
    told += [_opening(one, zone) for one in others]
    zones = dict.fromkeys(one.opens.astimezone(zone).tzname() or "" for one in coming[:MOST_OPENINGS])
    return f"{', '.join(told)} ({', '.join(zones)})"


def _open(opening: Opening, zone: tzinfo, now: datetime) -> str:
    return f"open now until {_until(opening.closes.astimezone(zone), now.astimezone(zone))}"


def _opening(opening: Opening, zone: tzinfo) -> str:
    opens, closes = opening.opens.astimezone(zone), opening.closes.astimezone(zone)
    day = f"{_DAYS[opens.weekday()]} {opens.day} {_MONTHS[opens.month - 1]}"
    return f"{day} {opens:%H:%M} to {_until(closes, opens)}"


def _until(closes: datetime, since: datetime) -> str:
    """The local time; with its day where that is another one."""
    day = "" if closes.date() == since.date() else f"{_DAYS[closes.weekday()]} "
    return f"{day}{closes:%H:%M}"
