"""Lets a loop sleep until its tick, or until something happens that it must see at once."""

from __future__ import annotations

import asyncio


class Wake:
    """An event with a time limit, and a way to say that the loop is to end."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.is_stopping = False

    def set(self) -> None:
        """Wake the loop now, or spare it its next sleep."""
        self._event.set()

    def stop(self) -> None:
        """Let the loop end after what it is doing."""
        self.is_stopping = True
        self._event.set()

    async def wait(self, seconds: float, *, at_least: float = 0.0) -> None:
        """Sleep for `seconds`, less where somebody wakes the loop, but `at_least` so long.

        With that, calls that come thick and fast become one.
        """
        await asyncio.sleep(at_least)
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        self._event.clear()
