"""Values to store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.domain.actor import Actor
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.incident import Incident, Status
from bot.domain.page import PageRecord
from bot.domain.path import Path, Rung
from bot.domain.severity import Severity
from bot.ports.store import Transaction
from tests.support.clock import MONDAY_NOON

NOW = MONDAY_NOON
ANA = Actor(id="U1", name="Ana")
PATH = Path(
    rungs=(Rung(tier="on-call", title="On-call"), Rung(tier="team-lead", title="Team lead")),
    response=timedelta(minutes=15),
    pages=True,
    repeats=True,
)


def connection_of(tx: Transaction) -> Connection:
    """What the transaction's statements go through, for what only another version of the code would write."""
    connection: Connection = tx.facts._connection  # type: ignore[attr-defined]
    return connection


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def an_incident(
    incident_id: str = "one", *, severity: Severity = Severity.P0, status: Status = Status.TRIGGERED
) -> Incident:
    return Incident(
        id=incident_id,
        number=0,
        severity=severity,
        status=status,
        title="checkout is down",
        service="payment",
        channel="ops",
        security=False,
        path=PATH,
        declared_by=ANA,
        declared_at=NOW,
        epoch_at=NOW,
    )


def a_delivery(
    key: str = "line/1",
    *,
    kind: DeliveryKind = DeliveryKind.LINE,
    subject: str = "one",
    order_key: str | None = None,
    lane: str = "lane",
    method: str = "",
    priority: int = 20,
    not_before: datetime = NOW,
    payload: Mapping[str, Any] | None = None,
) -> Delivery:
    return Delivery(
        key=key,
        kind=kind,
        subject=subject,
        epoch=1,
        order_key=order_key or key,
        lane=lane,
        method=method,
        priority=priority,
        not_before=not_before,
        created_at=NOW,
        payload=payload or {},
    )


def a_page(step: int = 0, *, epoch: int = 1) -> PageRecord:
    return PageRecord(
        subject="one",
        epoch=epoch,
        step=step,
        tier="on-call",
        title="On-call",
        via="on-call",
        key=f"one/{epoch}/{step}",
        level=None,
        past_acknowledgement=False,
        requested_at=NOW,
    )
