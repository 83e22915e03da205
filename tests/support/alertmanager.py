"""Alertmanager's stand-in and the real one, each served on a free loopback port, and a bot that records."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.alertmanager import AlertmanagerStandIn
from bot.sandbox.alertmanager.routes import Timing, configuration
from tests.support.pagerduty import served
from tests.support.programs import real_program

TOKEN = "alertmanager-token"
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Received:
    """One notification as the bot got it."""

    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The JSON in it."""
        found: dict[str, Any] = json.loads(self.content)
        return found


@dataclass(slots=True)
class RecordingBot:
    """Takes notifications. The next answers have the statuses of `answers`; after them, all are 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    def app(self) -> web.Application:
        """The bot's webhook."""
        app = web.Application()
        app.router.add_post("/webhooks/alertmanager", self._take)
        return app

    async def until_received(self, number: int) -> Received:
        """Wait for the notification of a number, counted from 1."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._more:
            await self._more.wait_for(lambda: len(self.received) >= number)
        return self.received[number - 1]

    async def _take(self, request: web.Request) -> web.Response:
        received = Received(headers=dict(request.headers), content=await request.read())
        async with self._more:
            self.received.append(received)
            self._more.notify_all()
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@asynccontextmanager
async def recording_bot() -> AsyncIterator[RecordingBot]:
    """A bot that takes notifications; it ends with the block."""
    bot = RecordingBot()
    async with served(bot.app()) as url:
        bot.url = f"{url}/webhooks/alertmanager"
        yield bot


@dataclass(frozen=True, slots=True)
class ServedAlertmanager:
    """The stand-in and the address of all its interfaces."""

    stand_in: AlertmanagerStandIn
    url: str


@asynccontextmanager
async def served_alertmanager(**options: Any) -> AsyncIterator[ServedAlertmanager]:
    """Serve a stand-in made with `options`; it ends with the block."""
    stand_in = AlertmanagerStandIn(**options)
    async with served(stand_in.app()) as url:
        yield ServedAlertmanager(stand_in, url)


@asynccontextmanager
async def real_alertmanager(folder: Path, *, webhook_url: str, timing: Timing) -> AsyncIterator[str]:
    """Run the real Alertmanager, with its data in `folder`; gives its address. It ends with the block."""
    program = real_program("prometheus-alertmanager", "alertmanager", package="prometheus-alertmanager")
    file, port = folder / "alertmanager.yml", _free_port()
    file.write_text(configuration(webhook_url, timing).replace("<secret>", TOKEN))
    with (folder / "alertmanager.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            program,
            f"--config.file={file}",
            f"--storage.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--web.external-url=http://127.0.0.1:{port}",
            "--cluster.listen-address=",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        await _ready(url, process, folder / "alertmanager.log")
        yield url
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _ready(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession() as http:
        while process.returncode is None:
            with suppress(aiohttp.ClientError):
                async with http.get(f"{url}/-/ready") as answer:
                    if answer.ok:
                        return
            await asyncio.sleep(0.02)
    raise AssertionError("Alertmanager did not start:\n" + await asyncio.to_thread(log.read_text))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
