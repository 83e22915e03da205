"""What else is known of a service beside its numbers: who is called for it, and what happened to it.

Nothing of a security incident or alert is told here: the answers are for everybody.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.alert import AlertGroup, AlertState
from bot.domain.incident import Incident
from bot.domain.severity import Severity
from bot.domain.slo.chart import ChartMark, MarkKind
from bot.domain.slo.gate import Obstacle
from bot.domain.text import clean
from bot.ports.store import Transaction

GRAVE = frozenset({Severity.P0, Severity.P1})
"""While such an incident is open nobody changes what it is about."""

MOST_OBSTACLES = 20
"""Of more, the most urgent are told."""

MOST_HIDDEN = 5

_NAME = 60


def obstacles_of(tx: Transaction, service: str | None) -> tuple[Obstacle, ...]:
    """Open P0 and P1 incidents, and alert groups for which somebody is paged; of a service, or of all.

    Somebody being on it does not end it. What is silenced pages nobody.
    """
    incidents = (one for one in tx.incidents.open() if one.severity in GRAVE and _counts(one, service))
    groups = (one for one in tx.alert_groups.firing() if _pages(one) and _concerns(one, service))
    every = (
        *(f"#{one.number} {one.severity}" for one in incidents),
        *(f"{one.label} {clean(one.name, _NAME)}" for one in groups),
    )
    return tuple(Obstacle(label=label) for label in every[:MOST_OBSTACLES])


def hidden_of(tx: Transaction) -> tuple[str, ...]:
    """The secret ones of these, by number alone, whatever they are about: that would tell what is secret.

    That they are there is known: Home says it to everybody.
    """
    incidents = (one for one in tx.incidents.open() if one.security and not one.drill)
    groups = (one for one in tx.alert_groups.firing() if one.security and _is_heard(one))
    every = (
        *(f"{one.public_title}, {one.severity}" for one in incidents if one.severity in GRAVE),
        *(f"{one.public_title}, {one.severity}" for one in groups),
    )
    return every[:MOST_HIDDEN]


def marks_of(tx: Transaction, service: str | None, since: datetime, until: datetime) -> tuple[ChartMark, ...]:
    """The incidents of a span, and the changes that were begun in it, of a service or of all."""
    incidents = (
        ChartMark(
            at=one.started_at or one.declared_at,
            until=one.ended_at,
            kind=MarkKind.INCIDENT,
            label=f"#{one.number} {one.severity}",
        )
        for one in tx.incidents.during(since, until, service)
    )
    changes = (
        ChartMark(at=one.started, until=one.closed, kind=MarkKind.CHANGE, label=one.label)
        for one in tx.changes.between(since, until, service=service)
        if one.started is not None
    )
    return (*incidents, *changes)


def _pages(group: AlertGroup) -> bool:
    """Whether everybody may know of one for which somebody is paged."""
    return _is_heard(group) and not group.security


def _is_heard(group: AlertGroup) -> bool:
    """Whether somebody is paged for it by itself, or was."""
    reaches = group.path.pages and (group.path.at_once or group.paged_at is not None)
    return reaches and group.state is not AlertState.SILENCED


def _counts(incident: Incident, service: str | None) -> bool:
    return _concerns(incident, service) and not (incident.security or incident.drill)


def _concerns(subject: Incident | AlertGroup, service: str | None) -> bool:
    """One that names no service may be about any."""
    return service is None or subject.service in {None, service}
