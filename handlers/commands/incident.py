"""`/incident`, and the same grammar in a mention."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.services.requests import Request
from bot.views.blocks import Message
from handlers.commands.doers import Doers, together
from handlers.grammar import parse
from handlers.lines import Command


class IncidentCommand:
    """Carries out a line. Whatever it changes is on disk when the answer is returned.

    `services` says which services may be named; `parts` are the doers of each part of the commands.
    """

    def __init__(self, *, services: Callable[[], Iterable[str]], parts: Iterable[Doers]) -> None:
        self._services = services
        self._doers = together(parts)

    @property
    def kinds(self) -> frozenset[type[Command]]:
        """The kinds of commands that are carried out."""
        return frozenset(self._doers)

    async def carry_out(self, text: str, request: Request, trigger: str | None = None) -> Message | None:
        """Read `text` (as Slack sends it) and do what it asks. Raises DomainError for what it refuses.

        None where a form has been opened instead of an answer; `trigger` is what Slack opens one for.
        """
        command = parse(text, self._services())
        return await self._doers[type(command)](command, request, trigger)
