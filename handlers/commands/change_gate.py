"""`/change gate`, and the same from a card's menu: whether something may be changed now."""

from __future__ import annotations

from bot.domain.changes.change import Change
from bot.domain.changes.gate import GateAnswer
from bot.domain.errors import DomainError, InvalidError
from bot.domain.guide import Guide
from bot.domain.slo.objective import PLATFORM
from bot.services.change_reader import ChangeReader
from bot.services.gates import GateReader
from bot.services.requests import Ref, Request
from bot.views.blocks import Message
from bot.views.changes.gate import gate_message
from handlers.commands.doers import Doers, looker
from handlers.words.changes import AskChangeGate


class GateAsking:
    """Asks the gate of a service and a type, or of one change."""

    def __init__(self, *, reader: ChangeReader, gates: GateReader, guide: Guide) -> None:
        self._reader = reader
        self._gates = gates
        self._guide = guide

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return looker(AskChangeGate, self._ask)

    async def of_change(self, request: Request, ref: Ref) -> Message:
        """The answer for one change. Raises NotFoundError and InvalidError."""
        return await self._answer_for(await self._reader.change(request, ref))

    async def _ask(self, command: AskChangeGate, request: Request) -> Message:
        if command.service is not None:
            return self._shown(await self._gates.answer(command.service, command.kind, None))
        return await self._answer_for(await self._meant(command, request))

    async def _answer_for(self, change: Change) -> Message:
        service = change.service or PLATFORM
        return self._shown(await self._gates.answer(service, change.plan.kind, change.label))

    async def _meant(self, command: AskChangeGate, request: Request) -> Change:
        """The change that is named, or that of the thread, or the only one."""
        try:
            return await self._reader.change(request, Ref(number=command.number), verb="gate")
        except DomainError as error:
            if command.number is not None:
                raise
            raise InvalidError(f"{error} Or name what is to be changed: `gate payment`.") from error

    def _shown(self, answer: GateAnswer) -> Message:
        kind = self._guide.changes.types.get(answer.kind)
        return gate_message(
            answer,
            service=self._gates.title(answer.service),
            kind=kind.title if kind else answer.kind,
            zone=self._guide.organization.zone,
        )
