"""Whose thread something is said in."""

from __future__ import annotations

from bot.ports.store import Store
from bot.services.find_alert import in_thread
from bot.services.requests import Request


class Threads:
    """Tells threads of alerts from those of incidents."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def is_of_alert(self, request: Request) -> bool:
        """Whether the request was made under an alert group's card."""
        if request.thread is None:
            return False
        return await self._store.read(lambda tx: in_thread(tx, request) is not None)
