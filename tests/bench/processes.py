"""The processes of a bench: the bot, the stand-ins, the raw handler. Each is on a leash and has a log."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil

import bot
from bot.sandbox.pagerduty.people import routing_key
from tests.support.slack_requests import SECRET

TIERS = ("on-call", "team-lead", "director")
_CODE = Path(bot.__file__).parent.parent
_HIDDEN = Path(__file__).parent / "hidden"
_FOREIGN = ("PYTHON", "SLACK_", "PAGERDUTY_", "PROMETHEUS_", "ALERTMANAGER_", "OPSBOT_", "DATABASE_URL")
_START_SECONDS = 90.0
_STOP_SECONDS = 15.0
_LOOK_SECONDS = 0.01
_ONE_LOOK = aiohttp.ClientTimeout(total=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A process that answers under `url`. `started_in` is how many seconds it took to do so."""

    url: str
    process: psutil.Process
    started_in: float

    @property
    def cpu_seconds(self) -> float:
        """Processor time that it has used so far."""
        used = self.process.cpu_times()
        return float(used.user + used.system)

    @property
    def memory(self) -> float:
        """Resident memory in MiB."""
        return float(self.process.memory_info().rss) / 2**20


@asynccontextmanager
async def running(
    module: str,
    arguments: Sequence[str],
    *,
    url: str,
    ready: str,
    log: Path,
    variables: Mapping[str, str] | None = None,
    leash: bool = True,
) -> AsyncIterator[Running]:
    """Run a module until the block ends; begins once `ready` answers 200. Without `leash`, nothing but it."""
    command = [sys.executable, "-P", "-m", *(["bot.sandbox.leash"] if leash else []), module, *arguments]
    began = time.perf_counter()
    with log.open("ab") as written:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=written,
            stderr=written,
            env=clean_environment(variables),
            cwd=log.parent,
        )
    try:
        await _answers(url + ready, child, log)
        took = time.perf_counter() - began
        yield Running(url=url, process=psutil.Process(child.pid), started_in=took)
    finally:
        await _end(child)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The stand-ins, and where the bot's files go. `tiers` have a routing key each."""

    folder: Path
    slack: Running
    pagerduty: Running
    http: aiohttp.ClientSession
    tiers: Sequence[str] = TIERS
    more: Mapping[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def bot(self, database: str, *, name: str = "bot", leash: bool = True) -> AsyncIterator[Running]:
        """`opsbot serve` on a database, ready."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        variables = self._variables(database) | {"OPSBOT_PORT": str(port)} | dict(self.more)
        log = self.folder / f"{name}.log"
        async with running(
            "bot", ["serve"], url=url, ready="/readyz", log=log, variables=variables, leash=leash
        ) as process:
            yield process

    async def tell(self, stand_in: Running, what: str, body: Mapping[str, Any]) -> None:
        """Have a stand-in do something."""
        async with self.http.post(f"{stand_in.url}/control/{what}", json=dict(body)) as answer:
            assert answer.status == 200, await answer.text()

    async def ask(self, stand_in: Running, what: str) -> Any:
        """Read something of a stand-in."""
        async with self.http.get(f"{stand_in.url}/control/{what}") as answer:
            return await answer.json()

    def _variables(self, database: str) -> dict[str, str]:
        keys = {
            f"PAGERDUTY_ROUTING_KEY_{tier.upper().replace('-', '_')}": routing_key(tier)
            for tier in self.tiers
        }
        return keys | {
            "SLACK_BOT_TOKEN": "xoxb-stand-in",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "PAGERDUTY_EVENTS_URL": self.pagerduty.url,
            "PAGERDUTY_API_URL": self.pagerduty.url,
            "DATABASE_URL": database,
        }


@asynccontextmanager
async def world(
    folder: Path,
    *,
    rates: bool = False,
    tiers: Sequence[str] = TIERS,
    more: Mapping[str, str] | None = None,
) -> AsyncIterator[World]:
    """Slack and PagerDuty as processes; `rates` has PagerDuty keep its 120 events a minute and key."""
    slack_port, pagerduty_port = free_port(), free_port()
    unpaced = [] if rates else ["--no-rates"]
    async with (
        aiohttp.ClientSession() as http,
        running(
            "bot.sandbox.slack",
            [f"--port={slack_port}"],
            url=f"http://127.0.0.1:{slack_port}",
            ready="/control/faults",
            log=folder / "slack.log",
        ) as slack,
        running(
            "bot.sandbox.pagerduty",
            [f"--port={pagerduty_port}", *unpaced],
            url=f"http://127.0.0.1:{pagerduty_port}",
            ready="/control/state",
            log=folder / "pagerduty.log",
        ) as pagerduty,
    ):
        made = World(folder=folder, slack=slack, pagerduty=pagerduty, http=http, tiers=tiers, more=more or {})
        for tier in tiers:
            if tier not in TIERS:
                await made.tell(pagerduty, "services", {"tier": tier})
        yield made


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def clean_environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """The surroundings without settings of opsbot, Python or proxies, with this very code on the path.

    What only the tools of development install, and would be imported where it is there, is hidden.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_FOREIGN) and not name.upper().endswith("_PROXY")
    }
    path = os.pathsep.join(map(str, (_HIDDEN, _CODE)))
    return {**kept, "PYTHONPATH": path, **(variables or {})}


async def _answers(url: str, child: asyncio.subprocess.Process, log: Path) -> None:
    """Wait for a 200."""
    last = ""
    deadline = time.monotonic() + _START_SECONDS
    async with aiohttp.ClientSession(timeout=_ONE_LOOK) as http:
        while child.returncode is None and time.monotonic() < deadline:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with http.get(url) as answer:
                    if answer.status == 200:
                        return
                    last = await answer.text()
            await asyncio.sleep(_LOOK_SECONDS)
    written = await asyncio.to_thread(log.read_text)
    raise AssertionError(f"{url} is not ready:\n{last}\n{written[-4000:]}")


async def _end(child: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        child.send_signal(signal.SIGTERM)
    with suppress(TimeoutError):
        async with asyncio.timeout(_STOP_SECONDS):
            await child.wait()
    if child.returncode is None:
        child.kill()
        await child.wait()
