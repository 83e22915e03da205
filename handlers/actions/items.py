"""The buttons under a reminder of an action item."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services.items import Items
from bot.services.requests import Request
from bot.views.items import DONE, SNOOZE, decode_item
from handlers.actions.incident import Press


def item_buttons(items: Items) -> Mapping[str, Press]:
    """Who finishes and who snoozes, by the buttons' action ids."""

    async def done(request: Request, value: str) -> None:
        await items.finish(request, decode_item(value))

    async def snooze(request: Request, value: str) -> None:
        await items.snooze(request, decode_item(value))

    return {DONE: done, SNOOZE: snooze}
