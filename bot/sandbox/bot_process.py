"""The bot's process, as the page shows and handles it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp

from bot.sandbox.children import Child
from bot.sandbox.waiting import answers

DOWN, STARTING, RUNNING = "down", "starting", "running"


class BotProcess:
    """Starts and kills the bot. Nothing starts it again by itself: what then waits is there to be seen."""

    def __init__(self, child: Child, url: str, http: aiohttp.ClientSession) -> None:
        self._child = child
        self._alive = f"{url}/livez"
        self._http = http
        self._answered = False
        self._starting = asyncio.Lock()

    @property
    def on_change(self) -> Callable[[], None]:
        """Told whenever the bot starts, answers or ends."""
        return self._child.on_change

    @on_change.setter
    def on_change(self, told: Callable[[], None]) -> None:
        self._child.on_change = told

    @property
    def state(self) -> str:
        """`down`, `starting`, or `running` once it answers."""
        if not self._child.running:
            return DOWN
        return RUNNING if self._answered else STARTING

    def to_json(self) -> dict[str, Any]:
        """The state, how the last process ended, and the end of its log."""
        return {
            "state": self.state,
            "exit_code": self._child.exit_code,
            "log": self._child.last_lines(),
        }

    async def start(self) -> None:
        """Start it, unless it runs; returns once it answers or has ended."""
        async with self._starting:
            if self.state == RUNNING:
                return
            self._answered = False
            await self._child.start()
            self._answered = await answers(self._http, self._alive, self._child)
            self.on_change()

    async def kill(self) -> None:
        """`kill -9`: it gets no chance to tidy up."""
        await self._child.kill()
