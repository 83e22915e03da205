"""Vendors that take what they are asked and never answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

CALL_SECONDS = 10.0


@dataclass(slots=True)
class Silence:
    """A server that takes connections and says nothing to anybody."""

    url: str = ""
    callers: int = 0
    _waiting: set[asyncio.StreamWriter] = field(default_factory=set)
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._waiting.add(writer)
        async with self._more:
            self.callers += 1
            self._more.notify_all()
        await reader.read()
        writer.close()
        async with self._more:
            self._waiting.discard(writer)
            self._more.notify_all()

    async def until_called(self, times: int) -> None:
        async with asyncio.timeout(CALL_SECONDS), self._more:
            await self._more.wait_for(lambda: self.callers >= times)

    async def hang_up(self) -> None:
        """Let go whoever still waits."""
        for writer in tuple(self._waiting):
            writer.transport.abort()
        async with asyncio.timeout(CALL_SECONDS), self._more:
            await self._more.wait_for(lambda: not self._waiting)


@asynccontextmanager
async def silent_server() -> AsyncIterator[Silence]:
    silence = Silence()
    server = await asyncio.start_server(silence.take, "127.0.0.1", 0)
    async with server:
        silence.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield silence
        finally:
            await silence.hang_up()
