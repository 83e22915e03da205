"""Somebody opens their Home tab."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services.homes import Homes
from handlers.who import Who

HOME_OPENED = "app_home_opened"


class HomeEvents:
    """Lets a Home tab be shown that was opened."""

    def __init__(self, *, homes: Homes, who: Who) -> None:
        self._homes = homes
        self._who = who

    async def hear(self, body: Mapping[str, Any]) -> None:
        """Hear an `app_home_opened` event. Its other tab, messages, shows nothing of its own."""
        if body["event"].get("tab") == "home":
            await self._homes.opened(self._who.event(body))
