"""The process that draws: see `drawing/conversation.py` for what is said between it and the bot."""

from __future__ import annotations

import os
import signal
import struct
import sys
from asyncio import IncompleteReadError, create_subprocess_exec
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

DRAWING = (sys.executable, "-I", str(Path(__file__).with_name("drawing")))
"""Isolated: neither the folder that the bot runs in nor PYTHONPATH decides what it imports."""

LARGEST = 1_000_000
"""Bytes. A chart has about 60,000."""

_LENGTH, _ANSWER = struct.Struct(">I"), struct.Struct(">cI")
_PASSED_ON = ("HOME", "PATH", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR", "SYSTEMROOT")
"""Where fonts and caches are; of the bot's settings and secrets nothing."""

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""A chart needs no more, and each has memory of its own."""


class WorkerDiedError(Exception):
    """It ended, or said what is no answer. Nothing was drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer: a letter, and what belongs to it."""

    letter: bytes
    content: bytes


class Worker:
    """One process. It draws one chart after the other, and ends when the bot does, however that ends."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._killed = False

    @classmethod
    async def start(cls, command: Sequence[str]) -> Self:
        """Start it; it is not ready yet, but can be asked. Raises OSError."""
        process = await create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_surroundings()
        )
        return cls(process)

    @property
    def is_there(self) -> bool:
        """Whether it runs, as far as is known."""
        return self._process.returncode is None and not self._killed

    async def ask(self, asked: bytes) -> Said:
        """Have one chart drawn. Raises WorkerDiedError. Once this is cancelled, it can be asked no more."""
        assert self._process.stdin is not None, "it has a pipe"
        assert self._process.stdout is not None, "it has a pipe"
        try:
            self._process.stdin.write(_LENGTH.pack(len(asked)) + asked)
            await self._process.stdin.drain()
            letter, length = _ANSWER.unpack(await self._process.stdout.readexactly(_ANSWER.size))
            if length > LARGEST:
                raise WorkerDiedError("it said more than a chart has")
            return Said(letter=letter, content=await self._process.stdout.readexactly(length))
        except (IncompleteReadError, ConnectionError) as error:
            raise WorkerDiedError("it ended") from error

    def kill(self) -> None:
        """End it at once. It keeps nothing that could be lost."""
        if self.is_there:
            # Not by Process.kill, which looks whether it has ended, and takes the exit code from asyncio.
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)
        self._killed = True

    async def ended(self) -> int:
        """Kill it unless it has ended, and wait for that: the exit code, or the signal's negative number."""
        assert self._process.stdout is not None, "it has a pipe"
        self.kill()
        # What it still had to say: asyncio waits for the end of a pipe that it has stopped reading for ever.
        await self._process.stdout.read()
        return await self._process.wait()


def _surroundings() -> Mapping[str, str]:
    return {key: os.environ[key] for key in _PASSED_ON if key in os.environ} | _ONE_THREAD
