"""What an incident owes to people: who is paged when, and when that stops. How is in `bot.domain.steps`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.incident_policy import IncidentRole
from bot.domain.outcome import (
    Happened,
    Outcome,
    Owed,
    PagesAcknowledged,
    PagesResolved,
    TimersStopped,
)
from bot.domain.path import BusinessTime, Path
from bot.domain.quote import Quote, quoted
from bot.domain.severity import Severity
from bot.domain.steps import Steps, start, take_due, take_now, wait


def begin(
    incident: Incident, now: datetime, business: BusinessTime, *, quote: Quote | None = None
) -> Outcome:
    """Start a freshly declared incident's path; its history begins with the message that it began with."""
    declared = Happened(kind=EventKind.DECLARED, data={"title": incident.title})
    outcome = _started(incident, now, business, declared)
    return replace(outcome, happened=(quoted(quote), *outcome.happened)) if quote else outcome


def acknowledge(incident: Incident, by: Actor, now: datetime, *, role: IncidentRole | None = None) -> Outcome:
    """Somebody takes it: timers stop, pages that may ring are acknowledged.

    `role` is what whoever acknowledges takes on with it, unless somebody has it.
    """
    taken = incident.acknowledge(by, now)
    happened = Happened(kind=EventKind.ACKNOWLEDGED, told=True)
    if role is None or taken.holder(role.key):
        return _settled(taken, happened, PagesAcknowledged())
    given = Happened(kind=EventKind.ROLE_GIVEN, data={"role": role.key, "title": role.title, "to": by.name})
    outcome = _settled(taken.give_role(role.key, by), happened, PagesAcknowledged())
    return replace(outcome, happened=(happened, given))


def mitigate(incident: Incident, by: Actor, now: datetime, text: str | None = None) -> Outcome:
    """Users are no longer hurt."""
    happened = Happened(kind=EventKind.MITIGATED, data={"text": text}, told=True)
    return _settled(incident.mitigate(by, now), happened, PagesAcknowledged())


def resolve(incident: Incident, by: Actor, now: datetime, text: str | None = None) -> Outcome:
    """It is over: everything that was ever sent is resolved."""
    happened = Happened(kind=EventKind.RESOLVED, data={"text": text}, told=True)
    return ended(incident.resolve(by, now), happened)


def cancel(incident: Incident, by: Actor, now: datetime, text: str | None = None) -> Outcome:
    """A false alarm: everything that was ever sent is resolved."""
    happened = Happened(kind=EventKind.CANCELLED, data={"text": text}, told=True)
    return ended(incident.cancel(by, now), happened)


def ended(incident: Incident, happened: Happened) -> Outcome:
    """What comes with every end, whatever it was: nothing rings and nothing is due any more."""
    return _settled(incident, happened, PagesResolved(before=incident.epoch + 1))


def reopen(incident: Incident, path: Path, now: datetime, business: BusinessTime) -> Outcome:
    """It was not over: a new epoch, from step 0."""
    return _started(
        incident.reopen(path, now),
        now,
        business,
        Happened(kind=EventKind.REOPENED, told=True),
        TimersStopped(),
    )


def unattended(
    incident: Incident, path: Path, now: datetime, business: BusinessTime, *, role: IncidentRole | None = None
) -> Outcome:
    """Whoever had it does not answer: a new epoch, from step 0, told loudly.

    `role` is what goes with an acknowledgement: it is free again for whoever takes it next.
    """
    gone = incident.acknowledged_by
    left = incident.unattended(path, now)
    happened = Happened(
        kind=EventKind.UNATTENDED,
        data={"who": gone.name if gone else None},
        told=True,
        notify_people=(gone.id,) if gone else (),
        loud=True,
    )
    if role is not None and gone is not None and left.holder(role.key) == gone:
        left = left.give_role(role.key, None)
    return _started(left, now, business, happened, TimersStopped())


def change_severity(
    incident: Incident,
    severity: Severity,
    path: Path,
    now: datetime,
    business: BusinessTime,
    *,
    by_the_one_on_call: bool = False,
    was_reached: bool = True,
) -> Outcome:
    """Raise or lower the severity: a new epoch.

    Raising pages step 0 again, unless the one on call did it. Lowering keeps an acknowledgement;
    without one it waits the new response time, and whoever was paged first counts as paged, unless no
    page has got through (`was_reached` is false): then step 0 is taken now. Pages of the old epoch are
    resolved once the new one's first page is accepted, or now where none will come.
    """
    changed = incident.change_severity(severity, path, now, pages_stand=by_the_one_on_call)
    raised = severity.is_worse_than(incident.severity)
    happened = Happened(
        kind=EventKind.SEVERITY_CHANGED,
        data={"from": incident.severity.value, "to": severity.value},
        told=True,
    )
    silent = () if path.pages else (PagesResolved(before=changed.epoch),)
    if changed.status is not Status.TRIGGERED:
        return Outcome(incident=changed, happened=(happened,), owed=(TimersStopped(), *silent))
    if not by_the_one_on_call and (raised or not was_reached):
        return _started(changed, now, business, happened, TimersStopped(), *silent)
    return _walked(changed, wait(path, now, business), happened, TimersStopped(), *silent)


def escalate_now(incident: Incident, now: datetime, business: BusinessTime) -> Outcome:
    """Reach the next tier at once, acknowledged or not; an acknowledgement stays."""
    if not incident.is_open:
        raise InvalidError(f"Nobody is paged for it: {incident.describe(now)}.")
    steps = take_now(incident.path, incident.next_step, now, business, waiting=incident.waits)
    return _walked(incident, steps, None, TimersStopped())


def step_due(
    incident: Incident, step: int, due: datetime, now: datetime, business: BusinessTime
) -> Outcome | None:
    """Take the step that was due at `due`, with all that were missed since. None where it is not owed."""
    if not incident.waits or step != incident.next_step:
        return None
    return _walked(incident, take_due(incident.path, step, due, now, business))


def _started(
    incident: Incident, now: datetime, business: BusinessTime, happened: Happened, *owed: Owed
) -> Outcome:
    return _walked(incident, start(incident.path, now, business), happened, *owed)


def _walked(incident: Incident, steps: Steps, happened: Happened | None = None, *owed: Owed) -> Outcome:
    """The incident once these steps are taken; `happened` and `owed` come before what they bring."""
    return Outcome(
        incident=incident.stepped(steps.next_step),
        happened=(*((happened,) if happened else ()), *steps.happened),
        owed=(*owed, *steps.owed),
    )


def _settled(incident: Incident, happened: Happened, pages: Owed) -> Outcome:
    return Outcome(incident=incident, happened=(happened,), owed=(TimersStopped(), pages))
