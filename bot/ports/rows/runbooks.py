"""Runbooks that are worked through in incidents."""

from __future__ import annotations

from typing import Protocol

from bot.domain.card import MessageRef
from bot.domain.runbooks.opened import OpenedRunbook, OpenStep


class OpenedRunbooks(Protocol):
    """Each runbook once an incident, with its steps. Whoever writes has locked the incident."""

    def add(self, opened: OpenedRunbook) -> None:
        """Insert a new one, with its steps."""

    def mark(self, opened: str, step: OpenStep) -> None:
        """Write who has done a step, or that nobody has."""

    def stand(self, opened: str, at: MessageRef | None) -> None:
        """Write which message shows it; None where none does any more."""

    def one(self, opened: str) -> OpenedRunbook | None:
        """One by its id."""

    def of(self, incident: str) -> tuple[OpenedRunbook, ...]:
        """All of an incident's, in the order in which they were opened."""
