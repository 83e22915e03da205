"""A stand-in as a process of its own: its options, and serving it until it is told to end."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from aiohttp import web

from bot.sandbox.clock import Clock, OffsetClock, wall_clock
from bot.sandbox.kept import Keepable, Keeper

HOST = "127.0.0.1"
GRACE_SECONDS = 1.0


class StandIn(Keepable, Protocol):
    """What is served: a stand-in, whose state can be kept."""

    def app(self) -> web.Application:
        """The stand-in over HTTP."""
        ...


def options(name: str, description: str | None) -> argparse.ArgumentParser:
    """The options of `python -m bot.sandbox.{name}` that every stand-in has, to be added to."""
    parser = argparse.ArgumentParser(prog=f"python -m bot.sandbox.{name}", description=description)
    parser.add_argument("--port", type=int, default=0, help="on loopback; 0, the default, takes a free one")
    parser.add_argument("--clock", type=Path, help="a file with one integer: milliseconds to add to the time")
    parser.add_argument(
        "--state",
        type=Path,
        help="a file to go on from and to keep the state in; without it, all is forgotten",
    )
    return parser


def clock_of(arguments: argparse.Namespace) -> Clock:
    """The clock that the options ask for."""
    return OffsetClock(arguments.clock) if arguments.clock else wall_clock


def run(stand_in: StandIn, arguments: argparse.Namespace, ready: Callable[[str], Iterable[str]]) -> None:
    """Serve as the options say until SIGINT or SIGTERM. Once calls are taken, print `ready(url)`'s lines."""
    app = stand_in.app()
    if arguments.state is not None:
        keeper = Keeper(arguments.state, stand_in)
        keeper.restore()
        app.cleanup_ctx.append(
            keeper.running
        )  # the last: it ends first, before what is under way is given up
    asyncio.run(_run(app, arguments.port, ready))


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
