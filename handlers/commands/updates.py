"""The commands about the state of things."""

from __future__ import annotations

from bot.services.requests import Ref
from bot.services.updates import Updates
from handlers.commands.doers import Doers, changer
from handlers.words.updates import SetImpact, SetUpdates, StillOnIt


class UpdateCommands:
    """Does what is asked about updates."""

    def __init__(self, *, updates: Updates) -> None:
        self._updates = updates

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        updates = self._updates
        return {
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
