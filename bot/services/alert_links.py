"""Alert groups and their incidents, from the group's side: what whoever holds a group calls.

Whoever holds a group locks no incident and writes nothing of one: incidents come first in the lock order.
What an incident is to know of its alerts is looked at in a transaction of its own (`alert_looks`); here that
look is only urged, in the transaction that makes the news, so that none is ever lost.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.alert import AlertGroup
from bot.domain.alert_link import becomes_incident, joined, left, takes_in
from bot.domain.incident import Incident
from bot.domain.timer import Timer
from bot.ports.clock import IdSource
from bot.ports.store import Transaction
from bot.services.alert_writing import belong_alert, release_alert
from bot.services.beginning import declare_for
from bot.services.incident_news import urge
from bot.services.record import Record


def join_open(record: Record, group: AlertGroup, ids: IdSource) -> AlertGroup:
    """Let a new group belong to the open incident of its service, before its path begins.

    Where there is none, and the guide wants one at once, it is declared. The group is locked here, an
    incident that is there only read: should it end in this moment, the look at it finds that out.
    """
    incident = find_home(record, group)
    if incident is not None:
        urge(record, incident.id)
    elif becomes_incident(group, None) and group.incident_after == timedelta():
        incident = declare_for(record, group, ids)
    if incident is None:
        return group
    belonging = _belongs(record, group, incident)
    record.tx.alert_groups.save(belonging)
    return belonging


def incident_due(record: Record, group: AlertGroup, timer: Timer, ids: IdSource) -> None:
    """Nobody has taken the group in the guide's time: it becomes an incident, or joins one."""
    if timer.epoch != group.epoch or not becomes_incident(group, incident_of(record.tx, group)):
        return
    incident = find_home(record, group)
    if incident is not None:
        urge(record, incident.id)
    else:
        incident = declare_for(record, group, ids)
    link(record, group, incident)


def find_home(record: Record, group: AlertGroup) -> Incident | None:
    """The open incident that takes a group in: of several the most urgent, then the newest."""
    if group.service is None:
        return None
    within = record.directory.guide.alerting.join_within
    for incident in record.tx.incidents.open_of(group.service, security=group.security):
        newest = record.tx.alert_groups.last_fired(incident.id)
        if takes_in(incident, group, record.now, within, newest):
            return incident
    return None


def incident_of(tx: Transaction, group: AlertGroup) -> Incident | None:
    """The incident to which a group belongs, over or not."""
    return tx.incidents.by_id(group.incident) if group.incident else None


def link(record: Record, group: AlertGroup, incident: Incident) -> AlertGroup:
    """Let a group that is locked here belong to an incident."""
    return belong_alert(record, _belongs(record, group, incident), incident)


def unlink(record: Record, group: AlertGroup, incident: Incident) -> AlertGroup:
    """Let a group that is locked here, as its incident is, belong to none: it pages for itself again."""
    record.tx.told_alerts.forget(group.id)
    record.note(group.id, left(incident))
    return release_alert(record, replace(group, incident=None, changed_at=record.now))


def _belongs(record: Record, group: AlertGroup, incident: Incident) -> AlertGroup:
    record.note(group.id, joined(incident))
    return replace(group, incident=incident.id, changed_at=record.now)
