"""When changes may start: weekly windows and those on the calendar, as instants; and freezes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.business_time import instant_of
from bot.domain.change_policy import ChangeOpening, ChangePolicy, ChangeType, Window
from bot.domain.changes.span import Span, SpanKind
from bot.domain.path import BusinessTime

WITHIN = timedelta(days=90)
"""How far ahead an opening is looked for. What is open without an end is not followed further, either."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A window as it comes: from when until before when. `title` and `span` are of what leads planned."""

    opens: datetime
    closes: datetime
    title: str | None = None
    span: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What decides when something may be changed.

    `is_holiday` says of a local date whether it is a public holiday; weekends are days like any other.
    `on_holidays` says whether weekly windows open nevertheless. `spans` is what leads have put on it.
    """

    zone: ZoneInfo
    is_holiday: Callable[[date], bool]
    on_holidays: bool = False
    spans: tuple[Span, ...] = ()


def calendar_of(business: BusinessTime, policy: ChangePolicy, spans: Iterable[Span]) -> Calendar:
    """The organisation's, with what leads have put on it."""
    return Calendar(
        zone=business.zone,
        is_holiday=business.is_holiday,
        on_holidays=policy.on_holidays,
        spans=tuple(spans),
    )


def openings(
    kind: ChangeType, calendar: Calendar, service: str | None, since: datetime, until: datetime
) -> tuple[Opening, ...]:
    """The windows of a type of change that are open at some time in `[since, until)`, in order, whole.

    Of a service, or of the platform (None), for which a window of one service alone is none. Windows that
    overlap or touch are one. Those of a public holiday's local date do not open; one over midnight
    is of the day on which it opens. A type that may start at any time has none. Freezes are not looked at.
    """
    if since >= until:
        return ()
    reach = 2 * _DAY
    while True:
        first, last = since - reach, until + reach
        found = [
            one
            for one in _merged(_single(kind, calendar, service, first, last))
            if one.closes > since and one.opens < until
        ]
        cut = any(one.opens <= first or one.closes >= last for one in found)
        if not cut or reach > WITHIN:
            return tuple(found)
        reach *= 2


def opening_at(kind: ChangeType, calendar: Calendar, service: str | None, at: datetime) -> Opening | None:
    """The window that is open at an instant. None for a type that may start at any time, too."""
    return next(iter(openings(kind, calendar, service, at, at + _INSTANT)), None)


def frozen(calendar: Calendar, service: str | None, at: datetime) -> Span | None:
    """The freeze at an instant; of several the one that ends last. Any service's freezes the platform."""
    return next(iter(freezes(calendar, service, at)), None)


def freezes(calendar: Calendar, service: str | None, at: datetime) -> tuple[Span, ...]:
    """All freezes at an instant, the one that ends last first."""
    on = (one for one in calendar.spans if one.kind is SpanKind.FREEZE and one.covers(at))
    return tuple(sorted((one for one in on if one.is_about(service)), key=lambda one: one.ends, reverse=True))


def next_freeze(calendar: Calendar, service: str | None, after: datetime, until: datetime) -> Span | None:
    """The first freeze that begins after an instant, and before another."""
    coming = (
        one
        for one in calendar.spans
        if one.kind is SpanKind.FREEZE and one.is_open and one.starts < one.ends and one.is_about(service)
    )
    return min(
        (one for one in coming if after < one.starts < until), key=lambda one: one.starts, default=None
    )


def next_opening(
    kind: ChangeType,
    calendar: Calendar,
    service: str | None,
    after: datetime,
    within: timedelta = WITHIN,
) -> datetime | None:
    """The first instant from `after` on at which a window is open and nothing is frozen; None: none near."""
    at, end = after, after + within
    while at < end:
        freeze = frozen(calendar, service, at)
        if freeze is not None:
            at = freeze.ends
            continue
        if kind.opening is ChangeOpening.ANYTIME:
            return at
        opening = _first(kind, calendar, service, at, end)
        if opening is None:
            return None
        if opening.opens <= at:
            return at
        at = opening.opens
    return None


def _first(
    kind: ChangeType, calendar: Calendar, service: str | None, since: datetime, end: datetime
) -> Opening | None:
    """The first window from an instant on, looked for week by week."""
    while since < end:
        found = openings(kind, calendar, service, since, min(since + _WEEK, end))
        if found:
            return found[0]
        since += _WEEK
    return None


def _single(
    kind: ChangeType, calendar: Calendar, service: str | None, since: datetime, until: datetime
) -> Iterator[Opening]:
    """Each window by itself that is open between two instants; never one without a length."""
    every = (*_weekly(kind.windows, calendar, since, until), *_planned(kind, calendar, service))
    return (one for one in every if one.opens < one.closes and one.closes > since and one.opens < until)


def _weekly(
    windows: tuple[Window, ...], calendar: Calendar, since: datetime, until: datetime
) -> Iterator[Opening]:
    day, last = (at.astimezone(calendar.zone).date() for at in (since, until))
    day -= _DAY  # what opens before midnight may still be open
    while day <= last:
        today = [one for one in windows if one.weekday == day.weekday()]
        if today and (calendar.on_holidays or not calendar.is_holiday(day)):
            yield from (_on(day, one, calendar.zone) for one in today)
        day += _DAY


def _on(day: date, window: Window, zone: ZoneInfo) -> Opening:
    closing = day + _DAY if window.closes < window.opens else day
    return Opening(opens=instant_of(zone, day, window.opens), closes=instant_of(zone, closing, window.closes))


def _planned(kind: ChangeType, calendar: Calendar, service: str | None) -> Iterator[Opening]:
    if kind.opening is ChangeOpening.ANYTIME:
        return
    for one in calendar.spans:
        is_own = one.kind is SpanKind.WINDOW and one.change_kind == kind.key and one.is_open
        if is_own and one.service in {None, service}:
            yield Opening(opens=one.starts, closes=one.ends, title=one.title, span=one.label)


def _merged(found: Iterable[Opening]) -> list[Opening]:
    merged: list[Opening] = []
    for one in sorted(found, key=lambda each: (each.opens, each.closes)):
        last = merged[-1] if merged else None
        if last is None or one.opens > last.closes:
            merged.append(one)
            continue
        named = last if last.span is not None else one
        closes = max(last.closes, one.closes)
        merged[-1] = replace(last, closes=closes, title=named.title, span=named.span)
    return merged
