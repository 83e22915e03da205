"""The `opsbot` command as an operator runs it: a process of its own, and what it says."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.support.bot_process import surroundings

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int | None
    out: str
    err: str


async def opsbot(*arguments: str, variables: Mapping[str, str]) -> Ran:
    """Run a subcommand to its end, with nothing of opsbot's in the environment but `variables`."""
    command = [sys.executable, "-P", "-m", "bot", *arguments]
    return await run(command, environment={**surroundings(), **variables})


async def run(command: Sequence[str], *, environment: Mapping[str, str]) -> Ran:
    """Run any command to its end; one that does not end is killed, and fails the test."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        out, err = await process.communicate()
        raise AssertionError(f"{command} does not end:\n{out.decode()}\n{err.decode()}") from None
    return Ran(code=process.returncode, out=out.decode(), err=err.decode())
