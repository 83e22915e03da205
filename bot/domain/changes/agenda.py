"""What stands on the days ahead: windows, freezes, holidays and changes, day by day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.business_time import instant_of
from bot.domain.change_policy import ChangeOpening, ChangePolicy, ChangeType
from bot.domain.changes.change import AHEAD as BEFORE
from bot.domain.changes.change import Change
from bot.domain.changes.span import Span, SpanKind
from bot.domain.changes.windows import Calendar, Opening, openings

DAYS_AHEAD = 14
"""How many days are shown where none are named."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaWindow:
    """A window as it comes. `service` is the key of the only one that it is for, `shut` a freeze in it."""

    kind: ChangeType
    opening: Opening
    service: str | None = None
    shut: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaChange:
    """A change as it was, is, or is planned. `url` is where its card stands."""

    change: Change
    url: str | None = None

    @property
    def at(self) -> datetime:
        """When it was started, or is to start."""
        return begins(self.change)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaDay:
    """One day of the guide's clocks: what begins on it, or goes on since before what is shown."""

    day: date
    holiday: bool = False
    windows: tuple[AgendaWindow, ...] = ()
    freezes: tuple[Span, ...] = ()
    changes: tuple[AgendaChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell of it."""
        return not (self.holiday or self.windows or self.freezes or self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The days from `first` to before `end`, of a service (a key), or of all. `now` is when it was read."""

    now: datetime
    first: date
    end: date
    service: str | None
    days: tuple[AgendaDay, ...]
    on_holidays: bool = False


def begins(change: Change) -> datetime:
    """When it was started, or is to start."""
    return change.started or change.plan.starts


def days_ahead(zone: ZoneInfo, now: datetime) -> tuple[date, date]:
    """Today, and the day before which is shown."""
    today = now.astimezone(zone).date()
    return today, today + DAYS_AHEAD * _DAY


def days_of(year: int, month: int) -> tuple[date, date]:
    """The first day of a month, and of the next one."""
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def bounds(zone: ZoneInfo, first: date, end: date) -> tuple[datetime, datetime]:
    """The instants at which the first day begins, and the last one is over."""
    return instant_of(zone, first, time()), instant_of(zone, end, time())


def agenda(
    policy: ChangePolicy,
    calendar: Calendar,
    changes: Iterable[AgendaChange],
    *,
    now: datetime,
    first: date,
    end: date,
    service: str | None = None,
) -> Agenda:
    """The days on which there is anything, in order."""
    since, until = bounds(calendar.zone, first, end)
    windows = list(_windows(policy, calendar, service, since, until))
    freezes = [one for one in _standing(calendar, SpanKind.FREEZE, since, until) if one.is_about(service)]
    listed = sorted(changes, key=lambda one: (one.at, one.change.number))
    days = []
    for count in range((end - first).days):
        day = first + count * _DAY
        begun = _Begun(calendar=calendar, day=day, first=first)
        days.append(
            AgendaDay(
                day=day,
                holiday=calendar.is_holiday(day),
                windows=tuple(one for one in windows if begun.on(one.opening.opens)),
                freezes=tuple(one for one in freezes if begun.on(one.starts)),
                changes=tuple(one for one in listed if begun.on(one.at)),
            )
        )
    return Agenda(
        now=now,
        first=first,
        end=end,
        service=service,
        days=tuple(one for one in days if not one.is_empty),
        on_holidays=calendar.on_holidays,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """Whether something is shown on a day: it begins then, or before the first one that is shown."""

    calendar: Calendar
    day: date
    first: date

    def on(self, at: datetime) -> bool:
        return max(at.astimezone(self.calendar.zone).date(), self.first) == self.day


def is_late(change: Change, now: datetime) -> bool:
    """Whether it was planned to have been started by now."""
    return change.state in BEFORE and change.plan.starts < now


def _windows(
    policy: ChangePolicy, calendar: Calendar, service: str | None, since: datetime, until: datetime
) -> Iterator[AgendaWindow]:
    """Those of every type, in order; where all services are asked for, those of each one alone, too."""
    found: list[AgendaWindow] = []
    for kind in policy.types.values():
        if kind.opening is ChangeOpening.ANYTIME:
            continue
        found += [
            AgendaWindow(kind=kind, opening=one, shut=_shut(calendar, service, one))
            for one in openings(kind, calendar, service, since, until)
        ]
        if service is None:
            found += _of_one_service(kind, calendar, since, until)
    yield from sorted(found, key=lambda one: (one.opening.opens, one.opening.closes, one.kind.key))


def _of_one_service(
    kind: ChangeType, calendar: Calendar, since: datetime, until: datetime
) -> Iterator[AgendaWindow]:
    for span in _standing(calendar, SpanKind.WINDOW, since, until):
        if span.change_kind == kind.key and span.service is not None:
            opening = Opening(opens=span.starts, closes=span.ends, title=span.title, span=span.label)
            shut = _shut(calendar, span.service, opening)
            yield AgendaWindow(kind=kind, opening=opening, service=span.service, shut=shut)


def _standing(calendar: Calendar, kind: SpanKind, since: datetime, until: datetime) -> Iterator[Span]:
    return (
        one
        for one in calendar.spans
        if one.kind is kind and one.is_open and one.starts < until and one.ends > since
    )


def _shut(calendar: Calendar, service: str | None, opening: Opening) -> Span | None:
    """The freeze that takes most of a window, where one does; of one service alone it shuts no other's."""
    freezes = [
        one
        for one in _standing(calendar, SpanKind.FREEZE, opening.opens, opening.closes)
        if one.service in {None, service}
    ]
    return max(
        freezes,
        key=lambda one: min(one.ends, opening.closes) - max(one.starts, opening.opens),
        default=None,
    )
