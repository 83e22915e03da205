"""Changes a run of a checklist: once a request, in one transaction, where whoever asks may do it."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.act import Act
from bot.domain.checklists.checking import Checked
from bot.domain.checklists.run import Run
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.rights import Rights
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace
from bot.services.find_run import find_run
from bot.services.frame import Frame
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request
from bot.services.run_answers import checked_text
from bot.services.run_writing import write_run

Decide = Callable[[Run, Act], Checked]
"""What becomes of a run. Raises DomainError for what it refuses."""

ActOnRun = Callable[[Run, Record], Answer]
"""Writes what somebody does to a run, which is locked, and answers. Raises DomainError before it writes."""


class RunChanges:
    """The frame of every use case that changes one run."""

    def __init__(
        self, *, store: Store, clock: Clock, directory: Directory, rights: Rights, workspace: Workspace
    ) -> None:
        self._frame = Frame(store=store, clock=clock, directory=directory)
        self._rights = rights
        self._workspace = workspace

    async def change(self, deed: Deed, request: Request, ref: Ref, decide: Decide, *, word: str) -> Answer:
        """Do it to the run that `ref` means. `word` is the command's, for the examples in refusals.

        Raises DomainError in words for the one who asked.
        """

        def act(run: Run, record: Record) -> Answer:
            checked = decide(run, record.act)
            written = write_run(record, run, checked.run, checked.happened)
            return Answer(text=checked_text(checked, written, by=request.actor))

        return await self.carry_out(deed, request, ref, act, word=word)

    async def carry_out(self, deed: Deed, request: Request, ref: Ref, act: ActOnRun, *, word: str) -> Answer:
        """The same for what is no change of the run alone."""

        def find(tx: Transaction) -> Run:
            return find_run(tx, request, ref, self._workspace, verb=word, lock=True)

        return await self._frame.carry_out(
            deed, request, ref, name=f"{deed.value}_run", find=find, check=self._rights.check_run, act=act
        )
