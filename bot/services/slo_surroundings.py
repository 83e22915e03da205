"""What else is known of a service beside its numbers: who is called for it, and what happened to it.

Nothing of a security incident or alert is told here: the answers are for everybody.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.severity import Severity
from bot.domain.slo.chart import ChartMark, MarkKind
from bot.domain.slo.gate import Obstacle
from bot.domain.text import clean
from bot.ports.store import Transaction

GRAVE = frozenset({Severity.P0, Severity.P1})
"""While such an incident is open nobody changes what it is about."""

_LEAST_GRAVE = max(GRAVE, key=lambda severity: severity.rank)

MOST_OBSTACLES = 20
"""Of more, the most urgent are told."""

MOST_HIDDEN = 5

_NAME = 60


def obstacles_of(tx: Transaction, service: str | None) -> tuple[Obstacle, ...]:
    """Open P0 and P1 incidents, and alert groups for which somebody is paged; of a service, or of all.

    Somebody being on it does not end it. What is silenced pages nobody. What names no service may be
    about any.
    """
    incidents = tx.incidents.urgent(_LEAST_GRAVE, service, MOST_OBSTACLES)
    groups = tx.alert_groups.paging(service, MOST_OBSTACLES)
    every = (
        *(f"#{number} {severity} “{clean(title, _NAME)}”" for number, severity, title in incidents),
        *(f"A{number} {clean(name, _NAME)}" for number, _, name in groups),
    )
    return tuple(Obstacle(label=label) for label in every[:MOST_OBSTACLES])


def hidden_of(tx: Transaction) -> tuple[str, ...]:
    """The secret ones of these, by number alone, whatever they are about: that would tell what is secret.

    That they are there is known: Home says it to everybody.
    """
    incidents = tx.incidents.urgent(_LEAST_GRAVE, None, MOST_HIDDEN, security=True)
    groups = tx.alert_groups.paging(None, MOST_HIDDEN, security=True)
    every = (
        *(f"Security incident {number}, {severity}" for number, severity, _ in incidents),
        *(f"Security alert A{number}, {severity}" for number, severity, _ in groups),
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
