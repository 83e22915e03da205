"""Asks webhooks."""

from __future__ import annotations

from bot.domain.changes.hooking import TOO_LATE
from bot.ports.clock import Clock
from bot.ports.failures import PermanentFailure
from bot.ports.hooks import Hooks
from bot.services.hook_work import AskHook, HookSaid


class HookSender:
    """Asks them, and never too late: whatever was down."""

    def __init__(self, hooks: Hooks, clock: Clock) -> None:
        self._hooks = hooks
        self._clock = clock

    async def send(self, work: AskHook) -> HookSaid:
        """Ask. Raises DeliveryFailure's subclasses."""
        if work.call is None:
            raise PermanentFailure("The guide has no such webhook any more.")
        if self._clock.now() >= work.until:
            raise PermanentFailure(TOO_LATE)
        return HookSaid(said=await self._hooks.post(work.call))
