"""Changes of production, the calendar that they keep to, and what the gate goes by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.changes.change import Change
from bot.domain.changes.gate import BudgetNews
from bot.domain.changes.span import Span, SpanKind


class Changes(Protocol):
    """Changes, by identity, number and state."""

    def add(self, change: Change) -> Change:
        """Insert a new one; its `number` (0 until now) is drawn here. Returns it with its number."""

    def save(self, change: Change) -> None:
        """Write every column of an existing one."""

    def by_id(self, change_id: str, *, lock: bool = False) -> Change | None:
        """Read one; `lock` holds it until the transaction ends, waiting for other holders."""

    def by_number(self, number: int, *, lock: bool = False) -> Change | None:
        """The same, by the number that people use."""

    def lock_free(self, change_ids: Sequence[str]) -> tuple[Change, ...]:
        """Lock and read those that no other transaction holds, in the order of their ids."""

    def open(self) -> tuple[Change, ...]:
        """What is not over, in the order in which they are planned."""

    def running(self) -> tuple[Change, ...]:
        """While production is being changed, in the order in which they were started."""

    def running_or_of(self, service: str | None, kind: str) -> tuple[Change, ...]:
        """Of `open`: what is running, and what is of that service (None: the platform) and that type."""

    def watched(self, since: datetime) -> tuple[Change, ...]:
        """What is running, and what was started and has ended since then: the newest start first."""

    def between(self, since: datetime, until: datetime, *, service: str | None = None) -> tuple[Change, ...]:
        """What production was, is or is planned to be changed by in that span, and was not called off.

        Of a service (with what concerns the platform), or all; in the order of their starts.
        """

    def newest(self, limit: int, *, service: str | None = None) -> tuple[Change, ...]:
        """The newest, by number, newest first."""

    def suspect(self, change_id: str, subject: str, at: datetime) -> bool:
        """Note that something that broke points at a change. False where that is noted already."""

    def suspects(self, change_id: str) -> tuple[str, ...]:
        """What points at a change, by id, in the order in which it was noted."""

    def suspected_of(self, subject: str) -> tuple[str, ...]:
        """The changes, by id, at which something that broke points."""


class Spans(Protocol):
    """The calendar: maintenance windows and freezes."""

    def add(self, span: Span) -> Span:
        """Insert a new one; its `number` (0 until now) is drawn here. Returns it with its number."""

    def save(self, span: Span) -> None:
        """Write every column of an existing one."""

    def by_id(self, span_id: str, *, lock: bool = False) -> Span | None:
        """Read one; `lock` holds it until the transaction ends, waiting for other holders."""

    def by_number(self, number: int, *, lock: bool = False) -> Span | None:
        """The same, by the number that people use."""

    def lock_free(self, span_ids: Sequence[str]) -> tuple[Span, ...]:
        """Lock and read those that no other transaction holds, in the order of their ids."""

    def between(
        self, since: datetime, until: datetime, *, kind: SpanKind | None = None, removed: bool = False
    ) -> tuple[Span, ...]:
        """What stands on the calendar in a span, in the order of their starts; `removed`: or once stood."""

    def freeze_calendar(self) -> None:
        """Let nobody put anything on the calendar, or take it off, until the transaction ends.

        Whoever starts a change holds this while the gate is asked, so that a freeze is before it or after it.
        Writers of spans hold it, too.
        """


class Budgets(Protocol):
    """How the services' error budgets were found last."""

    def put(self, news: Sequence[BudgetNews]) -> None:
        """Write what was found. Older news than what is known change nothing."""

    def all(self) -> tuple[BudgetNews, ...]:
        """What is known, by service."""

    def of(self, service: str) -> BudgetNews | None:
        """What is known of one service (a key, or PLATFORM)."""
