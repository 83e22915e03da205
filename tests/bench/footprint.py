"""What the bot needs: time to start, memory, processor time, and calls to Slack."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.client import answered, declarations, requests, send
from tests.bench.databases import NewDatabase, kinds_of
from tests.bench.machine import load
from tests.bench.processes import Running, World, clean_environment, world
from tests.bench.report import bar, p50, show

STARTED_WITHIN = 1.0
IDLE_MIB = 90.0
AT_ONCE = 50
IDLE_SECONDS = 5.0
SHOWN = 12
_NUMBER = re.compile(rb"#(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Figures on one database. Seconds, MiB, and milliseconds of processor time for each incident."""

    starts: list[float]
    idle: float
    loaded: float
    declared_cpu: float
    idle_cpu: float


def run(folder: Path, *, quick: bool) -> None:
    """Take and print the tables."""
    incidents, starts, lives = (500, 2, 1) if quick else (10_000, 7, 5)
    rows = []
    with kinds_of(folder, quick=quick) as kinds:
        for kind, new in kinds.items():
            rows.append(_row(kind, asyncio.run(_footprint(folder, new(), incidents, starts))))
        calls, cpu, seconds = asyncio.run(_lives(folder, kinds["SQLite"], lives))
    show(
        "Start-up and memory",
        f"`opsbot serve` until /readyz says 200, median of {starts} with warm files; resident memory idle, "
        f"and after {incidents:,} declarations at {AT_ONCE} at a time, with the processor time of each "
        f"(the bot's, its sends in the meantime included). PagerDuty configured; {load()} at the end.",
        ["database", "ready after s (aim 1)", "idle MiB (aim 90)", "after MiB", "CPU ms each", "idle CPU"],
        rows,
    )
    show(
        "Calls to Slack for one incident: declare, acknowledge, resolve",
        f"{lives} incidents, each step with time for its deliveries ({seconds:.0f} s); SQLite. Processor "
        f"time of the bot, its idling taken off: {cpu:.0f} ms an incident.",
        ["method", "calls an incident"],
        [[method, f"{number / lives:.1f}"] for method, number in sorted(calls.items())],
    )
    _show_imports(folder)


def _row(kind: str, its: Footprint) -> list[str]:
    return [
        kind,
        bar(p50(its.starts), STARTED_WITHIN),
        bar(its.idle, IDLE_MIB),
        f"{its.loaded:.0f}",
        f"{its.declared_cpu:.2f}",
        f"{its.idle_cpu * 100:.1f} %",
    ]


async def _footprint(folder: Path, database: str, incidents: int, starts: int) -> Footprint:
    async with world(folder) as outside:
        started = []
        for _ in range(starts + 1):
            async with outside.bot(database, leash=False) as bot:
                started.append(bot.started_in)
        async with outside.bot(database) as bot:
            idle_cpu = await _idle_cpu(bot)
            idle, before = bot.memory, bot.cpu_seconds
            await send(bot.url, declarations(incidents), at_once=AT_ONCE)
            spent = bot.cpu_seconds - before
            return Footprint(
                starts=started[1:],  # the first one has cold files
                idle=idle,
                loaded=bot.memory,
                declared_cpu=spent / incidents * 1000,
                idle_cpu=idle_cpu,
            )


async def _idle_cpu(bot: Running) -> float:
    """The share of one processor that the bot takes with nothing to do."""
    await asyncio.sleep(1)
    before = bot.cpu_seconds
    await asyncio.sleep(IDLE_SECONDS)
    return (bot.cpu_seconds - before) / IDLE_SECONDS


async def _lives(folder: Path, new: NewDatabase, lives: int) -> tuple[Counter[str], float, float]:
    """Calls by method, milliseconds of processor time an incident, and how long it all took."""
    database = await asyncio.to_thread(new)
    async with world(folder) as outside, outside.bot(database) as bot:
        idle = await _idle_cpu(bot)
        known, cpu, began = await _calls(outside), bot.cpu_seconds, time.monotonic()
        for _ in range(lives):
            (answer,) = await answered(bot.url, declarations(1))
            found = _NUMBER.search(answer)
            assert found, answer
            for verb in ("ack", "resolve"):
                await _settled(outside)
                await answered(bot.url, requests([f"{verb} {found[1].decode()}"]))
            await _settled(outside)
        took = time.monotonic() - began
        spent = bot.cpu_seconds - cpu - idle * took
        return await _calls(outside) - known, spent / lives * 1000, took


async def _settled(outside: World) -> None:
    """Wait until the bot has been silent towards Slack for longer than it lets a card's edit wait."""
    last, since = -1, time.monotonic()
    while time.monotonic() - since < 2.5:
        number = (await _calls(outside)).total()
        if number != last:
            last, since = number, time.monotonic()
        await asyncio.sleep(0.1)


async def _calls(outside: World) -> Counter[str]:
    made: dict[str, Any] = await outside.ask(outside.slack, "calls?limit=100000")
    return Counter(call["method"] for call in made["calls"])


def _show_imports(folder: Path) -> None:
    """What the start spends on importing, by the package that is imported."""
    code = "import gc; gc.disable(); import bot.settings, bot.app, bot.adapters.pagerduty, storage.sqlite"
    printed = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        env=clean_environment(),
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    spent: Counter[str] = Counter()
    for line in printed.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[0].strip().isdecimal():
            spent[parts[2].strip().partition(".")[0]] += int(parts[0])
    total = sum(spent.values())
    show(
        "What the start imports, with SQLite and PagerDuty configured",
        f"`-X importtime`, which itself slows imports down; each package's own modules. "
        f"In all {total / 1000:.0f} ms.",
        ["package", "ms"],
        [[name, f"{own / 1000:.0f}"] for name, own in spent.most_common(SHOWN)],
    )
