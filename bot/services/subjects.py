"""Finds what an id names, whatever its type: timers, deliveries and pages know only the id.

Lock order: incidents before alert groups before runs of checklists before changes before what is on the
calendar, each in the order of their ids. Whoever has locked an alert group locks no incident any more,
whoever has locked a run neither, and whoever has locked a change none of those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.domain.alert import AlertGroup
from bot.domain.call import Call
from bot.domain.escalating import Escalating
from bot.domain.incident import Incident
from bot.domain.subject import Subject
from bot.ports.store import Transaction


class _Rows(Protocol):
    """The rows of one type of subject."""

    def by_id(self, key: str, /, *, lock: bool = False) -> Subject | None: ...

    def lock_free(self, keys: Sequence[str], /) -> Sequence[Subject]: ...


def find_subject(tx: Transaction, subject: str, *, lock: bool = False) -> Subject | None:
    """What has this id; `lock` holds it until the transaction ends."""
    for rows in _ROWS:
        found = rows(tx).by_id(subject, lock=lock)
        if found is not None:
            return found
    return None


def locked_subject(tx: Transaction, subject: str) -> Subject:
    """The same, locked. Raises LookupError where nothing has this id."""
    found = find_subject(tx, subject, lock=True)
    if found is None:
        raise LookupError(subject)
    return found


def lock_free_subjects(tx: Transaction, subjects: Sequence[str]) -> tuple[Subject, ...]:
    """Lock and read those that no other transaction holds, in the lock order."""
    return tuple(found for rows in _ROWS for found in rows(tx).lock_free(subjects))


def escalating(subject: Subject | None) -> Escalating:
    """The subject of what only those have for whom people are paged. Raises LookupError where it is none."""
    if isinstance(subject, Incident | AlertGroup | Call):
        return subject
    raise LookupError(subject.id if subject else "no subject")


def paged_subjects(tx: Transaction) -> tuple[Escalating, ...]:
    """What somebody still has work with, and may have been paged for."""
    paged = (group for group in tx.alert_groups.firing() if group.paged_at is not None)
    return (*tx.incidents.open(), *paged, *tx.calls.waiting())


_ROWS: tuple[Callable[[Transaction], _Rows], ...] = (
    lambda tx: tx.incidents,
    lambda tx: tx.alert_groups,
    lambda tx: tx.calls,
    lambda tx: tx.runs,
    lambda tx: tx.changes,
    lambda tx: tx.spans,
)
"""The rows of every type, in the lock order."""
