"""What becomes of an alert group, written whole: its row, history, timers and pages, and its card, owed.

Each verb is called within a transaction in which the caller has locked the group (or added it), with what
it read then; `record.actor` is who acts. Each returns the group as it is now. Verbs of people raise
DomainError, in words for them, for what cannot be done; verbs of machines change nothing where they say
nothing new. Whether an incident or a storm is paged in its place is asked here.
Whoever holds a group locks no incident. A storm is locked before its members, they in the order of their ids.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import alerting
from bot.domain.alert import AlertGroup, AlertSource
from bot.domain.alerting import AlertOutcome
from bot.domain.event import EventKind
from bot.domain.incident import Incident
from bot.domain.outcome import TimersStopped
from bot.domain.path import Path
from bot.domain.severity import Severity
from bot.domain.timer import Timer
from bot.services.carrying import is_carried
from bot.services.faces import card_of
from bot.services.incident_news import await_incident, tell_incident
from bot.services.owing import PATH_OWED, as_reached
from bot.services.paging import forget_unsent, is_page_on_its_way
from bot.services.record import Record

_TURNS = frozenset({EventKind.ALERT_RESOLVED, EventKind.ALERT_FIRED_AGAIN})
"""What its incident is told."""

EDIT_WAIT = timedelta(seconds=2)
"""What machines say may wait this long for the card, so that several changes share one edit."""


def begin_alert(record: Record, group: AlertGroup) -> AlertGroup:
    """A new episode that was just added, with its incident and storm if it has one: its path begins."""
    carried = is_carried(record.tx, group)
    return write_alert(record, alerting.begin(group, record.now, record.directory.business, carried=carried))


def acknowledge_alert(record: Record, group: AlertGroup) -> AlertGroup:
    """Whoever acts takes it; with a storm, all that it stands for. Raises AlreadyError."""
    taken = write_alert(record, alerting.acknowledge(group, record.actor, record.now))
    if group.source is AlertSource.STORM:
        _take_members(record, group)
    return taken


def unacknowledge_alert(record: Record, group: AlertGroup) -> AlertGroup:
    """Nobody has it any more: its path begins anew. Raises AlreadyError."""
    carried = is_carried(record.tx, group)
    outcome = alerting.unacknowledge(group, record.now, record.directory.business, carried=carried)
    return write_alert(record, outcome)


def escalate_alert(record: Record, group: AlertGroup) -> AlertGroup:
    """Reach the next tier now, taken or not. Raises InvalidError for one that is over or silenced."""
    return write_alert(record, alerting.escalate_now(group, record.now, record.directory.business))


def silence_alert(record: Record, group: AlertGroup, until: datetime, comment: str = "") -> AlertGroup:
    """Whoever acts keeps it quiet until then. The same again, or of one that is over, changes nothing."""
    outcome = alerting.silence(group, record.actor, until, record.now, comment=comment)
    return _written(record, group, outcome)


def end_alert_silence(record: Record, group: AlertGroup, *, expired: bool, told: bool = True) -> AlertGroup:
    """Its silence has `expired`, or whoever acts ends it. What still fires begins its path anew.

    Not `told`: why has been said already.
    """
    carried = is_carried(record.tx, group)
    business = record.directory.business
    outcome = alerting.end_silence(group, record.now, business, expired=expired, carried=carried)
    if outcome is not None and not told:
        over, *others = outcome.happened
        outcome = replace(outcome, happened=(replace(over, told=False), *others))
    return _written(record, group, outcome)


def resolve_alert(record: Record, group: AlertGroup) -> AlertGroup:
    """None of its alerts fires any more. Its counts are the caller's; one that is over stays as it was."""
    return _written(record, group, alerting.resolve(group, record.now), wait=EDIT_WAIT)


def refire_alert(record: Record, group: AlertGroup) -> AlertGroup:
    """A resolved one fires again soon enough to be the same episode (that is the caller's to know)."""
    directory = record.directory
    outcome = alerting.fire_again(
        group,
        record.now,
        directory.business,
        directory.guide.alerting.flapping,
        carried=is_carried(record.tx, group),
    )
    return _written(record, group, outcome, wait=EDIT_WAIT)


def worsen_alert(record: Record, group: AlertGroup, severity: Severity, path: Path) -> AlertGroup:
    """New alerts, or a storm's new members, are worse, or page where those before did not.

    What is no worse changes nothing: neither severity nor path. The path is `Directory.alert_path`.
    """
    carried = is_carried(record.tx, replace(group, severity=severity))
    business = record.directory.business
    outcome = alerting.get_worse(group, severity, path, record.now, business, carried=carried)
    return _written(record, group, outcome)


def carry_alert(record: Record, group: AlertGroup) -> AlertGroup:
    """It has just come to belong to an incident or a storm: where that is paged in its place, it is quiet."""
    if not is_carried(record.tx, group):
        return write_alert(record, AlertOutcome(group=group))
    return write_alert(record, alerting.carry(group))


def belong_alert(record: Record, group: AlertGroup, incident: Incident) -> AlertGroup:
    """It has just come to belong to this incident: the same.

    While the incident's own page is still on its way, what rings for the alert goes on: there is no gap.
    """
    if not is_carried(record.tx, group) or not is_page_on_its_way(record.tx, incident):
        return carry_alert(record, group)
    quiet = write_alert(record, AlertOutcome(group=group, owed=(TimersStopped(),)))
    forget_unsent(record, quiet)
    return quiet


def release_alert(record: Record, group: AlertGroup) -> AlertGroup:
    """It belongs to nothing any more that was paged in its place: while it waits, its path begins anew."""
    return write_alert(record, alerting.release(group, record.now, record.directory.business))


def take_alert_step(record: Record, group: AlertGroup, timer: Timer) -> None:
    """A step of its path is due."""
    business = record.directory.business
    _written(record, group, alerting.step_due(group, timer.step, timer.due, record.now, business))


def write_alert(
    record: Record, outcome: AlertOutcome, *, wait: timedelta = timedelta(), shown: bool = True
) -> AlertGroup:
    """Write an outcome whole. `wait` lets changes share an edit; `shown`: the card is owed.

    What a storm stands for has no card; the storm's is left to the look at it (`storms.urge`), which alone
    may hold it: whoever takes the storm holds its card, and then wants what it stands for.
    """
    group = outcome.group
    record.tx.alert_groups.save(group)
    shown = shown and group.storm is None
    posted = shown and record.tx.messages.of(group.id, card_of(group)) is not None
    if shown and not posted:  # the card goes first: its lines stand in its thread
        record.show(group, posted=False)
    _follow(record, outcome)
    for happened in outcome.happened:
        heard = as_reached(happened, group, record.directory)
        # What a storm stands for is told in one card, unless somebody has to hear of it.
        record.tell(group, replace(heard, told=heard.told and (group.storm is None or heard.loud)))
    for owed in outcome.owed:
        PATH_OWED[type(owed)](record, group, owed)
    if posted:
        record.show(group, wait=wait, posted=True)
    return group


def _follow(record: Record, outcome: AlertOutcome) -> None:
    """Its incident learns of it, and one that nobody takes becomes an incident."""
    if any(one.kind in _TURNS for one in outcome.happened):
        tell_incident(record, outcome.group)
    if outcome.group.epoch_at == record.now:
        await_incident(record, outcome.group)


def _written(
    record: Record, group: AlertGroup, outcome: AlertOutcome | None, *, wait: timedelta = timedelta()
) -> AlertGroup:
    return group if outcome is None else write_alert(record, outcome, wait=wait)


def _take_members(record: Record, storm: AlertGroup) -> None:
    """What is over is left alone unlocked: whoever begins it anew holds it, and waits for the storm."""
    members = record.tx.alert_groups.members(storm.id)
    waiting = sorted(one.id for one in members if one.is_open and one.acknowledged_by is None)
    for group_id in waiting:
        group = record.tx.alert_groups.by_id(group_id, lock=True)
        if group is None or not group.is_open or group.acknowledged_by is not None:
            continue
        outcome = alerting.acknowledge(group, record.actor, record.now)
        quiet = group.paged_at is None  # nobody was reached for it, so that nothing rings or is due
        write_alert(record, replace(outcome, owed=() if quiet else outcome.owed), shown=False)
