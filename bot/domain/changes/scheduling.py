"""What leads do with the calendar of changes: windows and freezes are put on it, and taken off. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from bot.domain.actor import Actor
from bot.domain.change_policy import ChangeOpening, ChangePolicy, ChangeType
from bot.domain.changes.change import Change
from bot.domain.changes.length import HOW_LONG
from bot.domain.changes.span import Span, SpanKind
from bot.domain.changes.stretch import read_stretch
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.event import EventKind
from bot.domain.outcome import Happened
from bot.domain.text import clean, clock_time, duration

TITLE_MOST = 150
"""Characters of what a span is for."""

LONGEST = {SpanKind.WINDOW: timedelta(days=14), SpanKind.FREEZE: timedelta(days=366)}
"""What is longer is a slip of the finger."""

FURTHEST = timedelta(days=2 * 366)
"""How far ahead a span may begin."""

SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants on the calendar. `service` and `change_kind` are keys of the guide.

    Without a title that of a window is its type's; a freeze has to say why.
    """

    kind: SpanKind
    title: str
    starts: datetime
    ends: datetime
    service: str | None = None
    change_kind: str | None = None


def read_wish(
    kind: SpanKind, said: str, now: datetime, zone: tzinfo, *, service: str | None, change_kind: str | None
) -> Wish:
    """What is wanted by a line: from when to when, and what for. Raises InvalidError."""
    stretch = read_stretch(said, now, zone, from_now=kind is SpanKind.FREEZE)
    return Wish(
        kind=kind,
        title=stretch.rest,
        starts=stretch.starts,
        ends=stretch.ends,
        service=service,
        change_kind=change_kind,
    )


def window_kind(policy: ChangePolicy, key: str | None) -> ChangeType:
    """The type of change that a window opens for: the guide's first that waits for planned ones, by default.

    Raises InvalidError for one that needs no window, and where none is meant.
    """
    if key is None:
        planned = (one for one in policy.types.values() if one.opening is ChangeOpening.PLANNED)
        found = next(planned, None)
        if found is None:
            raise InvalidError(f"For which type of change? {_listed(policy)}.")
        return found
    kind = policy.types[key]
    if kind.opening is ChangeOpening.ANYTIME:
        raise InvalidError(f"{kind.title} may start at any time: no window is needed. {_listed(policy)}.")
    return kind


def put(
    wish: Wish,
    by: Actor,
    now: datetime,
    policy: ChangePolicy,
    standing: Iterable[Span],
    *,
    span_id: str,
    channel: str,
) -> Span:
    """The span that is wanted. What has begun begins now. `standing` is what is on the calendar.

    Raises InvalidError for what makes no sense, AlreadyError for what stands there already.
    """
    title = clean(wish.title, TITLE_MOST)
    if wish.kind is SpanKind.FREEZE and not title:
        raise InvalidError("Say why: it is what everybody reads who is held up by it.")
    change_kind = window_kind(policy, wish.change_kind) if wish.kind is SpanKind.WINDOW else None
    span = Span(
        id=span_id,
        kind=wish.kind,
        title=title or (f"{change_kind.title} window" if change_kind else ""),
        starts=max(wish.starts, now),
        ends=wish.ends,
        channel=channel,
        by=by,
        at=now,
        service=wish.service,
        change_kind=change_kind.key if change_kind else None,
    )
    _check_when(wish, span, now)
    equal = next((one for one in standing if _is_equal(one, span, now)), None)
    if equal is not None:
        raise AlreadyError(f"{equal.label} {equal.title} is just that; {equal.by.name} put it there.")
    return span


def take_off(span: Span, by: Actor, now: datetime) -> Span:
    """The span, off the calendar. Raises AlreadyError where it is, InvalidError for one that is over."""
    if span.removed is not None:
        who = span.removed_by.name if span.removed_by else "somebody"
        raise AlreadyError(f"{span.label} {span.title} is off the calendar already: {who} took it off.")
    if span.ends <= now:
        raise InvalidError(f"{span.label} {span.title} is over: it stays in the history.")
    return replace(span, removed=now, removed_by=by)


def added(span: Span, zone: tzinfo, *, service: str | None, kind: str | None) -> Happened:
    """The entry for what was put on the calendar. `service` and `kind` are titles, `service` None for all."""
    data = {
        "kind": span.kind.value,
        "title": span.title,
        "starts": clock_time(span.starts.astimezone(zone), span.at.astimezone(zone)),
        "ends": clock_time(span.ends.astimezone(zone), span.at.astimezone(zone)),
        "service": service,
        "type": kind,
        "label": span.label,
    }
    return Happened(kind=EventKind.SPAN_ADDED, data=data)


def removed(span: Span) -> Happened:
    """The entry for what was taken off it."""
    data = {"kind": span.kind.value, "title": span.title, "label": span.label}
    return Happened(kind=EventKind.SPAN_REMOVED, data=data, told=True)


def caught(span: Span, running: Iterable[Change]) -> tuple[Change, ...]:
    """The running changes that a freeze begins on: it stops no change that was let through."""
    if span.kind is not SpanKind.FREEZE:
        return ()
    return tuple(
        one
        for one in running
        if span.is_about(one.service)
        and one.due is not None
        and (one.due > span.starts or span.starts <= span.at)
    )


def kept_out(span: Span, ahead: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that are planned to start while a freeze lasts."""
    if span.kind is not SpanKind.FREEZE:
        return ()
    return tuple(
        one for one in ahead if span.is_about(one.service) and span.starts <= one.plan.starts < span.ends
    )


def frozen_over(span: Span, standing: Iterable[Span]) -> Span | None:
    """The freeze that keeps a window shut all the time, or that it is put into."""
    if span.kind is not SpanKind.WINDOW:
        return None
    freezes = (one for one in standing if one.kind is SpanKind.FREEZE and one.is_about(span.service))
    return next((one for one in freezes if one.starts < span.ends and span.starts < one.ends), None)


def _check_when(wish: Wish, span: Span, now: datetime) -> None:
    if wish.ends <= wish.starts:
        raise InvalidError("It ends before it begins. Say when it ends, or for how long: `for 4h`.")
    if wish.ends <= now:
        raise InvalidError("That is past already. Say a time to come, with its day: `2026-12-05 22:00`.")
    length, longest = span.ends - span.starts, LONGEST[span.kind]
    if length < SHORTEST:
        raise InvalidError(f"That is too short. {HOW_LONG}")
    if length > longest:
        raise InvalidError(f"A {span.kind} of {duration(length)} is too long: {duration(longest)} at most.")
    if span.starts > now + FURTHEST:
        raise InvalidError("That is more than two years ahead. Is the year right?")


def _is_equal(one: Span, other: Span, now: datetime) -> bool:
    """Whether both say the same; of what has begun the beginning makes no difference."""
    same = (one.kind, one.service, one.change_kind, one.ends) == (
        other.kind,
        other.service,
        other.change_kind,
        other.ends,
    )
    return same and one.is_open and max(one.starts, now) == max(other.starts, now)


def _listed(policy: ChangePolicy) -> str:
    keys = [f"`{one.key}`" for one in policy.types.values() if one.opening is not ChangeOpening.ANYTIME]
    return f"The guide has: {', '.join(keys)}" if keys else "None of the guide's needs a window"
