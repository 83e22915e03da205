"""What else is known of a service beside its numbers: who is called for it, and what happened to it.

Nothing of a security incident or alert is told here: the answers are for everybody.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.incident import Incident
from bot.domain.severity import Severity
from bot.domain.slo.chart import ChartMark, MarkKind
from bot.domain.slo.gate import Obstacle
from bot.ports.store import Transaction

GRAVE = frozenset({Severity.P0, Severity.P1})
"""While such an incident is open nobody changes what it is about."""


def obstacles_of(tx: Transaction, service: str | None) -> tuple[Obstacle, ...]:
    """Open P0 and P1 incidents, and alert groups for which somebody is paged; of a service, or of all."""
    incidents = (one for one in tx.incidents.open() if one.severity in GRAVE and _counts(one, service))
    groups = (
        one
        for one in tx.alert_groups.firing()
        if not one.security and one.waits and one.path.at_once and service in {None, one.service}
    )
    return (
        *(Obstacle(label=f"#{one.number} {one.severity}") for one in incidents),
        *(Obstacle(label=f"A{one.number} {one.name}") for one in groups),
    )


def marks_of(tx: Transaction, service: str | None, since: datetime, until: datetime) -> tuple[ChartMark, ...]:
    """The incidents of a span, of a service or of all."""
    return tuple(
        ChartMark(
            at=one.started_at or one.declared_at,
            until=one.ended_at,
            kind=MarkKind.INCIDENT,
            label=f"#{one.number} {one.severity}",
        )
        for one in tx.incidents.during(since, until, service)
    )


def _counts(incident: Incident, service: str | None) -> bool:
    return not (incident.security or incident.drill) and service in {None, incident.service}
