"""Reads the audit log a page at a time, while others go on writing it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from bot.domain.audit import AuditEntry, Period
from bot.domain.errors import NotFoundError
from bot.domain.subject import Subject
from bot.ports.store import Store, Transaction

PAGE = 1000
"""Entries that are read, and held, at once."""


class Audit:
    """Every subject's history, by time; one subject's, in its own order."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def subject(self, kind: str, number: int) -> str:
        """The identity of what people know by a number: of a `kind` in NUMBERED. Raises NotFoundError."""
        by_number, none = NUMBERED[kind]
        found = await self._store.read(lambda tx: by_number(tx, number))
        if found is None:
            raise NotFoundError(none.format(number=number))
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


NUMBERED: Mapping[str, tuple[Callable[[Transaction, int], Subject | None], str]] = {
    "incident": (lambda tx, number: tx.incidents.by_number(number), "There is no incident #{number}."),
    "alert": (lambda tx, number: tx.alert_groups.by_number(number), "There is no alert A{number}."),
    "run": (lambda tx, number: tx.runs.by_number(number), "There is no run C{number}."),
    "page": (lambda tx, number: tx.calls.by_number(number), "There is no page PG{number}."),
    "change": (lambda tx, number: tx.changes.by_number(number), "There is no change CH{number}."),
    "span": (
        lambda tx, number: tx.spans.by_number(number),
        "There is no window W{number} and no freeze F{number} on the calendar.",
    ),
}
"""What people know by a number: how it is found, and what is said where there is none."""
