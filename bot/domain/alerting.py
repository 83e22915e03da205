"""What an alert group owes to people: who is paged when, and when that stops.

How a path is walked is in `bot.domain.steps`. A group reaches people while it *waits*: it fires, nobody has
acknowledged it, and no silence keeps it quiet. One that is `carried` stays quiet all the same: an incident
or a storm is paged in its place. Verbs for what machines say answer None where nothing changes by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.alert import AlertGroup, AlertStatus
from bot.domain.alert_policy import FlappingPolicy
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened, Owed, PageOwed, PagesAcknowledged, PagesResolved, TimersStopped
from bot.domain.path import BusinessTime, Path
from bot.domain.severity import Severity
from bot.domain.steps import Steps, start, start_at, take_due, take_now


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOutcome:
    """The decision of one use case about a group."""

    group: AlertGroup
    happened: tuple[Happened, ...] = ()
    owed: tuple[Owed, ...] = ()


def begin(group: AlertGroup, now: datetime, business: BusinessTime, *, carried: bool = False) -> AlertOutcome:
    """A new episode: its path begins."""
    happened = Happened(kind=EventKind.ALERT_FIRED, data={"title": group.title})
    return _begun(group, now, business, happened, carried=carried)


def acknowledge(group: AlertGroup, by: Actor, now: datetime) -> AlertOutcome:
    """Somebody takes it: timers stop, pages that may ring are acknowledged. A silence goes on."""
    _check_open(group, "acknowledge", now)
    if group.acknowledged_by is not None:
        raise AlreadyError(f"Nothing to do: {group.describe(now)}.")
    return AlertOutcome(
        group=replace(group, acknowledged_by=by, acknowledged_at=now),
        happened=(Happened(kind=EventKind.ACKNOWLEDGED),),
        owed=(TimersStopped(), PagesAcknowledged()),
    )


def unacknowledge(
    group: AlertGroup, now: datetime, business: BusinessTime, *, carried: bool = False
) -> AlertOutcome:
    """Nobody has it any more: a new epoch, from step 0."""
    _check_open(group, "unacknowledge", now)
    if group.acknowledged_by is None:
        raise AlreadyError(f"Nothing to do: nobody has acknowledged {group.label}.")
    happened = Happened(kind=EventKind.UNACKNOWLEDGED, data={"who": group.acknowledged_by.name}, told=True)
    return _begun(_anew(group, now), now, business, happened, TimersStopped(), carried=carried)


def escalate_now(group: AlertGroup, now: datetime, business: BusinessTime) -> AlertOutcome:
    """Reach the next tier at once; an acknowledgement stays. Nobody is paged for what is silenced."""
    if not group.is_open:
        raise InvalidError(f"Nobody is paged for it: {group.describe(now)}.")
    if group.silenced_until is not None:
        raise InvalidError(
            f"Nobody is paged for it: {group.describe(now)}. `unsilence {group.label}` ends the silence."
        )
    steps = take_now(group.path, group.next_step, now, business, waiting=group.waits)
    return _walked(group, steps, now, None, TimersStopped())


def step_due(
    group: AlertGroup, step: int, due: datetime, now: datetime, business: BusinessTime
) -> AlertOutcome | None:
    """Take the step that was due at `due`, with all that were missed since. None where it is not owed."""
    if not group.waits or step != group.next_step:
        return None
    return _walked(group, take_due(group.path, step, due, now, business), now)


def silence(
    group: AlertGroup, by: Actor, until: datetime, now: datetime, *, comment: str = ""
) -> AlertOutcome | None:
    """It is kept quiet until then: timers stop, pages that may ring are acknowledged."""
    if not group.is_open or (group.silenced_until, group.silenced_by) == (until, by):
        return None
    seconds = max(0, int((until - now).total_seconds()))
    return AlertOutcome(
        group=replace(group, silenced_by=by, silenced_until=until),
        happened=(Happened(kind=EventKind.SILENCED, data={"for_s": seconds, "comment": comment}, told=True),),
        owed=(TimersStopped(), PagesAcknowledged()),
    )


def end_silence(
    group: AlertGroup, now: datetime, business: BusinessTime, *, expired: bool, carried: bool = False
) -> AlertOutcome | None:
    """Nothing keeps it quiet any more. What still fires is a new epoch, from step 0.

    Who has acknowledged it keeps it where somebody ends the silence, and not where it has `expired`: by then
    nobody may be there any more.
    """
    if group.silenced_until is None:
        return None
    data: EventData = {"expired": expired, "fires": group.is_open}
    happened = Happened(kind=EventKind.SILENCE_OVER, data=data, told=group.is_open)
    heard = replace(group, silenced_by=None, silenced_until=None)
    if not heard.is_open or (heard.acknowledged_by is not None and not expired):
        return AlertOutcome(group=heard, happened=(happened,))
    return _begun(_anew(heard, now), now, business, happened, TimersStopped(), carried=carried)


def resolve(group: AlertGroup, now: datetime) -> AlertOutcome | None:
    """None of its alerts fires any more: everything that was ever sent is resolved.

    Its thread is told only where somebody was called for it, or has it: the card says so in any case.
    """
    if not group.is_open:
        return None
    someone = group.acknowledged_by is not None or group.paged_at is not None
    seconds = max(0, int((now - group.fired_at).total_seconds()))
    return AlertOutcome(
        group=replace(group, status=AlertStatus.RESOLVED, resolved_at=now),
        happened=(Happened(kind=EventKind.ALERT_RESOLVED, data={"after_s": seconds}, told=someone),),
        owed=(TimersStopped(), PagesResolved(before=group.epoch + 1)),
    )


def fire_again(
    group: AlertGroup,
    now: datetime,
    business: BusinessTime,
    flapping: FlappingPolicy,
    *,
    carried: bool = False,
) -> AlertOutcome | None:
    """It fires soon after it was resolved: the same episode goes on.

    Who has acknowledged it keeps it, and a silence that lasts still goes on. Else a new epoch begins, from
    step 0: of a group that flaps not before it has paged nobody for as long as the policy says.
    """
    if group.is_open:
        return None
    lasts = group.silenced_until is not None and group.silenced_until > now
    back = replace(
        group,
        status=AlertStatus.FIRING,
        resolved_at=None,
        fired_at=now,
        flaps=group.flaps + 1,
        silenced_by=group.silenced_by if lasts else None,
        silenced_until=group.silenced_until if lasts else None,
    )
    happened = Happened(kind=EventKind.ALERT_FIRED_AGAIN, data={"flaps": back.flaps})
    if not back.waits:
        return AlertOutcome(group=back, happened=(happened,))
    calm = back.paged_at + flapping.within if back.paged_at and back.flaps >= flapping.times else None
    return _begun(_anew(back, now), now, business, happened, carried=carried, not_before=calm)


def get_worse(
    group: AlertGroup,
    severity: Severity,
    path: Path,
    now: datetime,
    business: BusinessTime,
    *,
    carried: bool = False,
) -> AlertOutcome | None:
    """New alerts are worse than those before, or reach somebody at last: a new epoch, unacknowledged.

    Pages of the old epoch are resolved once the new one's first page is accepted, or now where none comes.
    """
    worse = severity.is_worse_than(group.severity)
    same = severity is group.severity
    if not group.is_open or not (worse or (same and path.reaches and not group.path.reaches)):
        return None
    changed = replace(_anew(group, now), severity=severity, path=path)
    data: EventData = {"from": group.severity.value, "to": severity.value}
    happened = Happened(kind=EventKind.ALERT_RAISED, data=data, told=worse)
    pages = path.pages and path.reaches and changed.waits and not carried
    silent = () if pages else (PagesResolved(before=changed.epoch),)
    return _begun(changed, now, business, happened, TimersStopped(), *silent, carried=carried)


def carry(group: AlertGroup) -> AlertOutcome:
    """An incident, or a storm, is paged in its place from now on; whoever joins them says so."""
    return AlertOutcome(group=group, owed=(TimersStopped(), PagesAcknowledged()))


def release(group: AlertGroup, now: datetime, business: BusinessTime) -> AlertOutcome:
    """Nothing is paged in its place any more: what waits is a new epoch, from step 0."""
    if not group.waits:
        return AlertOutcome(group=group)
    return _begun(_anew(group, now), now, business, None, TimersStopped())


def _begun(
    group: AlertGroup,
    now: datetime,
    business: BusinessTime,
    happened: Happened | None,
    *owed: Owed,
    carried: bool = False,
    not_before: datetime | None = None,
) -> AlertOutcome:
    """The group at the start of its epoch."""
    if carried or not group.waits:
        steps = Steps(next_step=0)
    elif not_before is None or not_before <= now or not group.path.reaches:
        steps = start(group.path, now, business)
    else:
        steps = start_at(max(not_before, group.path.start(now, business)))
    return _walked(group, steps, now, happened, *owed)


def _walked(
    group: AlertGroup, steps: Steps, now: datetime, happened: Happened | None = None, *owed: Owed
) -> AlertOutcome:
    """The group once these steps are taken; `happened` and `owed` come before what they bring."""
    pages = any(isinstance(one, PageOwed) for one in steps.owed)
    return AlertOutcome(
        group=replace(group.stepped(steps.next_step), paged_at=now if pages else group.paged_at),
        happened=(*((happened,) if happened else ()), *steps.happened),
        owed=(*owed, *steps.owed),
    )


def _anew(group: AlertGroup, now: datetime) -> AlertGroup:
    return replace(
        group,
        epoch=group.epoch + 1,
        epoch_at=now,
        next_step=0,
        answers_from=group.epoch + 1,
        answers_after=None,
        acknowledged_by=None,
        acknowledged_at=None,
    )


def _check_open(group: AlertGroup, verb: str, now: datetime) -> None:
    if not group.is_open:
        raise AlreadyError(f"Cannot {verb} it: {group.describe(now)}.")
