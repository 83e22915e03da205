"""What is around a change: windows, freezes, incidents, error budgets, other changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.change_policy import ChangeOpening
from bot.domain.changes.gate import Ground, Reason, Weight
from bot.domain.changes.gate_look import PLATFORM_TITLE, Look, denies, supports, unknown, warns
from bot.domain.changes.span import Span
from bot.domain.changes.windows import freezes, next_freeze, next_opening, opening_at
from bot.domain.slo.gate import Permission
from bot.domain.text import clean, duration

BUDGETS_LAST = timedelta(minutes=10)
"""How old news of an error budget may be. From older ones nothing follows for now."""

_TITLE = 80
_SAID = 200
_NAMED = "error budget"
"""What is found names it by itself, mostly."""


def window(look: Look) -> Iterator[Reason]:
    """Whether it is inside a window of its type, and for how long."""
    change = look.change
    if change is not None and change.is_running:
        if change.window_closes is not None:
            is_past = change.window_closes <= look.now
            said = "closed" if is_past else "closes"
            closes = look.clock(change.window_closes)
            yield warns(Ground.WINDOW, f"The window of {change.label} {said} {closes}", change.window_closes)
        return
    if look.kind.opening is ChangeOpening.ANYTIME:
        yield supports(Ground.WINDOW, f"{look.kind.title} may start at any time")
        return
    opening = opening_at(look.kind, look.known.calendar, look.asked.service, look.now)
    if opening is None:
        yield _outside(look)
        return
    named = f" ({opening.span} {clean(opening.title or '', _TITLE)})" if opening.span else ""
    closes = look.clock(opening.closes)
    text = f"The window of {look.kind.title} is open until {closes}{named}"
    yield supports(Ground.WINDOW, text, opening.closes)
    if look.length is not None and look.now + look.length > opening.closes:
        text = f"It takes {duration(look.length)}, and the window closes {closes}"
        yield warns(Ground.WINDOW, text, opening.closes)


def _outside(look: Look) -> Reason:
    opens = next_opening(look.kind, look.known.calendar, look.asked.service, look.now)
    text = f"It is outside the windows of {look.kind.title}"
    if opens is not None:
        return denies(Ground.WINDOW, f"{text}: the next one opens {look.clock(opens)}", opens)
    if look.kind.opening is ChangeOpening.PLANNED:
        return denies(Ground.WINDOW, f"{text}: the calendar has none. `/change calendar add`")
    return denies(Ground.WINDOW, f"{text}: none opens soon")


def freeze(look: Look) -> Iterator[Reason]:
    """Whether it is frozen, or will be before it is over."""
    calendar, service = look.known.calendar, look.asked.service
    on = freezes(calendar, service, look.now)
    for one in on:
        yield denies(Ground.FREEZE, f"{_called(one)} lasts until {look.clock(one.ends)}", one.ends)
    if on:
        return
    if look.length is None:
        return
    soon = next_freeze(calendar, service, look.now, look.now + look.length)
    if soon is not None:
        text = f"{_called(soon)} begins {look.clock(soon.starts)}, before it would be over"
        yield warns(Ground.FREEZE, text)


def _called(freeze: Span) -> str:
    return f"Freeze {freeze.label} “{clean(freeze.title, _TITLE)}”"


def incidents(look: Look) -> Iterator[Reason]:
    """For what somebody is called just now, and what nobody here may know, or can."""
    title, against = look.known.title(look.asked.service), [*_unknown_trouble(look)]
    yield from (denies(Ground.INCIDENT, f"{label} is open") for label in look.known.obstacles)
    yield from against
    if not look.known.obstacles and not against:
        yield supports(Ground.INCIDENT, f"No P0 or P1 incident or paging alert of {title} is open")


def _unknown_trouble(look: Look) -> Iterator[Reason]:
    """What is secret may be about anything; while monitoring is silent nobody knows what fires."""
    title, monitoring = look.known.title(look.asked.service), look.known.monitoring
    for label in look.known.hidden:
        yield unknown(Ground.INCIDENT, f"Whether {label} is about {title} is not told here")
    if monitoring is not None and monitoring.overdue:
        heard = f"Alertmanager was heard {duration(look.now - monitoring.at)} ago"
        yield unknown(Ground.INCIDENT, f"Whether an alert of {title} fires is not known: {heard}")


def budgets(look: Look) -> Iterator[Reason]:
    """How the error budgets were found last, and whether that still counts."""
    known = look.known
    if not known.measures:
        yield warns(Ground.BUDGET, "Error budgets are not looked at: PROMETHEUS_URL is not set")
        return
    if not known.promised:
        title = known.title(look.asked.service)
        yield warns(
            Ground.BUDGET,
            f"The error budget of {title} is not looked at: no promise of it is measured",
        )
        return
    found = [_budget(look, key) for key in known.promised]
    yield from (one for one in found if one.weight is not Weight.SUPPORTS)
    fine = [one for one in found if one.weight is Weight.SUPPORTS]
    if len(fine) == 1 or len(fine) < len(found):
        yield from fine
    elif fine:
        yield supports(Ground.BUDGET, f"All {len(fine)} error budgets have enough left")


def _budget(look: Look, key: str) -> Reason:
    title = look.known.titles.get(key, PLATFORM_TITLE)
    whose = f"The error budget of {title}"
    news = look.known.budgets.get(key)
    if news is None:
        return unknown(Ground.BUDGET, f"{whose} is not known: Prometheus has not been heard yet")
    said, age = clean(news.said, _SAID), look.now - news.at
    if abs(age) > BUDGETS_LAST:  # clocks are set back, too
        when = f"{duration(age)} ago" if age > timedelta() else "by another clock"
        text = f"{whose} is not known: Prometheus was heard {when} (then: {said})"
        return unknown(Ground.BUDGET, text)
    found = f"{title[:1].upper()}{title[1:]}: {said}" if _NAMED in said else f"{whose}: {said}"
    match news.permission:
        case Permission.HOLD:
            return denies(Ground.BUDGET, found)
        case Permission.UNKNOWN:
            return unknown(Ground.BUDGET, f"{whose} is not known: {said}")
        case Permission.CAUTION:
            return warns(Ground.BUDGET, found)
        case Permission.SHIP:
            return supports(Ground.BUDGET, found)


def overlaps(look: Look) -> Iterator[Reason]:
    """What else is being changed."""
    own = None if look.change is None else look.change.id
    for one in look.known.others:
        if one.id == own or not one.is_running or not one.concerns(look.asked.service):
            continue
        where = look.known.title(one.service)
        title = clean(one.title, _TITLE)
        yield denies(Ground.OVERLAP, f"{one.label} “{title}” of {where} is running")
