"""The outbox' loop: one for each recipient, so that trouble with one never delays the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.domain.delivery import Recipient
from bot.services.deliveries import Deliveries
from bot.services.work import Claimed
from scheduler.guarded import guarded
from scheduler.waking import Wake

IDLE_SECONDS = 1.0
BUSY_SECONDS = 0.1
"""How soon to look again where something waits for its lane, its turn or its next try."""

SHORTEST_SECONDS = 0.02
"""How long to let the outbox alone after a look that found nothing to do, however often it is woken."""


class OutboxLoop:
    """Claims what may go and sends it, at most `slots` at a time, until it is told to stop.

    `run` ends once everything that was claimed is settled; cancelling it gives up on what still hangs.
    """

    def __init__(self, *, deliveries: Deliveries, recipient: Recipient, slots: int) -> None:
        self._deliveries = deliveries
        self._recipient = recipient
        self._slots = slots
        self._in_flight = 0
        self.wake = Wake()

    async def run(self) -> None:
        """Go round until `wake.stop()`."""
        async with asyncio.TaskGroup() as group:
            while not self.wake.is_stopping:
                claimed = await self._claim()
                for one in claimed:
                    self._in_flight += 1
                    group.create_task(self._carry_out(one))
                if not claimed:
                    await self.wake.wait(await self._pause(), at_least=SHORTEST_SECONDS)

    async def drain(self) -> int:
        """Claim and send until nothing more may go now, one round after the other. Returns how many."""
        total = 0
        while claimed := await self._deliveries.claim(self._recipient, self._slots):
            total += len(claimed)
            for one in claimed:
                await self._deliveries.carry_out(one)
        return total

    async def _claim(self) -> Sequence[Claimed]:
        free = self._slots - self._in_flight
        if not free:
            return ()
        claim = self._deliveries.claim(self._recipient, free)
        return await guarded(claim, otherwise=(), what="claiming deliveries", recipient=self._recipient)

    async def _pause(self) -> float:
        """Seconds until the next look; a slot that becomes free or a commit cuts it short."""
        if self._in_flight >= self._slots:
            return IDLE_SECONDS
        seconds = self._deliveries.seconds_until_next(self._recipient)
        until_next = await guarded(seconds, otherwise=None, what="reading the outbox")
        return IDLE_SECONDS if until_next is None else min(IDLE_SECONDS, max(until_next, BUSY_SECONDS))

    async def _carry_out(self, claimed: Claimed) -> None:
        # A delivery that cannot be settled is sent again under the same key once its lease runs out.
        carrying = self._deliveries.carry_out(claimed)
        await guarded(carrying, otherwise=None, what="settling a delivery", delivery=claimed.delivery.key)
        self._in_flight -= 1
        self.wake.set()
