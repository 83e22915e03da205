"""Whether whoever has an incident is still on it: one who is silent for long is asked.

Any act of a person's is a sign of life. An incident whose question nobody answers is unacknowledged again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.actor import OPSBOT, PAGERDUTY
from bot.domain.errors import AlreadyError
from bot.domain.event import Event, EventData, EventKind
from bot.domain.incident import Incident, Status
from bot.domain.outcome import AttendanceDue, AttendanceStopped, Happened, Outcome

_BEGINS_ANEW = frozenset(
    {
        EventKind.ACKNOWLEDGED,
        EventKind.MITIGATED,
        EventKind.RESOLVED,
        EventKind.CANCELLED,
        EventKind.MERGED,
        EventKind.REOPENED,
        EventKind.SEVERITY_CHANGED,
        EventKind.UNATTENDED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the newest entries of a history tell: when somebody did something last, and whether that answers.

    `asked_at` is when the last question was asked, `answered` whether somebody has done something since.
    """

    seen_at: datetime | None = None
    asked_at: datetime | None = None
    answered: bool = False


def attend(outcome: Outcome, now: datetime, after: timedelta | None) -> Outcome:
    """The outcome, with the time of the next look. `after` is how long silence is borne, if at all."""
    if not any(one.kind in _BEGINS_ANEW for one in outcome.happened):
        return outcome
    has_it = outcome.incident.status is Status.ACKNOWLEDGED and after is not None
    owed = AttendanceDue(due=now + after) if has_it and after else AttendanceStopped()
    return replace(outcome, owed=(*outcome.owed, owed))


def signs_of_life(incident: Incident, history: Iterable[Event]) -> Signs:
    """What a history's newest entries, the oldest of them first, tell."""
    seen_at = asked_at = None
    for event in history:
        if event.kind is EventKind.ATTENDANCE_ASKED:
            asked_at = event.at
            seen_at = None
        elif _is_a_sign(incident, event):
            seen_at = event.at
    return Signs(seen_at=seen_at, asked_at=asked_at, answered=asked_at is not None and seen_at is not None)


def look(incident: Incident, signs: Signs, now: datetime, after: timedelta | None) -> Outcome | None:
    """Ask whoever has it where nobody has done anything for as long as `after`; else look again then."""
    response = incident.path.response
    taken_at = incident.acknowledged_at
    if incident.status is not Status.ACKNOWLEDGED or taken_at is None or after is None or response is None:
        return None
    seen_at = max(taken_at, signs.seen_at or taken_at)
    if now < seen_at + after:
        return Outcome(incident=incident, happened=(), owed=(AttendanceDue(due=seen_at + after),))
    return Outcome(
        incident=incident,
        happened=(_question(incident, now - seen_at, response),),
        owed=(AttendanceDue(due=now + response, asked=True),),
    )


def wait_longer(
    incident: Incident, signs: Signs, now: datetime, after: timedelta, *, late: bool
) -> Outcome | None:
    """What comes instead of giving an asked one up; None where nothing does.

    An answer puts the next look off. After an outage of the bot itself (`late`) whoever was asked gets as
    long again: they could not answer meanwhile.
    """
    response = incident.path.response
    if signs.answered and signs.seen_at is not None:
        return Outcome(
            incident=incident, happened=(), owed=(AttendanceDue(due=max(signs.seen_at + after, now)),)
        )
    if late and response is not None:
        return Outcome(incident=incident, happened=(), owed=(AttendanceDue(due=now + response, asked=True),))
    return None


def answer(incident: Incident, now: datetime) -> Outcome:
    """Somebody says that it is in hands."""
    if incident.status is not Status.ACKNOWLEDGED:
        raise AlreadyError(f"Nothing to do: {incident.describe(now)}.")
    return Outcome(incident=incident, happened=(Happened(kind=EventKind.STILL_ON_IT),))


def _question(incident: Incident, silent: timedelta, response: timedelta) -> Happened:
    whom = incident.acknowledged_by
    data: EventData = {
        "to": whom.name if whom else None,
        "silent_seconds": int(silent.total_seconds()),
        "within_seconds": int(response.total_seconds()),
    }
    in_slack = whom is not None and whom.id != PAGERDUTY
    return Happened(
        kind=EventKind.ATTENDANCE_ASKED,
        data=data,
        told=True,
        notify_people=(whom.id,) if whom and in_slack else (),
        # Who has acknowledged in PagerDuty cannot be mentioned here; those who were paged first can.
        notify=() if in_slack else tuple(rung.tier for rung in incident.path.rungs[:1]),
    )


def _is_a_sign(incident: Incident, event: Event) -> bool:
    """Whether a person did it. What was refused shows nothing, but that whoever has it is there."""
    if event.actor.id == OPSBOT.id or event.kind is EventKind.PAGER_CHANGED:
        return False
    return event.kind is not EventKind.REFUSED or event.actor == incident.acknowledged_by
