"""The timers' loop: every second, and at once when a deadline is set that comes sooner."""

from __future__ import annotations

from datetime import timedelta

from bot.ports.clock import Clock
from bot.services.health import Heart
from bot.services.timers import Timers
from scheduler.guarded import guarded
from scheduler.waking import Wake

TICK_SECONDS = 1.0
SHORTEST_SECONDS = 0.02
"""Between two looks: every declaration sets timers, and hardly one comes sooner than the next tick."""


class TimerLoop:
    """Fires what is due until it is told to stop. Trouble is logged and tried again at the next tick."""

    def __init__(self, *, timers: Timers, clock: Clock, heart: Heart) -> None:
        self._timers = timers
        self._clock = clock
        self._heart = heart
        self.wake = Wake()

    async def run(self) -> None:
        """Go round until `wake.stop()`."""
        while not self.wake.is_stopping:
            self._heart.beat()
            await self.wake.wait(await self._tick(), at_least=SHORTEST_SECONDS)

    async def _tick(self) -> float:
        """Fire what is due; seconds until the next look."""
        fired = await guarded(self._timers.fire_due(), otherwise=None, what="firing timers")
        if fired is None or fired.next_due is None:
            return TICK_SECONDS
        wait = (fired.next_due - self._clock.now()) / timedelta(seconds=1)
        # What is due, and was not fired just now, is another replica's, or in trouble: not at once again.
        return TICK_SECONDS if wait <= 0 else min(TICK_SECONDS, max(wait, SHORTEST_SECONDS))
