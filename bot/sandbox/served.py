"""A stand-in as a process of its own: its options, and serving it until it is told to end."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bot.sandbox.clock import Clock, OffsetClock, wall_clock

HOST = "127.0.0.1"
GRACE_SECONDS = 1.0


def options(name: str, description: str | None) -> argparse.ArgumentParser:
    """The options of `python -m bot.sandbox.{name}` that every stand-in has, to be added to."""
    parser = argparse.ArgumentParser(prog=f"python -m bot.sandbox.{name}", description=description)
    parser.add_argument("--port", type=int, default=0, help="on loopback; 0, the default, takes a free one")
    parser.add_argument("--clock", type=Path, help="a file with one integer: milliseconds to add to the time")
    return parser


def clock_of(arguments: argparse.Namespace) -> Clock:
    """The clock that the options ask for."""
    return OffsetClock(arguments.clock) if arguments.clock else wall_clock


def run(app: web.Application, port: int, ready: Callable[[str], Iterable[str]]) -> None:
    """Serve until SIGINT or SIGTERM. Once calls are taken, print the lines that `ready(url)` gives."""
    asyncio.run(_run(app, port, ready))


@asynccontextmanager
async def listening(app: web.Application, port: int, grace: float = GRACE_SECONDS) -> AsyncIterator[str]:
    """Serve on loopback while the block runs; gives the address. `grace`: seconds for calls to end."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=grace)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _run(app: web.Application, port: int, ready: Callable[[str], Iterable[str]]) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with listening(app, port) as url:
        print(*ready(url), sep="\n", flush=True)  # noqa: T201 - a parent, or a person, waits for it
        await ended.wait()
