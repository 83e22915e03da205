"""Declaring by a line, or by the form that a line asks for."""

from __future__ import annotations

from bot.domain.errors import InvalidError
from bot.domain.guide import Guide
from bot.domain.severity import Severity
from bot.services.incidents import Incidents
from bot.services.requests import Answer, Declaration, Request
from bot.views.blocks import Message
from handlers.commands.doers import Doers, changer, doer
from handlers.commands.looking import help_on
from handlers.modals.declare import DeclareForm
from handlers.words.declaring import Ask, Declare


class Declaring:
    """Declares what a line says, or opens the form."""

    def __init__(self, *, incidents: Incidents, form: DeclareForm, guide: Guide) -> None:
        self._incidents = incidents
        self._form = form
        self._guide = guide

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {**changer(Declare, self._declare), **doer(Ask, self._ask)}

    async def _declare(self, command: Declare, request: Request) -> Answer:
        return await self._incidents.declare(
            request,
            Declaration(
                severity=command.severity,
                title=command.title,
                service=command.service,
                security=command.security,
                drill=command.drill,
            ),
        )

    async def _ask(self, command: Ask, request: Request, trigger: str | None) -> Message | None:
        """Open the form. A mention cannot: it is told how to say it in one line."""
        if trigger is not None:
            await self._form.ask(command, request, trigger)
            return None
        if command == Ask():
            return help_on(self._guide)
        severity = command.severity or Severity.P0
        raise InvalidError(f"What is wrong? `{severity.lower()} checkout is down`.")
