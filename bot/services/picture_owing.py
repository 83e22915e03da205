"""Owes charts that hang under what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.delivery import DeliveryKind
from bot.ports.store import Transaction
from bot.services.about_nothing import about_nothing

LANE = "slack/files/"


def owe_picture(
    tx: Transaction, now: datetime, *, key: str, channel: str, payload: Mapping[str, object]
) -> None:
    """Owe one, each by itself; one with the same key that still waits stays as it is.

    `key` begins with `picture/`; `channel` (of the guide's) is where it hangs: pictures have a lane of their
    own there, so that no card waits for them. `payload` says what it is `of` (a key of
    `picture_loading.PICTURES`), and what reading that needs.
    """
    owed = about_nothing(DeliveryKind.PICTURE, key, now, lane=f"{LANE}{channel}", payload=payload)
    tx.outbox.owe(owed)
