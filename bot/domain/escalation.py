"""What an incident owes to people: who is paged when, and when that stops.

The rules: step 0 at the start of an epoch; each further step when the response time has passed
unacknowledged; after the last step the last tier again every response time, where the guide repeats.
Steps missed in an outage are all taken, missed repeats fold into one; a repeat that would come together
with the last step says nothing new to the same people, and waits anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident, Status
from bot.domain.incident_policy import IncidentRole
from bot.domain.outcome import (
    Happened,
    Outcome,
    Owed,
    PageOwed,
    PagesAcknowledged,
    PagesResolved,
    StepDue,
    TimersStopped,
)
from bot.domain.path import BusinessTime, Path
from bot.domain.quote import Quote, quoted
from bot.domain.severity import Severity

LATE = timedelta(minutes=1)
"""A step that comes later than by this was held up by an outage of the bot, not by those who were paged."""


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
    next_step = 1 if path.pages else 0
    step = StepDue(step=next_step, due=path.wait(now, business))
    return Outcome(
        incident=changed.stepped(next_step), happened=(happened,), owed=(TimersStopped(), *silent, step)
    )


def escalate_now(incident: Incident, now: datetime, business: BusinessTime) -> Outcome:
    """Reach the next tier at once, acknowledged or not; an acknowledgement stays."""
    if not incident.status.is_open:
        raise InvalidError(f"Nobody is paged for it: {incident.describe(now)}.")
    waiting = incident.status is Status.TRIGGERED
    happened, owed = _take(incident, incident.next_step, past_acknowledgement=not waiting, reason="asked")
    following: tuple[Owed, ...] = ()
    if waiting and _continues(incident.path, incident.next_step):
        following = (StepDue(step=incident.next_step + 1, due=incident.path.after(now, business)),)
    return Outcome(
        incident=incident.stepped(incident.next_step + 1),
        happened=happened,
        owed=(TimersStopped(), *owed, *following),
    )


def step_due(
    incident: Incident, step: int, due: datetime, now: datetime, business: BusinessTime
) -> Outcome | None:
    """Take the step that was due at `due`, with all that were missed since. None where it is not owed."""
    if incident.status is not Status.TRIGGERED or step != incident.next_step:
        return None
    path = incident.path
    happened: list[Happened] = []
    owed: list[Owed] = []
    while due <= now:
        if path.is_repeat(step) and happened:
            due = path.after(now, business)
            break
        told, taken = _take(incident, step, late=now - due > LATE)
        happened.extend(told)
        owed.extend(taken)
        repeat = path.is_repeat(step)
        step += 1
        if not _continues(path, step - 1):
            return Outcome(incident=incident.stepped(step), happened=tuple(happened), owed=tuple(owed))
        due = path.after_missed(due, now, business) if repeat else path.after(due, business)
    owed.append(StepDue(step=step, due=due))
    return Outcome(incident=incident.stepped(step), happened=tuple(happened), owed=tuple(owed))


def is_owed(incident: Incident, epoch: int, *, past_acknowledgement: bool) -> bool:
    """Whether a page of `epoch` that has not been sent yet is still to be sent."""
    if incident.epoch != epoch or not incident.status.is_open:
        return False
    return past_acknowledgement or incident.status is Status.TRIGGERED


def _started(
    incident: Incident, now: datetime, business: BusinessTime, happened: Happened, *owed: Owed
) -> Outcome:
    path = incident.path
    if not path.pages:
        first = StepDue(step=0, due=path.start(now, business))
        return Outcome(incident=incident, happened=(happened,), owed=(*owed, first))
    told, paged = _take(incident, 0)
    return Outcome(
        incident=incident.stepped(1),
        happened=(happened, *told),
        owed=(*owed, *paged, StepDue(step=1, due=path.after(now, business))),
    )


def _settled(incident: Incident, happened: Happened, pages: Owed) -> Outcome:
    return Outcome(incident=incident, happened=(happened,), owed=(TimersStopped(), pages))


def _continues(path: Path, step: int) -> bool:
    """Whether a further step comes after `step`: one past the end says that nobody has answered."""
    return path.repeats or step < path.length


def _take(
    incident: Incident,
    step: int,
    *,
    past_acknowledgement: bool = False,
    reason: str = "timer",
    late: bool = False,
) -> tuple[tuple[Happened, ...], tuple[Owed, ...]]:
    path = incident.path
    if not path.pages:
        mention = Happened(kind=EventKind.MENTIONED, data={"step": step, "reason": reason}, told=True)
        return (replace(mention, notify_team=True, loud=True),), ()
    happened: list[Happened] = []
    if step == path.length and not past_acknowledgement:
        happened.append(_exhausted(path))
    if path.is_repeat(step) and not path.repeats and reason == "timer":
        return tuple(happened), ()
    rung = path.rung(step)
    data: EventData = {"step": step, "tier": rung.tier, "title": rung.title, "reason": reason}
    if late:
        data = {**data, "late": True}
    happened.append(Happened(kind=EventKind.PAGED, data=data, told=step > 0))
    page = PageOwed(step=step, past_acknowledgement=past_acknowledgement, reason=reason, late=late)
    return tuple(happened), (page,)


def _exhausted(path: Path) -> Happened:
    tried = ", ".join(dict.fromkeys(rung.title for rung in path.rungs))
    tiers = tuple(dict.fromkeys(rung.tier for rung in path.rungs))
    data: EventData = {"tried": tried, "repeats": path.repeats}
    return Happened(kind=EventKind.EXHAUSTED, data=data, told=True, notify=tiers, loud=True)
