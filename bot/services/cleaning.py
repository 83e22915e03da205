"""Removes what nobody asks for any more."""

from __future__ import annotations

from datetime import timedelta

from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.alert_noise import LONGEST

KEEP_RECEIPTS = timedelta(days=7)
"""Longer than any redelivery: PagerDuty's webhooks come again for 48 hours."""


class Cleaning:
    """Forgets receipts that are older than any redelivery, and alerts that count no more."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def clean(self) -> int:
        """Returns how many rows were removed."""
        now = self._clock.now()

        def body(tx: Transaction) -> int:
            old = now - LONGEST
            return (
                tx.receipts.forget(now - KEEP_RECEIPTS) + tx.alerts.forget(old) + tx.alert_groups.forget(old)
            )

        return await self._store.transaction("clean", body)
