"""What the loading of one delivery works on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.alert import AlertGroup
from bot.domain.changes.change import Change
from bot.domain.changes.span import Span
from bot.domain.checklists.run import Run
from bot.domain.delivery import Delivery
from bot.domain.directory import Directory
from bot.domain.incident import Incident
from bot.domain.subject import Subject
from bot.ports.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One delivery that is being read in a claim's transaction, and the subject that it is about."""

    tx: Transaction
    delivery: Delivery
    subject: Subject
    now: datetime
    directory: Directory

    @property
    def incident(self) -> Incident:
        """The subject of what only incidents have. Raises LookupError where it is none."""
        if isinstance(self.subject, Incident):
            return self.subject
        raise LookupError(self.delivery.key)

    @property
    def group(self) -> AlertGroup:
        """The subject of what only alert groups have. Raises LookupError where it is none."""
        if isinstance(self.subject, AlertGroup):
            return self.subject
        raise LookupError(self.delivery.key)

    @property
    def run(self) -> Run:
        """The subject of what only runs have. Raises LookupError where it is none."""
        if isinstance(self.subject, Run):
            return self.subject
        raise LookupError(self.delivery.key)

    @property
    def change(self) -> Change:
        """The subject of what only changes have. Raises LookupError where it is none."""
        if isinstance(self.subject, Change):
            return self.subject
        raise LookupError(self.delivery.key)

    @property
    def span(self) -> Span:
        """The subject of what only windows and freezes have. Raises LookupError where it is none."""
        if isinstance(self.subject, Span):
            return self.subject
        raise LookupError(self.delivery.key)
