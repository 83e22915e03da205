"""Starts the sandbox's processes, serves the page, and ends them all."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.sandbox.bot_process import RUNNING, BotProcess
from bot.sandbox.children import Child
from bot.sandbox.files import Files, write_files
from bot.sandbox.page import MovedClock, page_app
from bot.sandbox.waiting import answers
from bot.sandbox.wiring import CALENDAR_TOKEN, GATE_TOKEN, HOST, Wiring

FAILED = 1
_GRACE_SECONDS = 1.5
_PAGE_GRACE_SECONDS = 0.5


class _End:
    """Set once the sandbox is to end, with the reason where that is a failure."""

    def __init__(self) -> None:
        self.come = asyncio.Event()
        self.failure: str | None = None

    def fail(self, text: str) -> None:
        self.failure = self.failure or text
        self.come.set()


def supervise(port: int, data: Path | None) -> int:
    """Run the sandbox until it is told to end; returns the exit code."""
    with _folder(data) as folder:
        if folder is None:
            failure: str | None = f"another sandbox is running in {data}"
        else:
            with _listen(port) as page:
                failure = asyncio.run(_run(page, Wiring(Files(folder), os.environ, keeps=data is not None)))
    if failure is None:
        return 0
    print(f"opsbot: {failure}", file=sys.stderr)  # noqa: T201 - a command says why it fails
    return FAILED


def _listen(port: int) -> socket.socket:
    """The page's socket, at `port`, or at a free one where that is taken.

    It is there before anything else, for the guide's links name its address.
    """
    try:
        return socket.create_server((HOST, port))
    except OSError:
        return socket.create_server((HOST, 0))


def _address(page: socket.socket) -> str:
    return f"http://{HOST}:{page.getsockname()[1]}"


@contextmanager
def _folder(data: Path | None) -> Iterator[Path | None]:
    """The folder, for this sandbox alone while the block runs; None where another one has it."""
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        with _locked(data) as mine:
            yield data.resolve() if mine else None
        return
    with tempfile.TemporaryDirectory(prefix="opsbot-sandbox-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Whether the folder could be locked; the system unlocks it when the process ends, however it does."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(held)


async def _run(page: socket.socket, wiring: Wiring) -> str | None:
    """Everything, until the end comes; the failure, if it is one."""
    end = _End()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end.come.set)
    stand_ins, child = wiring.stand_ins(), wiring.bot()
    async with (
        _stopping(child, *stand_ins.values()),
        aiohttp.ClientSession() as http,
        asyncio.TaskGroup() as group,
    ):
        bot = BotProcess(child, wiring.url("bot"), http)
        await _start(child, stand_ins, wiring, _address(page))
        tasks = [group.create_task(_fail_when_ended(each, end)) for each in stand_ins.values()]
        tasks.append(group.create_task(child.watch()))
        tasks.append(group.create_task(_serve(page, wiring, bot, http, stand_ins)))
        await end.come.wait()
        for task in tasks:
            task.cancel()
    return end.failure


async def _start(child: Child, stand_ins: Mapping[str, Child], wiring: Wiring, page: str) -> None:
    """Start everything, what takes longest first: the bot, which then waits for Slack's stand-in.

    That one comes last, once the files are written that both read.
    """
    await child.start()
    for name, each in stand_ins.items():
        if name != "slack":
            await each.start()
    await asyncio.to_thread(write_files, wiring.files, page, wiring.url("deployer"))
    await stand_ins["slack"].start()


@asynccontextmanager
async def _stopping(*children: Child) -> AsyncIterator[None]:
    try:
        yield
    finally:
        async with asyncio.TaskGroup() as group:
            for child in children:
                group.create_task(child.stop(_GRACE_SECONDS))


async def _fail_when_ended(child: Child, end: _End) -> None:
    code = await child.ended()
    lines = "\n".join(child.last_lines(10))
    end.fail(f"{child.log.stem}'s stand-in ended by itself, with exit code {code}:\n{lines}")


async def _serve(
    page: socket.socket,
    wiring: Wiring,
    bot: BotProcess,
    http: aiohttp.ClientSession,
    stand_ins: Mapping[str, Child],
) -> None:
    """Serve the page; once all answers, say where it is."""
    for name, child in stand_ins.items():
        await answers(http, f"{wiring.url(name)}/control/faults", child)
    app = page_app(
        **{name: wiring.url(name) for name in stand_ins},
        bot=bot,
        clock=MovedClock(wiring.files.clock),
        http=http,
    )
    url = f"{_address(page)}/"
    async with _served(app, page):
        await bot.start()
        if bot.state == RUNNING:
            _say(f"Open {url} in a browser. Ctrl-C ends it.")
            _say_what_is_asked(wiring.url("bot"))
        else:
            _say(f"The bot did not start; {url} shows why, and so does {wiring.files.log('bot')}.")
        await asyncio.Event().wait()


def _say_what_is_asked(bot: str) -> None:
    """What the bot is asked by others than Slack, to be tried in another terminal."""
    _say(f"As a pipeline asks: OPSBOT_GATE_TOKEN={GATE_TOKEN} opsbot gate payment --url {bot}")
    _say(f"The calendar of changes: {bot}/calendar/{CALENDAR_TOKEN}/changes.ics")


@asynccontextmanager
async def _served(app: web.Application, page: socket.socket) -> AsyncIterator[None]:
    """Serve the page while the block runs; who opened it earlier has been waiting."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_PAGE_GRACE_SECONDS)
    await runner.setup()
    try:
        await web.SockSite(runner, page).start()
        yield
    finally:
        await runner.cleanup()


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - what the person who started it waits for
