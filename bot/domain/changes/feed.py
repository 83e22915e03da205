"""The calendar of changes for other calendars: changes, windows and freezes as events. Pure.

What identifies an event stays for as long as it is told, and what is told of it anew has a higher sequence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.change_policy import ChangeOpening, ChangePolicy, ChangeType
from bot.domain.changes.change import Change, ChangeState
from bot.domain.changes.span import Span, SpanKind
from bot.domain.changes.windows import Calendar, Opening, openings
from bot.domain.guide import Guide
from bot.domain.text import clean, duration

FEED_BACK = timedelta(days=90)
FEED_AHEAD = timedelta(days=365)
WINDOWS_AHEAD = timedelta(days=60)
"""How far ahead weekly windows are told: they are events of their own, as holidays keep some shut."""

MOST_EVENTS = 2000
"""Of changes: of more the latest are told."""

_SUMMARY, _PLACE, _LINE, _LINES = 200, 100, 500, 80
_CALLED_OFF = frozenset({ChangeState.REJECTED, ChangeState.CANCELLED, ChangeState.EXPIRED})


class FeedStatus(StrEnum):
    """How sure an event is."""

    TENTATIVE = "tentative"  # it waits for approvals
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """An event of the feed. `at` is when it was told last; `busy` says whether it takes somebody's time.

    `summary` and `location` are lines; `description` may have several.
    """

    uid: str
    sequence: int
    at: datetime
    starts: datetime
    ends: datetime
    summary: str
    status: FeedStatus = FeedStatus.CONFIRMED
    location: str = ""
    description: str = ""
    url: str | None = None
    busy: bool = False


def change_event(change: Change, guide: Guide, url: str | None) -> FeedEvent:
    """A change: as it is planned; once it is started, as it went."""
    starts = change.started or change.plan.starts
    ends = (change.closed if change.started else None) or change.due or change.plan.ends
    kind = guide.changes.types.get(change.plan.kind)
    status = FeedStatus.TENTATIVE if change.state is ChangeState.REQUESTED else FeedStatus.CONFIRMED
    state = change.state.value.replace("_", " ")
    return FeedEvent(
        uid=change.id,
        sequence=_sequence(change),
        at=_told(change),
        starts=starts,
        ends=max(ends, starts),
        summary=clean(f"{change.label} {change.title} ({state})", _SUMMARY),
        status=FeedStatus.CANCELLED if change.state in _CALLED_OFF else status,
        location=_service(change.service, guide),
        description=_plan(change, kind.title if kind else change.plan.kind),
        url=url,
        busy=True,
    )


def span_event(span: Span, guide: Guide, url: str | None) -> FeedEvent:
    """A window or a freeze that leads have put on it."""
    kind = guide.changes.types.get(span.change_kind or "")
    what = "Freeze" if span.kind is SpanKind.FREEZE else kind.title if kind else "Window"
    said = "No change starts, but for emergencies." if span.kind is SpanKind.FREEZE else "Changes may start."
    return FeedEvent(
        uid=span.id,
        sequence=0 if span.removed is None else 1,
        at=span.removed or span.at,
        starts=span.starts,
        ends=span.ends,
        summary=clean(f"{span.label} {what}: {span.title}", _SUMMARY),
        status=FeedStatus.CONFIRMED if span.removed is None else FeedStatus.CANCELLED,
        location=_service(span.service, guide) if span.service else "All services",
        description=f"{said} Put on the calendar by {clean(span.by.name, _PLACE)}.",
        url=url,
    )


def weekly_events(
    policy: ChangePolicy, calendar: Calendar, since: datetime, until: datetime
) -> Iterator[FeedEvent]:
    """The weekly windows of every type; what leads have planned is told by itself."""
    bare = Calendar(zone=calendar.zone, is_holiday=calendar.is_holiday, on_holidays=calendar.on_holidays)
    for kind in policy.types.values():
        if kind.opening is not ChangeOpening.ANYTIME:
            yield from (_window(kind, one) for one in openings(kind, bare, None, since, until))


def _window(kind: ChangeType, opening: Opening) -> FeedEvent:
    return FeedEvent(
        uid=f"window-{kind.key}-{int(opening.opens.timestamp())}",
        sequence=0,
        at=opening.opens - FEED_AHEAD,  # it always was to come; this is the same whenever it is told
        starts=opening.opens,
        ends=opening.closes,
        summary=clean(f"{kind.title} window", _SUMMARY),
        location="All services",
        description=f"{clean(kind.title, _PLACE)} may start, once approved.",
    )


def newest(changes: Iterable[Change]) -> list[Change]:
    """The changes that the feed has room for, in order."""
    return sorted(changes, key=lambda one: (one.plan.starts, one.number))[-MOST_EVENTS:]


def is_called_off(change: Change) -> bool:
    """Whether nobody is to carry it out any more, and nobody has."""
    return change.state in _CALLED_OFF


def _sequence(change: Change) -> int:
    """Rises with every edit of the plan, and with every step that the change takes."""
    return change.revision - 1 + len(change.phases) + len(change.approvals) + (change.closed is not None)


def _told(change: Change) -> datetime:
    moments = [change.requested, change.started, change.closed]
    moments += [one.at for one in change.approvals]
    moments += [at for run in change.phases for at in (run.began, run.ended)]
    return max(at for at in moments if at is not None)


def _service(key: str | None, guide: Guide) -> str:
    service = guide.services.get(key or "")
    return clean(service.title if service else key or "Platform", _PLACE)


def _plan(change: Change, kind: str) -> str:
    plan = change.plan
    lines = [
        f"{kind}, {plan.risk} risk, {duration(plan.length)}. Asked for by {change.requested_by.name}.",
        "Plan:",
        *plan.steps.splitlines(),
        "Validation:",
        *plan.validation.splitlines(),
        "Rollback:",
        *plan.rollback.splitlines(),
    ]
    return "\n".join(clean(line, _LINE) for line in lines[:_LINES])
