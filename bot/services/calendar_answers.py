"""What the one who has put something on the calendar reads, or has taken it off."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.changes.change import Change
from bot.domain.changes.span import Span, SpanKind
from bot.domain.directory import Directory
from bot.domain.text import clock_time, listed

_MOST_NAMED = 6


def added_text(
    span: Span,
    directory: Directory,
    caught: Sequence[Change],
    kept_out: Sequence[Change],
    frozen: Span | None,
) -> str:
    """That it stands, what it is about, where everybody reads it, and what it gets in the way of."""
    guide, zone = directory.guide, directory.guide.organization.zone
    starts, ends = (
        clock_time(at.astimezone(zone), span.at.astimezone(zone)) for at in (span.starts, span.ends)
    )
    service = guide.services.get(span.service or "")
    about = service.title if service else "all services"
    channel = guide.channels.get(span.channel)
    kind = guide.changes.types.get(span.change_kind or "")
    what = f"{kind.title}, {about}" if kind else about
    begins = "from now" if span.starts <= span.at else f"from {starts}"
    told = [
        f"{span.label} {span.title} is on the calendar: {begins} until {ends} ({what}).",
        f"#{channel.name if channel else span.channel} is told.",
    ]
    if caught:
        told.append(f"{_named(caught)} {_is(caught)} running, and may go on; the thread says so.")
    if kept_out:
        told.append(f"{_named(kept_out)} {_is(kept_out)} planned for then, and cannot start.")
    if frozen is not None:
        until = clock_time(frozen.ends.astimezone(zone), span.at.astimezone(zone))
        told.append(f"Mind {frozen.label} {frozen.title}: until {until} nothing starts.")
    return " ".join(told)


def removed_text(span: Span, planned: Sequence[Change]) -> str:
    """That it stands there no more, and what has lost its window with it."""
    if span.kind is SpanKind.FREEZE:
        return (
            f"{span.label} {span.title} is lifted: changes may start again, where nothing else is in the way."
        )
    told = f"{span.label} {span.title} is off the calendar."
    if planned:
        have = "has" if len(planned) == 1 else "have"
        told += f" {_named(planned)} {_is(planned)} planned for then, and {have} no window any more."
    return told


def _named(changes: Sequence[Change]) -> str:
    return listed([f"{one.label} {one.title}" for one in changes], _MOST_NAMED)


def _is(changes: Sequence[Change]) -> str:
    return "is" if len(changes) == 1 else "are"
