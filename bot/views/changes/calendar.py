"""The calendar of changes as text: what stands on the days ahead, by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, tzinfo

from bot.domain.changes.agenda import Agenda, AgendaChange, AgendaDay, AgendaWindow, is_late
from bot.domain.changes.span import Span
from bot.domain.guide import Guide
from bot.domain.text import day_words
from bot.views.alert_list import packed
from bot.views.blocks import Block, Message, context, header, message
from bot.views.changes.calendar_buttons import calendar_buttons
from bot.views.changes.states import change_emoji, change_word
from bot.views.markup import Markup, bold, inert, link

_ROOM = 8500
_MOST_LINES = 15
"""Of a day: more than that is a list's, not a calendar's."""
_NAME, _TITLE = 60, 80
_NOTHING = Markup("Nothing stands on it: no window, no freeze, no change.")


def calendar_message(agenda: Agenda, guide: Guide, *, may_act: bool, zone: tzinfo) -> Message:
    """The calendar; with the buttons that put something on it, for whoever may. Clocks are the guide's."""
    title = _title(agenda, guide)
    days = [_day(one, agenda, guide, zone) for one in agenda.days] or [_NOTHING]
    blocks: list[Block] = [header(title), *packed(None, days, _ROOM)]
    blocks.append(context(*_small_print(agenda, guide, zone)))
    if may_act:
        blocks.append(calendar_buttons())
    return message(Markup("\n".join([inert(title), *days])), blocks)


def clocks(since: datetime, until: datetime, day: date, zone: tzinfo) -> str:
    """From when to when, with the days where they are others than `day`."""
    return f"{_clock(since, day, zone)}–{_clock(until, day, zone)}"  # noqa: RUF001 - a dash between times


def _title(agenda: Agenda, guide: Guide) -> str:
    last = date.fromordinal(agenda.end.toordinal() - 1)
    service = guide.services.get(agenda.service or "")
    of = f" of {service.title}" if service else ""
    return f"🗓️ Changes{of}, {day_words(agenda.first)} to {day_words(last)} {last.year}"


def _day(day: AgendaDay, agenda: Agenda, guide: Guide, zone: tzinfo) -> Markup:
    today = agenda.now.astimezone(zone).date() == day.day
    title = f"{day_words(day.day)}{' · today' if today else ''}"
    lines = list(_lines(day, agenda, guide, zone))
    left = len(lines) - _MOST_LINES
    more = [Markup(f"and {left} more: `/change list all`")] if left > 0 else []
    return Markup("\n".join([bold(Markup(title)), *lines[:_MOST_LINES], *more]))


def _lines(day: AgendaDay, agenda: Agenda, guide: Guide, zone: tzinfo) -> Iterator[Markup]:
    if day.holiday:
        shut = "" if agenda.on_holidays else ": weekly windows stay shut"
        yield Markup(f"🎌 Public holiday{shut}")
    for span in day.freezes:
        yield _freeze(span, day, guide, zone)
    for window in day.windows:
        yield _window(window, day, guide, zone)
    for one in day.changes:
        yield _change(one, day, agenda, guide, zone)


def _freeze(span: Span, day: AgendaDay, guide: Guide, zone: tzinfo) -> Markup:
    times = clocks(span.starts, span.ends, day.day, zone)
    about = _service(span.service, guide) if span.service else Markup("all services")
    return Markup(f"🧊 {times} {bold(inert(f'{span.label} Freeze: {span.title}', _TITLE))} · {about}")


def _window(window: AgendaWindow, day: AgendaDay, guide: Guide, zone: tzinfo) -> Markup:
    opening = window.opening
    times = clocks(opening.opens, opening.closes, day.day, zone)
    planned = _planned(window)
    of = f" · {_service(window.service, guide)}" if window.service else ""
    shut = f" · {inert(f'shut by {window.shut.label}')}" if window.shut else ""
    emoji = "🛠️" if opening.span else "🟢"
    return Markup(f"{emoji} {times} {inert(f'{window.kind.title}{planned}', _TITLE)}{of}{shut}")


def _planned(window: AgendaWindow) -> str:
    """Which one of the calendar it is, and what for, where that says more than its type."""
    label, title = window.opening.span, window.opening.title or ""
    if label is None:
        return ""
    return f" {label}" if title.startswith(window.kind.title) else f": {label} {title}"


def _change(one: AgendaChange, day: AgendaDay, agenda: Agenda, guide: Guide, zone: tzinfo) -> Markup:
    change = one.change
    until = change.closed or (change.due if change.is_running else None) or change.plan.ends
    name = (
        link(one.url, f"{change.label} {change.title}")
        if one.url
        else inert(f"{change.label} {change.title}")
    )
    state = change_word(change.state).lower()
    late = ", not started" if is_late(change, agenda.now) else ""
    return Markup(
        f"{change_emoji(change.state)} {clocks(one.at, until, day.day, zone)} {name} · "
        f"{_service(change.service, guide)} · {state}{late}"
    )


def _service(key: str | None, guide: Guide) -> Markup:
    service = guide.services.get(key or "")
    return inert(service.title if service else key or "Platform", _NAME)


def _clock(at: datetime, day: date, zone: tzinfo) -> str:
    there = at.astimezone(zone)
    return f"{there:%H:%M}" if there.date() == day else f"{day_words(there.date())} {there:%H:%M}"


def _small_print(agenda: Agenda, guide: Guide, zone: tzinfo) -> Iterator[Markup]:
    names = {at.tzname() or "" for at in _ends_of(agenda, zone)}
    yield inert(f"Times are {' and '.join(sorted(names))}, {guide.organization.zone.key}")
    anytime = [one.title for one in guide.changes.types.values() if one.is_emergency]
    if anytime:
        yield inert(f"{', '.join(anytime)}: at any time, once approved", 200)
    yield Markup(
        "`/change calendar 2026-12`, `/change calendar payment`; "
        "leads: `calendar add`, `freeze`, `unfreeze F4`"
    )


def _ends_of(agenda: Agenda, zone: tzinfo) -> tuple[datetime, datetime]:
    first, last = agenda.first, date.fromordinal(agenda.end.toordinal() - 1)
    return (
        datetime(first.year, first.month, first.day, 12, tzinfo=zone),
        datetime(last.year, last.month, last.day, 12, tzinfo=zone),
    )
