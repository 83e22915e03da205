"""What is owed after an incident."""

from __future__ import annotations

from typing import Protocol

from bot.domain.item import Item
from bot.domain.postmortem import Duty


class Duties(Protocol):
    """Post-mortems that incidents owe, or owed: one an incident."""

    def of(self, incident: str) -> Duty | None:
        """An incident's."""

    def save(self, duty: Duty) -> None:
        """Write it, whether or not there is one. The incident is locked by the caller."""

    def open(self, limit: int = 100) -> tuple[Duty, ...]:
        """What is still to be written, the earliest deadline first."""


class Items(Protocol):
    """Action items of incidents."""

    def add(self, item: Item) -> Item:
        """Insert a new one; its `number` (0 until now) is drawn here. Returns it with its number."""

    def save(self, item: Item) -> None:
        """Write an existing one. Its incident is locked by the caller."""

    def one(self, number: int) -> Item | None:
        """Read one by the number that people use."""

    def of(self, incident: str) -> tuple[Item, ...]:
        """All of an incident's, by number."""

    def open(self, limit: int = 100) -> tuple[Item, ...]:
        """What is still to be done: the earliest day first, then those without a day."""

    def open_of(self, owner: str, limit: int = 100) -> tuple[Item, ...]:
        """What somebody has still to do, by their id, in the same order."""
