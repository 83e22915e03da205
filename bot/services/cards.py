"""Reads what a card shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.card import IncidentCard, MessageRef, NextStep
from bot.domain.directory import Directory
from bot.domain.escalating import Escalating
from bot.domain.face import Face
from bot.domain.incident import Incident, Status
from bot.domain.timer import TimerKind
from bot.ports.store import Transaction


def read_card_of(tx: Transaction, subject: Escalating, directory: Directory) -> IncidentCard:
    """Everything that the card of a subject of any type shows, as it is in this transaction."""
    return _READ[type(subject)](tx, subject, directory)


def read_card(tx: Transaction, incident: Incident, directory: Directory) -> IncidentCard:
    """Everything that the incident's card shows, as it is in this transaction."""
    return IncidentCard(
        incident=incident,
        next_step=_next_step(tx, incident, directory),
        pages=tx.pages.of(incident.id),
        service=directory.service_title(incident),
        team=directory.team(incident.service, security=incident.security).title,
        runbook=directory.runbook(incident),
        dashboards=directory.dashboards(incident),
        roles=directory.holders(incident),
        confirmable=directory.confirmable,
        leader=directory.leader(incident),
        severity_title=directory.guide.severities[incident.severity].title,
        followed=directory.tells_leadership(incident),
        merged_at=_merged_at(tx, incident),
        postmortem=None if incident.status.is_open else tx.duties.of(incident.id),
    )


def _merged_at(tx: Transaction, incident: Incident) -> MessageRef | None:
    other = tx.incidents.by_number(incident.merged_into) if incident.merged_into else None
    return tx.messages.of(other.id, Face.CARD) if other else None


def _next_step(tx: Transaction, incident: Incident, directory: Directory) -> NextStep | None:
    if incident.status is not Status.TRIGGERED:
        return None
    timers = tx.timers.of(incident.id, TimerKind.ESCALATION)
    if not timers:
        return None
    path = incident.path
    timer = timers[0]
    due = timer.due.astimezone(directory.guide.organization.zone)
    if not path.pages:
        team = directory.team(incident.service, security=incident.security)
        return NextStep(title=team.title, due=due, pages=False)
    if path.is_repeat(timer.step) and not path.repeats:
        return None
    return NextStep(title=path.rung(timer.step).title, due=due, pages=True)


_READ: Mapping[type, Callable[[Transaction, Any, Directory], IncidentCard]] = {Incident: read_card}
