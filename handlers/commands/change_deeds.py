"""The commands that change something about changes."""

from __future__ import annotations

from bot.services.change_requests import Changes
from bot.services.requests import Answer, Ref, Request
from bot.views import replies
from bot.views.blocks import Message
from handlers.commands.change_override import OverrideAsking
from handlers.commands.doers import Doers, changer, looker
from handlers.words.change_deeds import (
    ApproveChange,
    BeginTest,
    CancelChange,
    FinishChange,
    MarkDeployed,
    NextPhase,
    NoteOnChange,
    RejectChange,
    RollBack,
    StartChange,
)


class ChangeDeeds:
    """Approves and rejects, starts, goes on, finishes, takes back, calls off, notes.

    What is to be started against the gate is only asked for by a line: `overriding` asks once more.
    """

    def __init__(self, *, changes: Changes, overriding: OverrideAsking) -> None:
        self._changes = changes
        self._overriding = overriding

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {
            **changer(ApproveChange, self._approve),
            **changer(RejectChange, self._reject),
            **looker(StartChange, self._start),
            **changer(BeginTest, self._test),
            **changer(MarkDeployed, self._deployed),
            **changer(NextPhase, self._next),
            **changer(FinishChange, self._done),
            **changer(RollBack, self._roll_back),
            **changer(CancelChange, self._cancel),
            **changer(NoteOnChange, self._note),
        }

    async def _approve(self, command: ApproveChange, request: Request) -> Answer:
        return await self._changes.approve(request, Ref(number=command.number), command.note or None)

    async def _reject(self, command: RejectChange, request: Request) -> Answer:
        return await self._changes.reject(request, Ref(number=command.number), command.reason)

    async def _start(self, command: StartChange, request: Request) -> Message:
        if command.override is not None:
            return await self._overriding.ask(command.number, command.override, request)
        done = await self._changes.start(request, Ref(number=command.number), command.note or None)
        return replies.answer(done.text, repeated=done.repeated)

    async def _test(self, command: BeginTest, request: Request) -> Answer:
        return await self._changes.test(request, Ref(number=command.number), command.note or None)

    async def _deployed(self, command: MarkDeployed, request: Request) -> Answer:
        return await self._changes.deployed(request, Ref(number=command.number), command.note or None)

    async def _next(self, command: NextPhase, request: Request) -> Answer:
        return await self._changes.next(request, Ref(number=command.number), command.note or None)

    async def _done(self, command: FinishChange, request: Request) -> Answer:
        return await self._changes.done(request, Ref(number=command.number), command.note or None)

    async def _roll_back(self, command: RollBack, request: Request) -> Answer:
        return await self._changes.rollback(request, Ref(number=command.number), command.reason or None)

    async def _cancel(self, command: CancelChange, request: Request) -> Answer:
        return await self._changes.cancel(request, Ref(number=command.number), command.reason or None)

    async def _note(self, command: NoteOnChange, request: Request) -> Answer:
        return await self._changes.note(request, Ref(number=command.number), command.text)
