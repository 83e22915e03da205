"""Reads the calendar of changes: what stands on the days ahead."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.changes.agenda import Agenda, AgendaChange, agenda, bounds, days_ahead, days_of
from bot.domain.changes.change import Change
from bot.domain.changes.windows import calendar_of
from bot.domain.directory import Directory
from bot.domain.face import Face
from bot.domain.guide import Guide
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace


class CalendarReader:
    """Shows what there is. The calendar is no secret."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, workspace: Workspace) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._workspace = workspace

    @property
    def guide(self) -> Guide:
        """The guide, for what things are called."""
        return self._directory.guide

    async def agenda(self, service: str | None = None, month: tuple[int, int] | None = None) -> Agenda:
        """The next days, or a month (its year and number); of a service (a key of the guide), or of all."""
        now = self._clock.now()

        first, end = days_of(*month) if month else days_ahead(self._directory.business.zone, now)
        return await self._store.read(lambda tx: self.read(tx, now, first, end, service))

    def read(
        self, tx: Transaction, now: datetime, first: date, end: date, service: str | None = None
    ) -> Agenda:
        """The same of any days, within a transaction."""
        since, until = bounds(self._directory.business.zone, first, end)
        spans = tx.spans.between(since, until)
        calendar = calendar_of(self._directory.business, self.guide.changes, spans)
        changes = tx.changes.between(since, until, service=service)
        return agenda(
            self.guide.changes,
            calendar,
            (AgendaChange(change=one, url=self._url(tx, one)) for one in changes),
            now=now,
            first=first,
            end=end,
            service=service,
        )

    def _url(self, tx: Transaction, change: Change) -> str | None:
        at = tx.messages.of(change.id, Face.CHANGE)
        return self._workspace.url(at) if at else None
