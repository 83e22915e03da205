"""The bot as a process, between stand-ins for Slack and PagerDuty that live in the test's own loop."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp

from bot.guide.shipped import shipped
from bot.sandbox.clock import OffsetClock as PagerDutyClock
from bot.sandbox.clock import OffsetClock as SlackClock
from bot.sandbox.page import MovedClock
from bot.sandbox.pagerduty import PagerDutyStandIn
from bot.sandbox.pagerduty.people import BOT, routing_key
from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.world import DEFAULT_SCOPES
from tests.support.nursery import CHECKOUT, Nursed
from tests.support.pagerduty import served_pagerduty
from tests.support.slack import SIGNING_SECRET, slack_stand_in

HOST = "127.0.0.1"
WEBHOOK_SECRET = "webhook-secret-of-the-tests"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
"""A bot that is asked to end has ended by then, whatever it waits for."""

_PAUSE_SECONDS = 0.02
_ONE_TRY = aiohttp.ClientTimeout(total=2)

_OURS = ("SLACK_", "PAGERDUTY_", "PROMETHEUS_", "ALERTMANAGER_", "OPSBOT_", "DATABASE_URL")
_BELOW_EPHEMERAL = (20_000, 32_000)
_TIERS = ("on-call", "team-lead", "director")
_CHECKLISTS = re.compile(r"(?ms)^checklists:\n.*?(?=^\S)")
_REDELIVERIES = (0.2,) * 200
"""PagerDuty tells a bot that is down again and again, and faster than the real one."""


def surroundings() -> dict[str, str]:
    """This process's environment without anything of opsbot's, and with this code on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {"PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """A port that stays free while a killed bot is down: no outgoing connection takes one from there."""
    while True:
        port = random.randint(*_BELOW_EPHEMERAL)
        with socket.socket() as tried:
            if tried.connect_ex((HOST, port)) != 0:
                return port


def guide_without_reviews() -> str:
    """The shipped guide, from which no review comes due in the middle of a test of something else."""
    quiet, found = _CHECKLISTS.subn("checklists: {}\n", shipped().decode())
    assert found == 1
    return quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One workspace, one PagerDuty account, one database and one clock: what a bot works with."""

    nursery: Path
    folder: Path
    database_url: str
    slack: SlackStandIn
    pagerduty: PagerDutyStandIn
    pagerduty_url: str
    clock: MovedClock
    http: aiohttp.ClientSession
    more: Mapping[str, str] = field(default_factory=dict)
    """Variables of its bots beside those that every one has."""

    @property
    def guide(self) -> Path:
        """The guide of its bots: without reviews, unless `more` names another one."""
        return self.folder / "guide-without-reviews.yaml"

    @property
    def clock_file(self) -> Path:
        """Where the bot reads by how much its time is ahead."""
        return self.folder / "clock"

    @property
    def with_reviews(self) -> Installation:
        """The same with the shipped guide as it is."""
        return replace(self, more={**self.more, "OPSBOT_GUIDE": ""})

    @property
    def shared(self) -> bool:
        """Whether several processes may use the database."""
        return self.database_url.startswith("postgresql")

    def forward(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Move everybody's time on."""
        self.clock.advance(round((minutes * 60 + seconds) * 1000))

    def reached_at(self, url: str) -> None:
        """Say where Slack and PagerDuty send what happens there."""
        self.slack_sends_to(url)
        webhook = f"{url}/webhooks/pagerduty"
        self.pagerduty.subscribe(webhook, WEBHOOK_SECRET, redelivery_seconds=_REDELIVERIES)

    def slack_sends_to(self, url: str) -> None:
        """Say where Slack sends what people do, as a load balancer decides."""
        self.slack.connect(url, SIGNING_SECRET)

    def variables(self, port: int) -> dict[str, str]:
        """The public variables of a bot of this installation."""
        return {
            "SLACK_BOT_TOKEN": self.slack.tokens.bot,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": f"{self.slack.url}/api/",
            **{_routing_variable(tier): routing_key(tier) for tier in _TIERS},
            "PAGERDUTY_API_KEY": self.pagerduty.api_key,
            "PAGERDUTY_FROM_EMAIL": BOT.email,
            "PAGERDUTY_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "PAGERDUTY_EVENTS_URL": self.pagerduty_url,
            "PAGERDUTY_API_URL": self.pagerduty_url,
            "DATABASE_URL": self.database_url,
            "OPSBOT_GUIDE": str(self.guide),
            "OPSBOT_HOST": HOST,
            "OPSBOT_PORT": str(port),
            **self.more,
        }


@asynccontextmanager
async def installation(nursery: Path, folder: Path, database_url: str) -> AsyncIterator[Installation]:
    """Stand-ins, a clock and a database for as long as the block runs. Rates are not enforced."""
    clock = folder / "clock"
    served_slack = slack_stand_in(
        SlackStandIn(clock=SlackClock(clock), scopes=DEFAULT_SCOPES | {"files:write"})
    )
    served_pager = served_pagerduty(clock=PagerDutyClock(clock), enforce_rates=False)
    async with served_slack as slack, served_pager as pagerduty, aiohttp.ClientSession() as http:
        home = Installation(
            nursery=nursery,
            folder=folder,
            database_url=database_url,
            slack=slack,
            pagerduty=pagerduty.stand_in,
            pagerduty_url=pagerduty.url,
            clock=MovedClock(clock),
            http=http,
        )
        home.guide.write_text(guide_without_reviews(), encoding="utf-8")
        yield home


class BotProcess:
    """One replica: the same address over every start, one log for all of them."""

    def __init__(self, home: Installation, name: str = "bot") -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._home = home
        self._log = home.folder / f"{name}.log"
        self._process: Nursed | None = None

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.running

    @property
    def exit_code(self) -> int | None:
        """How the last process ended: its exit code, or the negative number of the signal that ended it."""
        return self._process.exit_code if self._process is not None else None

    async def start(self, kill_at: str | None = None) -> bool:
        """Start it; whether it came to answer, instead of ending before."""
        arguments = [f"--clock={self._home.clock_file}"]
        if kill_at is not None:
            arguments.append(f"--kill-at={kill_at}")
        environment = surroundings() | self._home.variables(self.port)
        self._process = await Nursed.start(
            self._home.nursery, arguments, environment=environment, log=self._log
        )
        return await self._answers()

    async def kill(self) -> None:
        """`kill -9` at whatever it is doing."""
        if self._process is not None:
            self._process.send(signal.SIGKILL)
            await self._process.ended()

    async def terminate(self) -> int | None:
        """SIGTERM; the exit code, or the signal's negative number where it had to be killed."""
        if self._process is not None:
            self._process.send(signal.SIGTERM)
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    return await self._process.ended()
            await self.kill()
        return self.exit_code

    async def ended(self) -> None:
        """Wait until the process has ended."""
        if self._process is not None:
            await self._process.ended()

    async def _answers(self) -> bool:
        last = time.monotonic() + START_SECONDS
        while self.running and time.monotonic() < last:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with self._home.http.get(f"{self.url}/livez", timeout=_ONE_TRY) as answer:
                    return answer.ok
            await asyncio.sleep(_PAUSE_SECONDS)
        return False

    def log(self) -> str:
        """Everything that it has logged, over all its starts."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""


@asynccontextmanager
async def replica(home: Installation, name: str = "bot") -> AsyncIterator[BotProcess]:
    """A replica that is not started yet; it does not outlive the block."""
    bot = BotProcess(home, name)
    try:
        yield bot
    finally:
        await bot.kill()


async def figures(http: aiohttp.ClientSession, url: str) -> Mapping[str, float]:
    """The bot's metrics, by name with labels."""
    async with http.get(f"{url}/metrics") as answer:
        lines = (line for line in (await answer.text()).splitlines() if line and line[0] != "#")
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def was_killed(code: int | None) -> bool:
    """Whether a process ended by `kill -9`."""
    return code == -signal.SIGKILL


def _routing_variable(tier: str) -> str:
    return "PAGERDUTY_ROUTING_KEY_" + tier.upper().replace("-", "_")
