"""A delivery, and the subject that it is about, as the one that it must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from bot.domain.alert import AlertGroup
from bot.domain.changes.change import Change
from bot.domain.changes.span import Span
from bot.domain.checklists.run import Run
from bot.domain.delivery import Delivery
from bot.domain.incident import Incident
from bot.domain.subject import Subject

S = TypeVar("S", Incident, AlertGroup, Run, Change, Span)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One delivery and its subject. Raises LookupError where the subject is another kind."""

    delivery: Delivery
    subject: Subject

    @property
    def incident(self) -> Incident:
        """The subject of what only incidents have."""
        return self._as(Incident)

    @property
    def group(self) -> AlertGroup:
        """The subject of what only alert groups have."""
        return self._as(AlertGroup)

    @property
    def run(self) -> Run:
        """The subject of what only runs have."""
        return self._as(Run)

    @property
    def change(self) -> Change:
        """The subject of what only changes have."""
        return self._as(Change)

    @property
    def span(self) -> Span:
        """The subject of what only windows and freezes have."""
        return self._as(Span)

    def _as(self, kind: type[S]) -> S:
        if isinstance(self.subject, kind):
            return self.subject
        raise LookupError(self.delivery.key)
