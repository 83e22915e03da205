"""Questions whose answer comes later, after the acknowledgement: each is answered once."""

from __future__ import annotations

from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.requests import Request

_ASKED = "asked"


class Questions:
    """Tells a question that comes again from a new one."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def is_new(self, request: Request) -> bool:
        """Note that this was asked. False where it was before: its answer is on its way, or was given."""
        return await self._store.transaction("question", lambda tx: self._noted(tx, request))

    def _noted(self, tx: Transaction, request: Request) -> bool:
        if tx.receipts.find(request.source, request.delivery_id) is not None:
            return False
        tx.receipts.keep(request.source, request.delivery_id, _ASKED, self._clock.now())
        return True
