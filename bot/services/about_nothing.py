"""What is owed about no subject: a summary, a picture, somebody's Home tab."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.delivery import Delivery, DeliveryKind, priority
from bot.domain.severity import Severity
from bot.services.record import NO_METHOD


def about_nothing(
    kind: DeliveryKind,
    key: str,
    now: datetime,
    *,
    lane: str,
    payload: Mapping[str, object],
    method: str = NO_METHOD,
    order_key: str | None = None,
    severity: Severity = Severity.P3,
) -> Delivery:
    """One of them, each by itself; those of one `order_key` go one after the other."""
    order = order_key or key
    return Delivery(
        key=key,
        kind=kind,
        subject=order,
        epoch=0,
        order_key=order,
        lane=lane,
        method=method,
        priority=priority(kind, severity),
        not_before=now,
        created_at=now,
        payload=payload,
    )
