"""The button that merges two incidents."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services.merging import Merging
from bot.services.requests import Ref, Request
from bot.views.merging import MERGE, decode_pair
from handlers.actions.incident import Press


def merging_buttons(merging: Merging) -> Mapping[str, Press]:
    """Who merges, by the button's action id."""

    async def press(request: Request, value: str) -> None:
        pair = decode_pair(value)
        await merging.merge(request, Ref(id=pair.ended), Ref(id=pair.kept))

    return {MERGE: press}
