"""What becomes of an incident's alerts when something becomes of the incident. The caller has locked it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.domain.alert import AlertGroup
from bot.domain.alert_link import joined
from bot.domain.alerting import AlertOutcome
from bot.domain.event import EventKind
from bot.domain.incident import Incident
from bot.domain.outcome import PagesResolved
from bot.domain.timer import TimerKind
from bot.services.alert_question import take_back
from bot.services.alert_writing import (
    acknowledge_alert,
    belong_alert,
    carry_alert,
    release_alert,
    write_alert,
)
from bot.services.carrying import is_carried
from bot.services.owing import PATH_OWED
from bot.services.record import Record


def follow_alerts(record: Record, incident: Incident, kind: EventKind) -> None:
    """Write what follows for its alerts from an entry of the incident's history."""
    then = _FOLLOWS.get(kind)
    if then is not None:
        then(record, incident)


def page_taken(record: Record, incident: Incident) -> None:
    """The incident's own page was taken: what rang for its alerts until now is over."""
    for group in _locked(record, incident):
        pages = record.tx.pages.of(group.id)
        rings = any(page.via is not None and page.sent_at and not page.closed_at for page in pages)
        if rings and group.waits and is_carried(record.tx, group):
            PATH_OWED[PagesResolved](record, group, PagesResolved(before=group.epoch + 1))


def move_alerts(record: Record, ended: Incident, kept: Incident) -> None:
    """One incident was merged into another: its alerts belong to that now, which knows of them."""
    told = record.tx.told_alerts.of(ended.id)
    for group in _locked(record, ended):
        record.note(group.id, joined(kept))
        moved = replace(group, incident=kept.id, changed_at=record.now)
        if moved.waits:  # which may be worse than the one, and not than the other
            belong_alert(record, moved, kept)
        else:
            write_alert(record, AlertOutcome(group=moved))
    record.tx.told_alerts.save(kept.id, told)


def _take(record: Record, incident: Incident) -> None:
    """Whoever takes the incident, or ends it, has its alerts as well: nobody else is called for them."""
    for group in _locked(record, incident):
        if group.waits:
            acknowledge_alert(record, group)


def _reweigh(record: Record, incident: Incident) -> None:
    """It is as severe as its alerts now, or no longer: what is paged in whose place changes."""
    for group in _locked(record, incident):
        if not group.waits:
            continue
        if is_carried(record.tx, group):
            carry_alert(record, group)
        elif _stands_still(record, group):
            release_alert(record, group)


def _stands_still(record: Record, group: AlertGroup) -> bool:
    """Whether the group's path would reach somebody by itself, and no step of it is due."""
    path = group.path
    is_done = group.next_step > 0 and not path.escalates
    return path.reaches and not is_done and not record.tx.timers.of(group.id, TimerKind.ESCALATION)


def _locked(record: Record, incident: Incident) -> Iterator[AlertGroup]:
    """The incident's alerts, each locked, in the order of their ids."""
    groups = record.tx.alert_groups
    for group_id in sorted(one.id for one in groups.of_incident(incident.id)):
        group = groups.by_id(group_id, lock=True)
        if group is not None and group.incident == incident.id:
            yield group


def _end(record: Record, incident: Incident) -> None:
    _take(record, incident)
    take_back(record, incident)


_FOLLOWS: Mapping[EventKind, Callable[[Record, Incident], None]] = {
    EventKind.ACKNOWLEDGED: _take,
    EventKind.MITIGATED: _take,
    EventKind.RESOLVED: _end,
    EventKind.CANCELLED: _end,
    EventKind.MERGED: take_back,
    EventKind.ALERTS_FIRING: take_back,
    EventKind.ALERTS_KEPT: take_back,
    EventKind.SEVERITY_CHANGED: _reweigh,
}
