"""The commands for what is done once an incident is over."""

from __future__ import annotations

from datetime import tzinfo

from bot.ports.clock import Clock
from bot.services.postmortems import Postmortems
from bot.services.requests import Ref, Request
from bot.views.blocks import Message
from bot.views.postmortem_list import postmortem_list
from handlers.commands.doers import Doers, changer, looker
from handlers.words.afterwards import (
    DraftPostmortem,
    FinishPostmortem,
    HandOverPostmortem,
    ListPostmortems,
    WaivePostmortem,
)


class Afterwards:
    """Does what follows an incident. `zone` is the guide's."""

    def __init__(self, *, postmortems: Postmortems, clock: Clock, zone: tzinfo) -> None:
        self._postmortems = postmortems
        self._clock = clock
        self._zone = zone

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        owed = self._postmortems
        return {
            **changer(DraftPostmortem, lambda said, request: owed.draft(request, _ref(said))),
            **changer(FinishPostmortem, lambda said, request: owed.finish(request, _ref(said), said.link)),
            **changer(WaivePostmortem, lambda said, request: owed.waive(request, _ref(said), said.reason)),
            **changer(HandOverPostmortem, lambda said, request: owed.hand_over(request, _ref(said), said.to)),
            **looker(ListPostmortems, self._list),
        }

    async def _list(self, _command: ListPostmortems, request: Request) -> Message:
        listed = await self._postmortems.open(request.channel)
        shown = [(one.duty, one.incident, one.shown) for one in listed]
        return postmortem_list(shown, self._clock.now(), zone=self._zone)


def _ref(command: DraftPostmortem | FinishPostmortem | WaivePostmortem | HandOverPostmortem) -> Ref:
    return Ref(number=command.number)
