"""Somebody wants a checklist run now, off schedule."""

from __future__ import annotations

from bot.domain.checklist import Checklist
from bot.domain.checklists.run import Run
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import AlreadyError
from bot.domain.rights import Rights
from bot.domain.text import clock_time
from bot.ports.clock import Clock, IdSource
from bot.ports.store import Store, Transaction
from bot.services.frame import Frame
from bot.services.record import Record
from bot.services.requests import Answer, Request
from bot.services.run_answers import how_it_stands
from bot.services.run_writing import ask_run


class RunAsking:
    """Begins runs that people ask for."""

    def __init__(
        self, *, store: Store, clock: Clock, ids: IdSource, directory: Directory, rights: Rights
    ) -> None:
        self._frame = Frame(store=store, clock=clock, directory=directory)
        self._ids = ids
        self._directory = directory
        self._rights = rights

    async def begin(self, request: Request, key: str) -> Answer:
        """Run a checklist (a key of the guide) now. Raises AlreadyError where a run of it is open."""
        run_id, deed = self._ids.new_id(), Deed.RUN_CHECKLIST
        checklist = self._directory.guide.checklists[key]

        def act(record: Record) -> Answer:
            self._rights.check_checklists(deed, request.actor)
            run = ask_run(record, checklist, run_id=run_id) or self._refuse(record.tx, checklist)
            return Answer(text=self._said(run))

        return await self._frame.once(deed, request, name=deed.value, act=act)

    def _refuse(self, tx: Transaction, checklist: Checklist) -> Run:
        run = tx.runs.open_of(checklist.key)
        if run is None:
            raise AlreadyError(f"Somebody has just run {checklist.title}, and it is done.")
        raise AlreadyError(f"{run.label} is open already, in {self._where(run)}. {how_it_stands(run)}")

    def _said(self, run: Run) -> str:
        zone = self._directory.guide.organization.zone
        due = clock_time(run.due_at.astimezone(zone), run.begun_at.astimezone(zone))
        count = len(run.items)
        items = f"{count} item{'s' if count != 1 else ''}"
        return f"{run.label} {run.title} begins: {items}, due {due}. Its card comes in {self._where(run)}."

    def _where(self, run: Run) -> str:
        channel = self._directory.guide.channels.get(run.channel)
        return f"#{channel.name if channel else run.channel}"
