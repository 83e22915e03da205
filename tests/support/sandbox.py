"""`opsbot sandbox` as a process, and a stand-in for its bot."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

USABLE = "Open http://"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox: its supervisor, the page's address, and everything it printed until then."""

    process: asyncio.subprocess.Process
    url: str
    printed: str

    def children(self) -> list[psutil.Process]:
        """Every process that it started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    async def end(self, number: signal.Signals, *, within: float) -> int:
        """Send a signal to the supervisor alone, and wait for its exit code."""
        self.process.send_signal(number)
        async with asyncio.timeout(within):
            return await self.process.wait()


def _ignored() -> None:
    pass


class FakeBotProcess:
    """A bot's process, for the page alone, that starts and ends at once."""

    def __init__(self) -> None:
        self.state = "running"
        self.on_change: Callable[[], None] = _ignored

    def to_json(self) -> dict[str, Any]:
        return {"state": self.state, "exit_code": None, "log": ["a line"]}

    async def start(self) -> None:
        self.state = "running"
        self.on_change()

    async def kill(self) -> None:
        self.state = "down"
        self.on_change()


@asynccontextmanager
async def sandbox(data: Path, *options: str) -> AsyncIterator[Sandbox]:
    """A sandbox on a free port, with its files in `data`; what is left of it is killed with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.sandbox.leash",  # a test run that is killed leaves nothing behind
        "bot",
        "sandbox",
        "--port=0",
        f"--data={data}",
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    children: list[psutil.Process] = []
    try:
        printed = await _until_usable(process)
        url = printed[printed.index(USABLE) :].split()[1]
        children = psutil.Process(process.pid).children(recursive=True)
        yield Sandbox(process, url, printed)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()


async def _until_usable(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    printed = ""
    async with asyncio.timeout(START_SECONDS):
        async for line in process.stdout:
            printed += line.decode()
            if USABLE in printed:
                return printed
            assert "did not start" not in printed, printed
    raise AssertionError(f"the sandbox ended:\n{printed}")
