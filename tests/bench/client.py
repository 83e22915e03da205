"""Slack's side of a slash command, as cheap as Python makes it, so that the client is no bottleneck.

Bodies are made and signed beforehand, connections are kept open, answers are read and not parsed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Self
from urllib.parse import urlsplit

from bot.adapters.clock import WallClock
from tests.support.slack_requests import SECRET, form, signed, slash

ANSWER_SECONDS = 30
CHANNEL = "C0ALERTS1"
USER = {"user_id": "U0ANA0001", "user_name": "ana", "channel_id": CHANNEL, "channel_name": "platform-alerts"}

_numbers = count(1)
_run = str(time.time_ns())


def requests(texts: Sequence[str]) -> list[bytes]:
    """Slash commands, whole and signed; each with a trigger of its own. Good for five minutes."""
    now = WallClock().now()
    made = []
    for text in texts:
        body = form({**slash(text, trigger=f"{_run}.{next(_numbers)}"), **USER})
        lines = [f"{name}: {value}" for name, value in signed(body, now, secret=SECRET).items()]
        head = ["POST /slack/events HTTP/1.1", "Host: bench", f"Content-Length: {len(body)}", *lines]
        made.append("\r\n".join(head).encode() + b"\r\n\r\n" + body)
    return made


def declarations(number: int) -> list[bytes]:
    """One-line declarations of P0 incidents."""
    return requests([f"p0 checkout is down {index}" for index in range(number)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of many requests: milliseconds each took, and seconds all of them took."""

    latencies: list[float]
    seconds: float

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return len(self.latencies) / self.seconds


async def send(url: str, made: Sequence[bytes], *, at_once: int = 1) -> Load:
    """Send all, `at_once` of them under way at any time. Raises AssertionError where one is not taken."""
    waiting = iter(made)
    latencies: list[float] = []

    async def work(connection: _Connection) -> None:
        for request in waiting:
            began = time.perf_counter()
            await connection.exchange(request)
            latencies.append((time.perf_counter() - began) * 1000)

    connections = [await _Connection.to(url) for _ in range(at_once)]
    try:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for connection in connections:
                group.create_task(work(connection))
        return Load(latencies=latencies, seconds=time.perf_counter() - began)
    finally:
        for connection in connections:
            connection.close()


async def answered(url: str, made: Sequence[bytes]) -> list[bytes]:
    """Send one after the other; the answers' bodies."""
    connection = await _Connection.to(url)
    try:
        return [await connection.exchange(request) for request in made]
    finally:
        connection.close()


class _Connection:
    """One kept-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, url: str) -> Self:
        parts = urlsplit(url)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port))

    async def exchange(self, request: bytes) -> bytes:
        """Send one request; the answer's body once it is there whole."""
        self._writer.write(request)
        async with asyncio.timeout(ANSWER_SECONDS):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            body = await self._reader.readexactly(length)
        assert head.startswith(b"HTTP/1.1 200"), head + body
        return body

    def close(self) -> None:
        self._writer.close()
