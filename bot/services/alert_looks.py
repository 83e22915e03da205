"""Alert groups and their incidents, from the incident's side: it is locked, and told what is new."""

from __future__ import annotations

from datetime import datetime

from bot.domain.alert import AlertGroup
from bot.domain.alert_link import TOLD_OF_ALERTS, news_of, next_news, tell
from bot.domain.incident import Incident, Status
from bot.domain.timer import Timer, alert_news_timer
from bot.services.alert_links import link, unlink
from bot.services.incident_news import urge
from bot.services.record import Record
from bot.services.writing import write_outcome

_LOOKED_THROUGH = 20
"""The newest entries of a history in which those about alerts are looked for."""


def look_at_alerts(record: Record, incident: Incident, _timer: Timer) -> None:
    """Tell an incident that is locked here what is new with its alerts, in few lines."""
    groups = record.tx.alert_groups.of_incident(incident.id)
    told = record.tx.told_alerts.of(incident.id)
    late = [one for one in groups if one.id not in told and _is_late(one, incident)]
    for group in late:
        _rehome(record, group.id, incident)
    later = _not_before(record, incident)
    if later is not None:
        record.tx.timers.set(alert_news_timer(incident.id, later))
        return
    tell_news(record, incident, tuple(one for one in groups if one not in late))


def tell_news(record: Record, incident: Incident, groups: tuple[AlertGroup, ...]) -> Incident:
    """The same for these groups, whoever acts. Returns the incident as it is now."""
    news = news_of(groups, record.tx.told_alerts.of(incident.id))
    if not news:
        return incident
    outcome = tell(
        incident,
        groups,
        news,
        record.now,
        when_resolved=record.directory.guide.alerting.when_resolved,
        whom=record.directory.leader(incident),
    )
    mark_told(record, incident, groups)
    return write_outcome(record, outcome)


def mark_told(record: Record, incident: Incident, groups: tuple[AlertGroup, ...]) -> None:
    """Remember that the incident knows how things stand with these groups."""
    record.tx.told_alerts.save(incident.id, {one.id: one.status for one in groups})


def _not_before(record: Record, incident: Incident) -> datetime | None:
    """When an incident that has just heard a good deal of its alerts hears more; None: now."""
    newest = record.tx.events.of(incident.id, limit=_LOOKED_THROUGH)
    return next_news([one.at for one in newest if one.kind in TOLD_OF_ALERTS], record.now)


def _is_late(group: AlertGroup, incident: Incident) -> bool:
    """Whether it joined an incident that had just ended. What somebody has taken with it stays with it."""
    return not incident.is_open and (group.waits or incident.status is Status.MERGED)


def _rehome(record: Record, group_id: str, incident: Incident) -> None:
    """A group joined the incident in the moment in which it ended: it goes where that goes on, or is free."""
    group = record.tx.alert_groups.by_id(group_id, lock=True)
    if group is None or group.incident != incident.id:
        return
    free = unlink(record, group, incident)
    if incident.status is Status.MERGED and incident.merged_into is not None:
        kept = record.tx.incidents.by_number(incident.merged_into)
        if kept is not None:
            link(record, free, kept)
            urge(record, kept.id)
