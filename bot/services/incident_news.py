"""What an incident is to know of its alerts, and when an alert group becomes one. The group is locked.

Looks are only urged here, by timers: whoever holds a group locks no incident.
"""

from __future__ import annotations

from bot.domain.alert import AlertGroup
from bot.domain.alert_link import becomes_incident
from bot.domain.timer import TimerKind, alert_news_timer, incident_due_timer
from bot.services.record import Record


def tell_incident(record: Record, group: AlertGroup) -> None:
    """The group fires again, or is resolved: its incident is told soon, where it belongs to one."""
    if group.incident is not None:
        urge(record, group.incident)


def await_incident(record: Record, group: AlertGroup) -> None:
    """An epoch of the group begins: it becomes an incident if nobody takes it in the guide's time."""
    record.tx.timers.stop(group.id, TimerKind.INCIDENT_DUE)
    if group.incident_after is not None and becomes_incident(group, None):
        due = record.now + group.incident_after
        record.tx.timers.set(incident_due_timer(group.id, group.epoch, due))


def urge(record: Record, incident: str) -> None:
    """Let an incident (its id) be told what is new with its alerts."""
    record.tx.timers.urge(alert_news_timer(incident, record.now))
