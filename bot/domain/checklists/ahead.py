"""When changes may start next, what keeps them from it, and which are planned, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo

from bot.domain.change_policy import ChangeOpening, ChangePolicy, ChangeType
from bot.domain.changes.change import Change
from bot.domain.changes.span import SpanKind
from bot.domain.changes.windows import Calendar, Opening, openings
from bot.domain.text import DAYS, clean, day_words

MOST_OPENINGS = 3
"""Of one type of change."""

AHEAD = timedelta(days=7)
"""What opens later is another week's."""

MOST_CHANGES = 10

_TITLE = 60


def ahead(
    changes: ChangePolicy, calendar: Calendar, now: datetime, planned: Iterable[Change] = ()
) -> tuple[str, ...]:
    """A line for each type of change: `Standard Change: Tue 1 Dec 14:00 to 16:00, Thu … (EST)`.

    Then one for each freeze, and one for each change that is planned for this week, or running.
    """
    types = [f"{clean(kind.title, _TITLE)}: {_when(kind, calendar, now)}" for kind in changes.types.values()]
    return (*types, *_freezes(calendar, now), *_planned(planned, calendar.zone, now))


def _freezes(calendar: Calendar, now: datetime) -> Iterator[str]:
    for span in calendar.spans:
        if span.kind is SpanKind.FREEZE and span.is_open and now < span.ends and span.starts < now + AHEAD:
            begins = _opening(Opening(opens=span.starts, closes=span.ends), calendar.zone)
            when = begins if span.starts > now else _now_until(span.ends, calendar.zone, now)
            yield f"Freeze {span.label} {clean(span.title, _TITLE)}: {when}"


def _planned(planned: Iterable[Change], zone: tzinfo, now: datetime) -> Iterator[str]:
    coming = [one for one in planned if one.is_running or (one.is_open and one.plan.starts < now + AHEAD)]
    for one in coming[:MOST_CHANGES]:
        at = one.started or one.plan.starts
        state = one.state.value.replace("_", " ")
        yield f"{one.label} {clean(one.title, _TITLE)}: {_day(at, zone)}, {state}"
    if len(coming) > MOST_CHANGES:
        yield f"and {len(coming) - MOST_CHANGES} more changes: /change list"


def _when(kind: ChangeType, calendar: Calendar, now: datetime) -> str:
    if kind.opening is ChangeOpening.ANYTIME:
        return "at any time"
    coming = openings(kind, calendar, None, now, now + AHEAD)
    if coming:
        return _listed(coming, calendar.zone, now)
    planned = kind.opening is ChangeOpening.PLANNED
    return "in planned windows only" if planned else "nothing opens within a week"


def _listed(coming: tuple[Opening, ...], zone: tzinfo, now: datetime) -> str:
    told = [_span(one, zone, now) for one in coming[:MOST_OPENINGS]]
    zones = dict.fromkeys(one.opens.astimezone(zone).tzname() or "" for one in coming[:MOST_OPENINGS])
    return f"{', '.join(told)} ({', '.join(zones)})"


def _span(opening: Opening, zone: tzinfo, now: datetime) -> str:
    if opening.opens > now:
        return _opening(opening, zone)
    return f"open {_now_until(opening.closes, zone, now)}"


def _now_until(closes: datetime, zone: tzinfo, now: datetime) -> str:
    return f"now until {_until(closes.astimezone(zone), now.astimezone(zone))}"


def _opening(opening: Opening, zone: tzinfo) -> str:
    opens, closes = opening.opens.astimezone(zone), opening.closes.astimezone(zone)
    return f"{_day(opens, zone)} to {_until(closes, opens)}"


def _day(at: datetime, zone: tzinfo) -> str:
    there = at.astimezone(zone)
    return f"{day_words(there)} {there:%H:%M}"


def _until(closes: datetime, since: datetime) -> str:
    """The local time; with its day where that is another one."""
    day = "" if closes.date() == since.date() else f"{DAYS[closes.weekday()]} "
    return f"{day}{closes:%H:%M}"
