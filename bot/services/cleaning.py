"""Removes what nobody asks for any more."""

from __future__ import annotations

from datetime import timedelta

from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.alert_noise import LONGEST

KEEP_HOMES = timedelta(days=30)
"""What a Home tab showed last is of no use to one that nobody has opened for so long."""

KEEP_RECEIPTS = timedelta(days=7)
"""Longer than any redelivery: PagerDuty's webhooks come again for 48 hours."""


class Cleaning:
    """Forgets old receipts, alerts and calls that count no more, and Home tabs that nobody opens."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def clean(self) -> int:
        """Returns how many rows were removed."""
        now = self._clock.now()

        def body(tx: Transaction) -> int:
            old = now - LONGEST
            return (
                tx.receipts.forget(now - KEEP_RECEIPTS)
                + tx.alerts.forget(old)
                + tx.alert_groups.forget(old)
                + tx.calls.forget(old)
                + tx.homes.forget(now - KEEP_HOMES)
            )

        return await self._store.transaction("clean", body)
