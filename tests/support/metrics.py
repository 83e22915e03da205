"""Something that is asked in place of Prometheus, and what is counted meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from typing_extensions import override

from tests.support.fake_vendors import NoMeter
from tests.support.pagerduty import served


class CountingMeter(NoMeter):
    """Counts queries, and remembers each turn of the breaker."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.is_open = False

    @override
    def count_query(self, outcome: str) -> None:
        self.outcomes[outcome] += 1

    @override
    def note_breaker(self, *, is_open: bool) -> None:
        self.is_open = is_open


def success(result: Any, *, kind: str = "vector", **more: Any) -> str:
    """Prometheus' answer to a query that succeeds."""
    return json.dumps({"status": "success", "data": {"resultType": kind, "result": result}, **more})


ONE = success([{"metric": {"job": "payment"}, "value": [1773676800, "1"]}])


@dataclass(slots=True)
class Answering:
    """Answers every request with the same, and remembers what came. While `held`, answers wait."""

    url: str = ""
    status: int = 200
    body: str | bytes = ONE
    headers: Mapping[str, str] = field(default_factory=dict)
    requests: list[web.Request] = field(default_factory=list)
    parameters: list[dict[str, Any]] = field(default_factory=list)
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self._open.set()

    def hold(self) -> None:
        """No answers from now on."""
        self._open.clear()

    def release(self) -> None:
        """Answer everybody who waits."""
        self._open.set()

    async def until_asked(self, times: int) -> None:
        """Wait until so many requests have come."""
        async with asyncio.timeout(10), self._came:
            await self._came.wait_for(lambda: len(self.requests) >= times)

    async def take(self, request: web.Request) -> web.Response:
        """Answer one."""
        given = {**request.query, **(await request.post())}
        async with self._came:
            self.requests.append(request)
            self.parameters.append(given)
            self._came.notify_all()
        await self._open.wait()
        body = self.body.encode() if isinstance(self.body, str) else self.body
        return web.Response(status=self.status, body=body, headers=self.headers)


@asynccontextmanager
async def answering(**how: Any) -> AsyncIterator[Answering]:
    """Something that answers every path; it ends with the block."""
    one = Answering(**how)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.take)
    async with served(app) as url:
        one.url = url
        try:
            yield one
        finally:
            one.release()
