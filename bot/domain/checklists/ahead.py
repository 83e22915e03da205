"""When changes may start next, in words."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from bot.domain.change_policy import ChangeOpening, ChangePolicy, ChangeType
from bot.domain.changes.windows import Calendar, Opening, openings
from bot.domain.text import clean

MOST_OPENINGS = 3
"""Of one type of change."""

AHEAD = timedelta(days=7)
"""What opens later is another week's."""

_TITLE = 60
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ahead(changes: ChangePolicy, calendar: Calendar, now: datetime) -> tuple[str, ...]:
    """A line for each type of change: `Standard Change: Tue 1 Dec 14:00 to 16:00, Thu … (EST)`."""
    return tuple(
        f"{clean(kind.title, _TITLE)}: {_when(kind, calendar, now)}" for kind in changes.types.values()
    )


def _when(kind: ChangeType, calendar: Calendar, now: datetime) -> str:
    match kind.opening:
        case ChangeOpening.ANYTIME:
            return "at any time"
        case ChangeOpening.PLANNED:
            return "in planned windows only"
        case ChangeOpening.WEEKLY:
            return _weekly(openings(kind, calendar, None, now, now + AHEAD), calendar.zone, now)


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
