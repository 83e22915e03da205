"""Reads the audit log a page at a time, while others go on writing it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from bot.domain.audit import AuditEntry, Period
from bot.domain.errors import NotFoundError
from bot.ports.store import Store, Transaction

PAGE = 1000
"""Entries that are read, and held, at once."""


class Audit:
    """Every subject's history, by time; one subject's, in its own order."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def incident(self, number: int) -> str:
        """The identity of the incident that people know by a number. Raises NotFoundError."""
        found = await self._store.read(lambda tx: tx.incidents.by_number(number))
        if found is None:
            raise NotFoundError(f"There is no incident #{number}.")
        return found.id

    async def alert(self, number: int) -> str:
        """The same of an alert group: 12 for `A12`."""
        found = await self._store.read(lambda tx: tx.alert_groups.by_number(number))
        if found is None:
            raise NotFoundError(f"There is no alert A{number}.")
        return found.id

    async def run(self, number: int) -> str:
        """The same of a checklist's run: 12 for `C12`."""
        found = await self._store.read(lambda tx: tx.runs.by_number(number))
        if found is None:
            raise NotFoundError(f"There is no run C{number}.")
        return found.id

    async def page(self, number: int) -> str:
        """The same of somebody who was paged by `/page`: 3 for `PG3`."""
        found = await self._store.read(lambda tx: tx.calls.by_number(number))
        if found is None:
            raise NotFoundError(f"There is no page PG{number}.")
        return found.id

    async def change(self, number: int) -> str:
        """The same of a change: 12 for `CH12`."""
        found = await self._store.read(lambda tx: tx.changes.by_number(number))
        if found is None:
            raise NotFoundError(f"There is no change CH{number}.")
        return found.id

    async def span(self, number: int) -> str:
        """The same of a window or a freeze on the calendar: 3 for `W3`."""
        found = await self._store.read(lambda tx: tx.spans.by_number(number))
        if found is None:
            raise NotFoundError(f"There is no window W{number} and no freeze F{number} on the calendar.")
        return found.id

    async def pages(
        self, period: Period, *, subject: str | None = None, actor: str | None = None
    ) -> AsyncIterator[Sequence[AuditEntry]]:
        """Everything of the period, or what is of one subject, or by one person (id, or name).

        No page holds anything up: each is a short read of its own.
        """
        after: AuditEntry | None = None
        while True:
            page = await self._store.read(_page(period, subject, after))
            kept = [one for one in page if one.at in period and (actor is None or _is_by(one, actor))]
            if kept:
                yield kept
            if len(page) < PAGE:
                return
            after = page[-1]


def _page(
    period: Period, subject: str | None, after: AuditEntry | None
) -> Callable[[Transaction], tuple[AuditEntry, ...]]:
    """The next page: of everything in the period, or of all of one subject's history."""
    if subject is None:
        return lambda tx: tx.events.between(period, after=after, limit=PAGE)
    return lambda tx: tx.events.entries(subject, after=after.sequence if after else 0, limit=PAGE)


def _is_by(entry: AuditEntry, actor: str) -> bool:
    return actor in {entry.actor.id, entry.actor.name}
