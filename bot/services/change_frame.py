"""Changes a change: once a request, in one transaction, where whoever asks may do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.act import Act
from bot.domain.changes.change import Change
from bot.domain.changes.changing import Changed
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.rights import Rights
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace
from bot.services.change_answers import changed_text
from bot.services.change_writing import write_change
from bot.services.find_change import find_change
from bot.services.frame import Frame
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request

Decide = Callable[[Change, Act], Changed]
"""What becomes of a change. Raises DomainError for what it refuses."""

ActOnChange = Callable[[Change, Record], Answer]
"""Writes what somebody does to a change, which is locked, and answers. Raises DomainError before that."""


class ChangeFrame:
    """The frame of every use case that changes one change, or asks for one."""

    def __init__(
        self, *, store: Store, clock: Clock, directory: Directory, rights: Rights, workspace: Workspace
    ) -> None:
        self._frame = Frame(store=store, clock=clock, directory=directory)
        self._rights = rights
        self._workspace = workspace

    async def ask(self, request: Request, act: Callable[[Record], Answer]) -> Answer:
        """Ask for one, where whoever asks may. Raises DomainError in words for the one who asked."""

        def asked(record: Record) -> Answer:
            self._rights.check_changes(Deed.REQUEST_CHANGE, request.actor)
            return act(record)

        deed = Deed.REQUEST_CHANGE
        return await self._frame.once(deed, request, name=deed.value, act=asked)

    async def change(self, deed: Deed, request: Request, ref: Ref, decide: Decide, *, word: str) -> Answer:
        """Do it to the change that `ref` means. `word` is the command's, for the examples in refusals.

        Raises DomainError in words for the one who asked.
        """

        def act(change: Change, record: Record) -> Answer:
            changed = decide(change, record.act)
            written = write_change(record, change, changed)
            return Answer(text=changed_text(record, changed, written), change=written)

        return await self.carry_out(deed, request, ref, act, word=word)

    async def carry_out(
        self,
        deed: Deed,
        request: Request,
        ref: Ref,
        act: ActOnChange,
        *,
        word: str,
        on_calendar: bool = False,
    ) -> Answer:
        """The same for what is more than a verb.

        `on_calendar`: nothing may be put on that meanwhile, and it is as late as it is once that is so.
        """

        def act_now(change: Change, record: Record) -> Answer:
            return act(change, replace(record, now=self._frame.clock.now()) if on_calendar else record)

        def find(tx: Transaction) -> Change:
            if on_calendar:  # before the change, as everybody locks them
                tx.spans.freeze_calendar()
            return find_change(tx, request, ref, self._workspace, verb=word, lock=True)

        return await self._frame.carry_out(
            deed, request, ref, name=deed.value, find=find, check=self._rights.check_change, act=act_now
        )
