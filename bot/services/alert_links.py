"""Alert groups and their incidents, from the group's side: what whoever holds a group calls.

Whoever holds a group locks no incident and writes nothing of one: incidents come first in the lock order.
What an incident is to know of its alerts is looked at in a transaction of its own (`alert_looks`); here that
look is only urged, in the transaction that makes the news, so that none is ever lost.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.alert import AlertGroup
from bot.domain.alert_link import joined, left, takes_in
from bot.domain.incident import Incident
from bot.domain.timer import alert_news_timer
from bot.services.alert_writing import carry_alert, release_alert
from bot.services.record import Record


def join_open(record: Record, group: AlertGroup) -> AlertGroup:
    """Let a new group belong to the open incident of its service, where there is one, before its path begins.

    The group is locked here, the incident only read: should it end in this moment, the look at it finds out.
    """
    incident = find_home(record, group)
    if incident is None:
        return group
    linked = _belongs(record, group, incident)
    record.tx.alert_groups.save(linked)
    urge(record, incident.id)
    return linked


def tell_incident(record: Record, group: AlertGroup) -> None:
    """The group fires again, or is resolved: its incident is told soon, where it belongs to one."""
    if group.incident is not None:
        urge(record, group.incident)


def find_home(record: Record, group: AlertGroup) -> Incident | None:
    """The open incident that takes a group in: of several the most urgent, then the newest."""
    if group.service is None or group.incident is not None:
        return None
    within = record.directory.guide.alerting.join_within
    for incident in record.tx.incidents.open_of(group.service, security=group.security):
        fired = [one.fired_at for one in record.tx.alert_groups.of_incident(incident.id)]
        if takes_in(incident, group, record.now, within, max(fired, default=None)):
            return incident
    return None


def link(record: Record, group: AlertGroup, incident: Incident) -> AlertGroup:
    """Let a group that is locked here belong to an incident: it is quiet where that is paged for it."""
    return carry_alert(record, _belongs(record, group, incident))


def unlink(record: Record, group: AlertGroup, incident: Incident) -> AlertGroup:
    """Let a group that is locked here, as its incident is, belong to none: it pages for itself again."""
    record.tx.told_alerts.forget(group.id)
    record.note(group.id, left(incident))
    return release_alert(record, replace(group, incident=None, changed_at=record.now))


def urge(record: Record, incident: str) -> None:
    """Let an incident (its id) be told what is new with its alerts."""
    record.tx.timers.urge(alert_news_timer(incident, record.now))


def _belongs(record: Record, group: AlertGroup, incident: Incident) -> AlertGroup:
    record.note(group.id, joined(incident))
    return replace(group, incident=incident.id, changed_at=record.now)
