"""The commands by which an incident takes its course."""

from __future__ import annotations

from bot.services.incidents import Incidents
from bot.services.requests import Answer, Ref, Request
from handlers.commands.doers import Doers, changer
from handlers.words.course import (
    Acknowledge,
    ChangeSeverity,
    Escalate,
    GiveRole,
    Reopen,
    TakeTurn,
    Turn,
)


class Course:
    """Does what changes an incident."""

    def __init__(self, *, incidents: Incidents) -> None:
        self._incidents = incidents

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        incidents = self._incidents
        return {
            **changer(Acknowledge, lambda said, request: incidents.acknowledge(request, _ref(said))),
            **changer(
                ChangeSeverity,
                lambda said, request: incidents.change_severity(request, _ref(said), said.severity),
            ),
            **changer(Escalate, lambda said, request: incidents.escalate(request, _ref(said))),
            **changer(TakeTurn, self._turn),
            **changer(GiveRole, self._give_role),
            **changer(Reopen, lambda said, request: incidents.reopen(request, _ref(said))),
        }

    async def _give_role(self, command: GiveRole, request: Request) -> Answer:
        to = None if command.nobody else command.to or request.actor
        return await self._incidents.give_role(request, _ref(command), command.role, to)

    async def _turn(self, command: TakeTurn, request: Request) -> Answer:
        match command.turn:
            case Turn.MITIGATE:
                return await self._incidents.mitigate(request, _ref(command), command.text)
            case Turn.RESOLVE:
                return await self._incidents.resolve(request, _ref(command), command.text)
            case Turn.CANCEL:
                return await self._incidents.cancel(request, _ref(command), command.text)


def _ref(command: Acknowledge | ChangeSeverity | Escalate | TakeTurn | GiveRole | Reopen) -> Ref:
    return Ref(number=command.number)
