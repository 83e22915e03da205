"""What has happened."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.actor import Actor
from bot.domain.audit import AuditEntry, Period
from bot.domain.card import MessageRef
from bot.domain.event import Event, EventData, EventKind
from bot.domain.mark import Mark


class Events(Protocol):
    """Histories. Append only."""

    def append(self, subject: str, *, at: datetime, actor: Actor, kind: EventKind, data: EventData) -> Event:
        """Add the next entry of a subject's history. The subject is locked by the caller."""

    def of(self, subject: str, *, limit: int = 1000, after: int = 0) -> tuple[Event, ...]:
        """A subject's newest `limit` entries with a sequence above `after`, the oldest of them first."""

    def one(self, subject: str, sequence: int) -> Event | None:
        """One entry."""

    def between(
        self, period: Period, *, after: AuditEntry | None = None, limit: int
    ) -> tuple[AuditEntry, ...]:
        """A period's first `limit` entries that come `after` one, of all subjects, by time.

        Entries of one subject and instant keep their order.
        """

    def entries(self, subject: str, *, after: int = 0, limit: int) -> tuple[AuditEntry, ...]:
        """A subject's first `limit` entries with a sequence above `after`, whatever their times."""

    def page(self, subject: str, *, before: int | None = None, limit: int) -> tuple[Event, ...]:
        """The newest `limit` entries (amendments are none) below the sequence `before`, oldest first."""

    def amendments(self, subject: str, *, after: int = 0) -> tuple[Event, ...]:
        """What was said about earlier entries, with a sequence above `after`, oldest first."""

    def count(self, subject: str, *, before: int | None = None) -> int:
        """How many entries (amendments are none) there are below the sequence `before`."""

    def pulse(self, until: datetime) -> str | None:
        """A mark that is another whenever anything has happened until then; None while nothing has.

        What is written late, by a clock that is a little behind, is noticed, too.
        """


class Marks(Protocol):
    """Messages of people's that are part of timelines."""

    def at(self, at: MessageRef) -> Mark | None:
        """The mark of a message."""

    def add(self, mark: Mark) -> None:
        """Insert it; the message has none."""

    def forget(self, at: MessageRef) -> None:
        """Remove it: the message may be added anew."""
