"""Owes charts that hang under what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.delivery import Delivery, DeliveryKind, priority
from bot.domain.severity import Severity
from bot.ports.store import Transaction

NO_METHOD = ""
LANE = "slack/files/"


def owe_picture(
    tx: Transaction, now: datetime, *, key: str, channel: str, payload: Mapping[str, object]
) -> None:
    """Owe one, each by itself; one with the same key that still waits stays as it is.

    `key` begins with `picture/`; `channel` (of the guide's) is where it hangs: pictures have a lane of their
    own there, so that no card waits for them. `payload` says what it is `of` (a key of
    `picture_loading.PICTURES`), and what reading that needs.
    """
    kind = DeliveryKind.PICTURE
    tx.outbox.owe(
        Delivery(
            key=key,
            kind=kind,
            subject=key,
            epoch=0,
            order_key=key,
            lane=f"{LANE}{channel}",
            method=NO_METHOD,
            priority=priority(kind, Severity.P3),
            not_before=now,
            created_at=now,
            payload=payload,
        )
    )
