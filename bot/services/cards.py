"""Reads what a card shows."""

from __future__ import annotations

from bot.domain.alert import AlertGroup
from bot.domain.card import IncidentCard, LinkedAlert, LinkedAlerts, MessageRef, NextStep, WorkedRunbook
from bot.domain.directory import Directory
from bot.domain.escalating import Escalating
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.domain.runbooks.opened import OpenedRunbook
from bot.domain.timer import TimerKind
from bot.ports.store import Transaction
from bot.services.linked_changes import linked_changes

MOST_ALERTS = 20
"""An incident's alerts of which more is read than how many there are: a card is edited often."""


def read_card(tx: Transaction, incident: Incident, directory: Directory) -> IncidentCard:
    """Everything that the incident's card shows, as it is in this transaction."""
    team = directory.team(incident.service, security=incident.security).title
    return IncidentCard(
        incident=incident,
        next_step=next_step_of(tx, incident, team, directory),
        pages=tx.pages.of(incident.id),
        service=directory.service_title(incident),
        team=team,
        runbook=directory.runbook(incident),
        dashboards=directory.dashboards(incident),
        roles=directory.holders(incident),
        confirmable=directory.confirmable,
        leader=directory.leader(incident),
        severity_title=directory.guide.severities[incident.severity].title,
        followed=directory.tells_leadership(incident),
        merged_at=_merged_at(tx, incident),
        alerts=_alerts(tx, incident),
        postmortem=None if incident.status.is_open else tx.duties.of(incident.id),
        changes=linked_changes(tx, incident, directory),
        worked=tuple(_worked(one) for one in tx.opened_runbooks.of(incident.id)),
    )


def _worked(opened: OpenedRunbook) -> WorkedRunbook:
    return WorkedRunbook(runbook=opened.runbook, title=opened.title, progress=opened.progress, at=opened.at)


def _alerts(tx: Transaction, incident: Incident) -> LinkedAlerts | None:
    firing, resolved = tx.alert_groups.count_of_incident(incident.id)
    if not firing + resolved:
        return None
    first = tx.alert_groups.first_of_incident(incident.id, MOST_ALERTS)
    return LinkedAlerts(firing=firing, resolved=resolved, shown=tuple(_linked(tx, group) for group in first))


def _linked(tx: Transaction, group: AlertGroup) -> LinkedAlert:
    return LinkedAlert(
        label=group.label,
        name=group.name,
        severity=group.severity,
        state=group.state,
        at=tx.messages.of(group.id, Face.ALERT),
    )


def _merged_at(tx: Transaction, incident: Incident) -> MessageRef | None:
    other = tx.incidents.by_number(incident.merged_into) if incident.merged_into else None
    return tx.messages.of(other.id, Face.CARD) if other else None


def next_step_of(tx: Transaction, subject: Escalating, team: str, directory: Directory) -> NextStep | None:
    """Who is reached next, and when, while somebody is to acknowledge it. `team` is a title."""
    timers = tx.timers.of(subject.id, TimerKind.ESCALATION) if subject.waits else ()
    if not timers:
        return None
    path, timer = subject.path, timers[0]
    due = timer.due.astimezone(directory.guide.organization.zone)
    if not path.pages:
        return NextStep(title=team, due=due, pages=False)
    if path.is_repeat(timer.step) and not path.repeats:
        return None
    return NextStep(title=path.rung(timer.step).title, due=due, pages=True)
