"""Calls: people who page a tier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.call import Call


class Calls(Protocol):
    """Calls, by identity, number and whether they wait."""

    def add(self, call: Call) -> Call | None:
        """Insert a new one; its `number` (0 until now) is drawn here. Returns it with its number.

        None where it is there already, or whoever calls has another one that waits for the same tier:
        waiting for one that is just being added.
        """

    def save(self, call: Call) -> None:
        """Write every column of an existing one."""

    def by_id(self, call_id: str, *, lock: bool = False) -> Call | None:
        """Read one; `lock` holds it until the transaction ends, waiting for other holders."""

    def by_number(self, number: int, *, lock: bool = False) -> Call | None:
        """The same, by the number that people use."""

    def lock_free(self, call_ids: Sequence[str]) -> tuple[Call, ...]:
        """Lock and read those that no other transaction holds, in the order of their ids."""

    def waiting(self) -> tuple[Call, ...]:
        """What nobody has answered yet, the newest first."""

    def newest(self, limit: int) -> tuple[Call, ...]:
        """The newest, by number, the newest first."""

    def forget(self, before: datetime) -> int:
        """Remove those that are over since before then, and where their messages stood. Returns how many."""
