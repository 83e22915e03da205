"""The commands for action items."""

from __future__ import annotations

from datetime import tzinfo

from bot.ports.clock import Clock
from bot.services.items import Items
from bot.services.requests import Answer, Ref, Request
from bot.views.blocks import Message
from bot.views.items import item_list
from handlers.commands.doers import Doers, changer, looker
from handlers.words.items import AddItem, ChangeItem, ItemVerb, ListItems


class ItemCommands:
    """Adds and changes what is to be done. `zone` is the guide's."""

    def __init__(self, *, items: Items, clock: Clock, zone: tzinfo) -> None:
        self._items = items
        self._clock = clock
        self._zone = zone

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {
            **changer(AddItem, self._add),
            **changer(ChangeItem, self._change),
            **looker(ListItems, self._list),
        }

    async def _add(self, command: AddItem, request: Request) -> Answer:
        ref = Ref(number=command.number)
        return await self._items.add(request, ref, command.text, to=command.to, due=command.due)

    async def _change(self, command: ChangeItem, request: Request) -> Answer:
        match command.verb:
            case ItemVerb.DONE:
                return await self._items.finish(request, command.item)
            case ItemVerb.DROP:
                return await self._items.drop(request, command.item, command.text)
            case ItemVerb.DUE:
                return await self._items.put_off(request, command.item, command.text)
            case ItemVerb.TO:
                return await self._items.give(request, command.item, command.to or request.actor)

    async def _list(self, command: ListItems, request: Request) -> Message:
        listed = await self._items.list(request, command.number)
        today = self._clock.now().astimezone(self._zone).date()
        return item_list([(one.item, one.incident, one.shown) for one in listed], today)
