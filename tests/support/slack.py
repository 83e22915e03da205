"""The Slack stand-in for tests: served in the test's own loop, on a free loopback port."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.slack import SlackStandIn

SIGNING_SECRET = "signing-secret-of-the-tests"


@asynccontextmanager
async def slack_stand_in(slack: SlackStandIn | None = None) -> AsyncIterator[SlackStandIn]:
    """Serve a stand-in (by default a fresh one) while the block runs; its `url` says where."""
    served = slack or SlackStandIn()
    async with serving(served.app()) as url:
        served.url = url
        yield served


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """Serve any application on a free loopback port while the block runs; yields its base URL."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class SteppedClock:
    """A stand-in's clock that a test sets: epoch milliseconds."""

    def __init__(self, now: int = 1_780_000_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def forward(self, *, seconds: float) -> None:
        self.now += int(seconds * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as a bot gets it."""

    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body, keep_blank_values=True))

    @property
    def payload(self) -> dict[str, Any]:
        text = self.body if self.body.startswith("{") else self.form["payload"]
        payload: dict[str, Any] = json.loads(text)
        return payload


@dataclass(slots=True)
class RecordingBot:
    """A bot that notes what it is sent, and gives the answers that the test lays out (then empty 200s)."""

    received: list[Received] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/slack/events", self._take)
        return app

    def reply(self, body: dict[str, Any]) -> None:
        self.answers.append(web.json_response(body))

    def fail(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.answers.append(web.Response(status=status, headers=headers))

    async def _take(self, request: web.Request) -> web.Response:
        headers = dict(request.headers)
        self.received.append(Received(headers=headers, body=await request.text()))
        return self.answers.pop(0) if self.answers else web.Response()
