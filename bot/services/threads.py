"""Whose thread something is said in."""

from __future__ import annotations

from bot.domain.card import MessageRef
from bot.domain.subject import Subject
from bot.ports.store import Store, Transaction
from bot.services.requests import Request
from bot.services.subjects import find_subject


class Threads:
    """Tells threads of incidents, alerts and runs from one another."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def about(self, request: Request) -> type[Subject] | None:
        """Of which type the subject is under whose message the request was made; None under no such one."""
        if request.thread is None or request.channel is None:
            return None
        at = MessageRef(channel=request.channel, ts=request.thread)

        def body(tx: Transaction) -> type[Subject] | None:
            subject = tx.messages.subject_at(at)
            found = find_subject(tx, subject) if subject is not None else None
            return type(found) if found is not None else None

        return await self._store.read(body)
