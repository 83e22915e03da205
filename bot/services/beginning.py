"""How an incident begins: what it is, and the alert that it begins with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain import escalation
from bot.domain.actor import OPSBOT, Actor
from bot.domain.alert import AlertGroup
from bot.domain.alert_link import linked
from bot.domain.directory import Directory
from bot.domain.incident import Incident, Status
from bot.domain.outcome import Outcome
from bot.domain.text import IMPACT_LIMIT, TITLE_LIMIT, clean
from bot.ports.clock import IdSource
from bot.services.merging import ask_whether_same
from bot.services.record import Record
from bot.services.requests import Declaration
from bot.services.writing import write_beginning


def fresh_incident(
    said: Declaration, by: Actor, now: datetime, *, incident_id: str, directory: Directory
) -> Incident:
    """What is declared, before anything of it is written; its title is clean."""
    return Incident(
        id=incident_id,
        number=0,
        severity=said.severity,
        status=Status.TRIGGERED,
        title=said.title,
        service=said.service,
        channel=directory.channel(said.severity, said.service, security=said.security),
        security=said.security,
        path=directory.path(said.severity),
        declared_by=by,
        declared_at=now,
        epoch_at=now,
        drill=said.drill,
        impact=clean(said.impact or "", IMPACT_LIMIT) or None,
    )


def begin_with(record: Record, outcome: Outcome, group: AlertGroup) -> Incident:
    """Write an incident's beginning whose first entry is the alert. The group is the caller's to link."""
    first = linked(outcome.incident, [group], told=False)
    incident = write_beginning(record, replace(outcome, happened=(first, *outcome.happened)))
    record.tx.told_alerts.save(incident.id, {group.id: group.status})
    return incident


def declare_for(record: Record, group: AlertGroup, ids: IdSource) -> Incident:
    """The bot itself declares an incident for a group, which is locked here, and the caller's to link."""
    record = replace(record, actor=OPSBOT)
    said = Declaration(
        severity=group.severity,
        title=clean(group.title, TITLE_LIMIT),
        service=group.service,
        security=group.security,
    )
    begun = fresh_incident(said, OPSBOT, record.now, incident_id=ids.new_id(), directory=record.directory)
    incident = begin_with(record, escalation.begin(begun, record.now, record.directory.business), group)
    ask_whether_same(record, incident)
    return incident
