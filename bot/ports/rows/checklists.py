"""Runs of checklists, and whose Home tabs are kept up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.checklists.run import Run


class Runs(Protocol):
    """Runs with their items, by identity, number, checklist and state.

    Where many are listed (`newest`, `between`, `with_problems`, `with_incident`), it is without what their
    items look at and what was found: that is to be looked at, and never saved.
    """

    def add(self, run: Run) -> Run | None:
        """Insert a new one; its `number` (0 until now) is drawn here. Returns it with its number.

        None, and nothing is written, where its checklist has that occurrence already, or an open run.
        """

    def save(self, run: Run) -> None:
        """Write every column of an existing one, and of its items."""

    def by_id(self, run_id: str, *, lock: bool = False) -> Run | None:
        """Read one; `lock` holds it until the transaction ends, waiting for other holders."""

    def by_number(self, number: int, *, lock: bool = False) -> Run | None:
        """The same, by the number that people use."""

    def lock_free(self, run_ids: Sequence[str]) -> tuple[Run, ...]:
        """Lock and read those that no other transaction holds, in the order of their ids."""

    def open(self) -> tuple[Run, ...]:
        """What is open, in the order of their due times."""

    def open_of(self, checklist: str, *, lock: bool = False) -> Run | None:
        """The open run of a checklist; there is one at most."""

    def has(self, checklist: str, occurrence: str) -> bool:
        """Whether a checklist has that occurrence, whatever became of it."""

    def newest(self, limit: int, *, checklist: str | None = None) -> tuple[Run, ...]:
        """The newest runs, of all or of one checklist, by number, newest first."""

    def turns(self, checklist: str) -> int:
        """How many runs of a checklist have been posted on schedule: whose turn it is counts from that."""

    def between(self, since: datetime, until: datetime) -> tuple[Run, ...]:
        """What was planned from `since` until before `until`, in that order."""

    def with_problems(self, *, checklist: str | None = None) -> tuple[Run, ...]:
        """Runs, open or not, of all or of one checklist, with a problem still open: the oldest first."""

    def with_incident(self, incident: str) -> tuple[Run, ...]:
        """Runs with an open problem for which this incident was declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Somebody's Home tab: when they opened it last, and a digest of what it showed last."""

    user: str
    opened_at: datetime
    shown: str | None = None


class Homes(Protocol):
    """Home tabs, by their user's id."""

    def opened(self, user: str, at: datetime) -> None:
        """Somebody has opened theirs: it is to be shown anew, whatever it showed."""

    def shown(self, user: str, digest: str) -> None:
        """What theirs shows now."""

    def gone(self, user: str) -> None:
        """Somebody has none any more."""

    def one(self, user: str) -> Home | None:
        """Somebody's."""

    def opened_since(self, at: datetime) -> tuple[Home, ...]:
        """Those that were opened since then, the latest first."""

    def forget(self, before: datetime) -> int:
        """Remove those that nobody has opened since then. Returns how many."""
