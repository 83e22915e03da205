"""The commands about the state of things."""

from __future__ import annotations

from bot.services.requests import Answer, Ref, Request
from bot.services.updates import Updates, Word
from handlers.commands.doers import Doers, changer
from handlers.words.updates import SetImpact, SetUpdates, StillOnIt, Update


class UpdateCommands:
    """Does what is asked about updates."""

    def __init__(self, *, updates: Updates) -> None:
        self._updates = updates

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        updates = self._updates
        return {
            **changer(Update, self._write),
            **changer(StillOnIt, lambda said, request: updates.still_on_it(request, Ref(number=said.number))),
            **changer(
                SetUpdates,
                lambda said, request: updates.ask_every(request, Ref(number=said.number), said.every),
            ),
            **changer(
                SetImpact,
                lambda said, request: updates.set_impact(request, Ref(number=said.number), said.text),
            ),
        }

    async def _write(self, command: Update, request: Request) -> Answer:
        return await self._updates.write(request, Ref(number=command.number), Word(text=command.text))
