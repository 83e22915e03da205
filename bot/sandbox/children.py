"""The sandbox's processes: started on a leash, each with a log file and a process group of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_TAIL_BYTES = 16_384


def _ignored() -> None:
    """Nobody wants to know."""


class Child:
    """One Python module as a process. `on_change` is told whenever it starts or ends."""

    def __init__(
        self, module: str, arguments: Sequence[str], *, environment: Mapping[str, str], log: Path
    ) -> None:
        self.log = log
        self.on_change: Callable[[], None] = _ignored
        self._command = (sys.executable, "-P", "-m", "bot.sandbox.leash", module, *arguments)
        self.environment = dict(environment)
        self._process: asyncio.subprocess.Process | None = None
        self._started = asyncio.Event()

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    @property
    def exit_code(self) -> int | None:
        """How the last process ended: its exit code, or the negative number of the signal that ended it."""
        return self._process.returncode if self._process is not None else None

    async def start(self) -> None:
        """Start the process, unless it runs. Its log goes on where it ended."""
        if self.running:
            return
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,  # the leash
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.log.parent,
                process_group=0,  # Ctrl-C in the terminal is the supervisor's, who then ends its children
            )
        self._started.set()
        self.on_change()

    async def watch(self) -> None:
        """Tell each end of the process, for as long as the sandbox runs."""
        while True:
            await self._started.wait()
            self._started.clear()
            await self.ended()
            self.on_change()

    async def ended(self) -> int | None:
        """Wait until the process has ended; its exit code."""
        return await self._process.wait() if self._process is not None else None

    async def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        self._signal(signal.SIGKILL)
        await self.ended()

    async def stop(self, grace: float) -> None:
        """Ask the process to end; kill it after `grace` seconds."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self.ended()
        await self.kill()

    def last_lines(self, most: int = 40) -> list[str]:
        """The end of the log, oldest line first."""
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _TAIL_BYTES))
            return log.read().decode("utf-8", "replace").splitlines()[-most:]
        return []

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
