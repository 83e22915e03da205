"""Where people see their Home tabs."""

from __future__ import annotations

from typing import Protocol

from bot.domain.home import HomeTab
from bot.ports.failures import PermanentFailure


class HomeGoneError(PermanentFailure):
    """There is nobody any more who would see it."""


class HomeTabs(Protocol):
    """Shows Home tabs."""

    async def publish(self, tab: HomeTab) -> None:
        """Let whose it is see this from now on. Ends within ten seconds.

        Raises HomeGoneError where they are no more, else DeliveryFailure's other subclasses.
        """
