"""Windows and freezes; and when changes may start, found the slow way: going through time by the minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from bot.domain.change_policy import ChangeOpening, ChangeType, Window
from bot.domain.changes.span import Span, SpanKind
from bot.domain.changes.windows import Calendar
from tests.support.cards import ANA

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def a_window(weekday: int, opens: str, closes: str) -> Window:
    """A weekly window; Monday is 0."""
    return Window(weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


def a_kind(*windows: Window, opening: ChangeOpening = ChangeOpening.WEEKLY, approvals: int = 1) -> ChangeType:
    """A type of change."""
    return ChangeType(
        key="standard", title="Standard Change", opening=opening, windows=windows, approvals=approvals
    )


def a_span(starts: datetime, length: timedelta = timedelta(hours=2), **changes: Any) -> Span:
    """Something on the calendar: a freeze, unless it is said otherwise."""
    told: dict[str, Any] = {
        "id": "span-1",
        "number": 4,
        "kind": SpanKind.FREEZE,
        "title": "Black Friday",
        "channel": "ops",
        "by": ANA,
        "at": starts - timedelta(days=7),
    }
    return Span(starts=starts, ends=starts + length, **(told | changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """One minute: whether a window is open then, and whether it is frozen."""

    at: datetime
    is_open: bool
    is_frozen: bool


def minutes(
    kind: ChangeType, calendar: Calendar, service: str | None, since: datetime, until: datetime
) -> Iterator[Minute]:
    """Every whole minute from one to another.

    People read clocks: what a clock has shown once it has shown, though it be set back later. So the latest
    time that it has shown says what has opened and closed.
    """
    at, latest = since - 2 * DAY, datetime.min  # noqa: DTZ901 - as a clock shows it
    while at < until:
        latest = max(latest, at.astimezone(calendar.zone).replace(tzinfo=None))
        if at >= since:
            is_open = _weekly(kind, calendar, latest) or _planned(kind, calendar, service, at)
            yield Minute(at=at, is_open=is_open, is_frozen=_frozen(calendar, service, at))
        at += MINUTE


def stretches(found: Iterator[Minute]) -> list[tuple[datetime, datetime]]:
    """From when until before when it is open, without a break."""
    made: list[tuple[datetime, datetime]] = []
    for one in found:
        if one.is_open and made and made[-1][1] == one.at:
            made[-1] = (made[-1][0], one.at + MINUTE)
        elif one.is_open:
            made.append((one.at, one.at + MINUTE))
    return made


def _weekly(kind: ChangeType, calendar: Calendar, shown: datetime) -> bool:
    return any(_is_in(window, calendar, shown) for window in kind.windows)


def _is_in(window: Window, calendar: Calendar, shown: datetime) -> bool:
    for day in (shown.date(), (shown - DAY).date()):
        opens, closes = datetime.combine(day, window.opens), datetime.combine(day, window.closes)
        if closes < opens:
            closes += DAY
        is_free = calendar.is_holiday(day) and not calendar.on_holidays
        if day.weekday() == window.weekday and not is_free and opens <= shown < closes:
            return True
    return False


def _planned(kind: ChangeType, calendar: Calendar, service: str | None, at: datetime) -> bool:
    return kind.opening is not ChangeOpening.ANYTIME and any(
        one.kind is SpanKind.WINDOW
        and one.removed is None
        and one.change_kind == kind.key
        and (one.service is None or one.service == service)
        and one.starts <= at < one.ends
        for one in calendar.spans
    )


def _frozen(calendar: Calendar, service: str | None, at: datetime) -> bool:
    return any(
        one.kind is SpanKind.FREEZE
        and one.removed is None
        and (service is None or one.service is None or one.service == service)
        and one.starts <= at < one.ends
        for one in calendar.spans
    )
