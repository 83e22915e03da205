"""When people are asked how things stand: by severity, snoozed or stopped by people, ended by the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.actor import Actor
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident, Status
from bot.domain.outcome import Happened, Outcome, Owed, UpdateDue, UpdatesStopped
from bot.domain.text import duration

SNOOZE = timedelta(minutes=30)
"""How much later one is asked who does not want to be asked now."""

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=1)
"""How often people may want to be asked, and the longest wait before one who is silent is asked again."""

_NEVER = timedelta()

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
        EventKind.UPDATED,
    }
)
"""After what the time until the next update begins anew, or there is none to come."""


def pace(incident: Incident, every: timedelta | None) -> timedelta | None:
    """How often an update is asked for now; None for never.

    `every` is the severity's pace by the guide: it holds while the incident is acknowledged. What people
    have set instead holds until the end.
    """
    if not is_asked_for(incident) or incident.update_every == _NEVER:
        return None
    if incident.update_every is not None:
        return incident.update_every
    return every if incident.status is Status.ACKNOWLEDGED else None


def is_asked_for(incident: Incident) -> bool:
    """Whether there may be somebody to ask: nobody is while the bot still looks for one to take it."""
    return incident.status.is_open and incident.status is not Status.TRIGGERED


def follow(outcome: Outcome, now: datetime, every: timedelta | None) -> Outcome:
    """The outcome, with the time of the next update as it is after what has happened."""
    if _is_decided(outcome.owed) or not any(one.kind in _BEGINS_ANEW for one in outcome.happened):
        return outcome
    wait = pace(outcome.incident, every)
    due = now + wait if wait else None
    return replace(outcome, incident=outcome.incident.expect_update(due), owed=(*outcome.owed, _owed(due)))


def write(
    incident: Incident,
    text: str,
    now: datetime,
    *,
    impact: str | None = None,
    next_in: timedelta | None = None,
    never: bool = False,
) -> Outcome:
    """Somebody says how things stand.

    `next_in` is when they want to be asked next, if not by the pace; `never`: not at all any more.
    """
    written = incident.report(text, now)
    happened = [Happened(kind=EventKind.UPDATED, data={"text": text}, told=True)]
    if impact and impact != incident.impact:
        written = replace(written, impact=impact)
        happened.append(Happened(kind=EventKind.IMPACT_SET, data={"text": impact}))
    if never:
        written = replace(written, update_every=_NEVER)
    if next_in is None or never or not is_asked_for(written):
        return Outcome(incident=written, happened=tuple(happened))
    due = now + next_in
    return Outcome(incident=written.expect_update(due), happened=tuple(happened), owed=(_owed(due),))


def set_impact(incident: Incident, impact: str) -> Outcome:
    """Say who is hurt and how, in words for those who do not run it."""
    if not impact:
        raise InvalidError("Who is hurt, and how? `impact 42 customers cannot pay`.")
    if impact == incident.impact:
        raise AlreadyError("Nothing to do: its impact reads so already.")
    happened = Happened(kind=EventKind.IMPACT_SET, data={"text": impact}, told=True)
    return Outcome(incident=replace(incident, impact=impact), happened=(happened,))


def ask_every(incident: Incident, every: timedelta | None, now: datetime) -> Outcome:
    """Ask for updates at another pace from now on; None: never again. Also before it is acknowledged."""
    _require_open(incident, now)
    if every is not None and not SHORTEST <= every <= LONGEST:
        raise InvalidError(
            f"Updates are asked for every {duration(SHORTEST)} to every {duration(LONGEST)}, or `off`."
        )
    chosen = every or _NEVER
    if chosen == incident.update_every:
        raise AlreadyError(f"Nothing to do: {describe(incident)}")
    changed = replace(incident, update_every=chosen)
    wait = pace(changed, None)
    due = now + wait if wait else None
    happened = Happened(kind=EventKind.UPDATES_SET, data={"every_seconds": int(chosen.total_seconds())})
    return Outcome(incident=changed.expect_update(due), happened=(happened,), owed=(_owed(due),))


def snooze(incident: Incident, now: datetime, length: timedelta = SNOOZE) -> Outcome:
    """Ask later."""
    _require_open(incident, now)
    if incident.update_due is None:
        raise AlreadyError(f"Nothing to do: {describe(incident)}")
    due = now + length
    happened = Happened(kind=EventKind.UPDATES_SET, data={"snoozed_seconds": int(length.total_seconds())})
    return Outcome(incident=incident.expect_update(due), happened=(happened,), owed=(_owed(due),))


def ask(
    incident: Incident, asked: int, now: datetime, *, whom: Actor | None, every: timedelta | None
) -> Outcome | None:
    """Ask whoever leads for the update that is due; None where nobody is asked any more.

    `asked` is how often that was done already. Who stays silent is asked again after one pace, then after
    two more, then four: those who are busy are not nagged, and nobody is forgotten.
    """
    if incident.update_due is None or not is_asked_for(incident):
        return None
    since = max(at for at in (incident.update_at, incident.acknowledged_at, incident.epoch_at) if at)
    data: EventData = {
        "to": whom.name if whom else None,
        "silent_seconds": int((now - since).total_seconds()),
        "after_update": since == incident.update_at,
    }
    wait = min((pace(incident, every) or SNOOZE) * 2 ** min(asked, 20), LONGEST)
    prompt = Happened(
        kind=EventKind.UPDATE_ASKED, data=data, told=True, notify_people=(whom.id,) if whom else ()
    )
    return Outcome(incident=incident, happened=(prompt,), owed=(UpdateDue(due=now + wait, asked=asked + 1),))


def describe(incident: Incident) -> str:
    """How updates of it are asked for, as a sentence."""
    if incident.update_every == _NEVER:
        return f"nobody is asked for updates of #{incident.number}."
    if incident.update_every:
        return f"an update of #{incident.number} is asked for every {duration(incident.update_every)}."
    return f"no update of #{incident.number} is due."


def _owed(due: datetime | None) -> Owed:
    return UpdatesStopped() if due is None else UpdateDue(due=due)


def _is_decided(owed: Iterable[Owed]) -> bool:
    return any(isinstance(one, UpdateDue | UpdatesStopped) for one in owed)


def _require_open(incident: Incident, now: datetime) -> None:
    if not incident.status.is_open:
        raise AlreadyError(f"Nobody is asked for updates any more: {incident.describe(now)}.")
