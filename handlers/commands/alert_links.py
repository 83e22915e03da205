"""The commands about an incident's alerts."""

from __future__ import annotations

from bot.services.incident_reader import IncidentReader
from bot.services.linked_alerts import LinkedAlerts
from bot.services.requests import Ref, Request
from bot.views.alert_links import linked_list
from bot.views.blocks import Message
from handlers.commands.doers import Doers, changer, looker
from handlers.words.alert_links import LinkAlert, ListLinked, UnlinkAlert


class AlertLinkCommands:
    """Does what is asked about an incident's alerts."""

    def __init__(self, *, linked: LinkedAlerts, reader: IncidentReader) -> None:
        self._linked = linked
        self._reader = reader

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        linked = self._linked
        return {
            **looker(ListLinked, self._list),
            **changer(
                LinkAlert, lambda said, request: linked.link(request, Ref(number=said.number), said.alert)
            ),
            **changer(UnlinkAlert, lambda said, request: linked.unlink(request, said.alert)),
        }

    async def _list(self, command: ListLinked, request: Request) -> Message:
        card = await self._reader.card(request, Ref(number=command.number), verb="alerts")
        return linked_list(card, redacted=not self._reader.may_show(card, request.channel))
