"""Removes what nobody asks for any more."""

from __future__ import annotations

from datetime import timedelta

from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction

KEEP_RECEIPTS = timedelta(days=7)
"""Longer than any redelivery: PagerDuty's webhooks come again for 48 hours."""


class Cleaning:
    """Forgets receipts that are older than any redelivery."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def clean(self) -> int:
        """Returns how many rows were removed."""
        before = self._clock.now() - KEEP_RECEIPTS

        def body(tx: Transaction) -> int:
            return tx.receipts.forget(before)

        return await self._store.transaction("clean", body)
