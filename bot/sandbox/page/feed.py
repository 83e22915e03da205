"""Everything that changes, as one stream of server-sent events.

An event is named after its source: `slack`, `pagerduty`, `alertmanager`, `prometheus` and `deployer`
carry `{number, kind, data}` of the stand-ins' feeds, `clock` and `bot` the sandbox's own news. The first
event is `hello`, with a name for this run of the sandbox and the names of its stand-ins: what changes from
then on will be told, so that a page which then loads the whole state misses nothing.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.page.proxy import StandIn

_HEARTBEAT_SECONDS = 15.0
_LARGEST_EVENT = 4 * 1024**2
_ENDLESS = aiohttp.ClientTimeout(total=None, connect=5)

Queue = asyncio.Queue[bytes | None]


class Feed:
    """Merges the stand-ins' feeds with the sandbox's own news, for every page that watches."""

    def __init__(self, stand_ins: Sequence[StandIn], http: aiohttp.ClientSession) -> None:
        self._stand_ins = stand_ins
        self._http = http
        self._watching: set[Queue] = set()
        self._run = uuid.uuid4().hex

    def publish(self, source: str, data: dict[str, Any]) -> None:
        """Tell the sandbox's own news."""
        for queue in self._watching:
            queue.put_nowait(_event(source, json.dumps(data)))

    def close(self) -> None:
        """End every stream."""
        for queue in self._watching:
            queue.put_nowait(None)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`GET /feed`, until the page leaves or a stand-in's feed ends; the browser then connects again."""
        queue: Queue = asyncio.Queue()
        async with AsyncExitStack() as stack:
            try:
                sources = [(each.name, await self._open(each, stack)) for each in self._stand_ins]
            except (aiohttp.ClientError, TimeoutError):
                return web.json_response({"error": "a stand-in does not answer"}, status=502)
            self._watching.add(queue)
            stack.callback(self._watching.discard, queue)
            response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await response.prepare(request)
            hello = json.dumps({"run": self._run, "stand_ins": [name for name, _ in sources]})
            queue.put_nowait(b"retry: 1000\n" + _event("hello", hello))
            async with asyncio.TaskGroup() as group:
                pumps = [group.create_task(_pump(name, source, queue)) for name, source in sources]
                await _drain(queue, response)
                for pump in pumps:
                    pump.cancel()
        return response

    async def _open(self, stand_in: StandIn, stack: AsyncExitStack) -> aiohttp.ClientResponse:
        url = stand_in.control("feed")
        return await stack.enter_async_context(
            self._http.get(url, timeout=_ENDLESS, read_bufsize=_LARGEST_EVENT)
        )


async def _pump(name: str, source: aiohttp.ClientResponse, queue: Queue) -> None:
    """Put a stand-in's events into the queue, and None at the feed's end."""
    fields: dict[bytes, bytes] = {}
    try:
        async for line in source.content:
            key, _, value = line.rstrip(b"\n").partition(b": ")
            if key:
                fields[key] = value
                continue
            if b"data" in fields:
                queue.put_nowait(_passed_on(name, fields))
            fields = {}
    except (aiohttp.ClientError, ValueError):
        pass  # the stand-in is gone, or told more than fits: the page connects again and loads anew
    queue.put_nowait(None)


async def _drain(queue: Queue, response: web.StreamResponse) -> None:
    while True:
        try:
            async with asyncio.timeout(_HEARTBEAT_SECONDS):
                chunk = await queue.get()
        except TimeoutError:
            chunk = b": still here\n\n"
        if chunk is None:
            return
        try:
            await response.write(chunk)
        except ConnectionError:
            return


def _passed_on(name: str, fields: dict[bytes, bytes]) -> bytes:
    kind, number = fields[b"event"].decode(), fields.get(b"id", b"0").decode()
    data = fields[b"data"].decode()
    return _event(name, f'{{"number": {int(number)}, "kind": {json.dumps(kind)}, "data": {data}}}')


def _event(name: str, data: str) -> bytes:
    return f"event: {name}\ndata: {data}\n\n".encode()
