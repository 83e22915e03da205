"""How soon a declaration is acknowledged, which is when it is durable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.client import Load, declarations, send
from tests.bench.databases import NewDatabase, both_kinds
from tests.bench.machine import load
from tests.bench.processes import Running, World, free_port, running, world
from tests.bench.report import bar, p50, p99, show
from tests.support.slack_requests import SECRET

AT_ONCE = 50
SLOW_MS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many rounds, and how many requests in each."""

    rounds: int
    single: int
    together: int

    @classmethod
    def of(cls, *, quick: bool) -> Sizes:
        """`quick` shows that it works; the figures need more."""
        return cls(rounds=2, single=40, together=200) if quick else cls(rounds=6, single=100, together=500)


@dataclass(slots=True)
class Taken:
    """Figures of one handler. `cpu` is its process' time, in seconds, while requests had company."""

    single: list[float] = field(default_factory=list)
    together: list[Load] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def latencies(self) -> list[float]:
        """Milliseconds of every request that had company."""
        return [one for burst in self.together for one in burst.latencies]

    @property
    def per_second(self) -> float:
        """Incidents a second, over all rounds."""
        return len(self.latencies) / sum(burst.seconds for burst in self.together)


def run(folder: Path, *, quick: bool) -> None:
    """Take and print the tables."""
    sizes = Sizes.of(quick=quick)
    rows, slow_rows = [], []
    with both_kinds(folder) as kinds:
        for kind, new in kinds.items():
            rows += _compared(kind, *asyncio.run(_taken(folder, new(), new(), sizes)))
            slow_rows.append(asyncio.run(_slow(folder, kind, new, sizes)))
    show(
        "Acknowledgement of a one-line declaration, committed to disk",
        f"opsbot and the raw handler in turns, {sizes.rounds} rounds: {sizes.single} requests one at a time, "
        f"then {sizes.together} with {AT_ONCE} under way. Milliseconds; {load()} at the end.",
        [
            "database",
            "handler",
            "one at a time p50 / p99",
            "50 at a time p50 / p99 / max",
            "incidents/s",
            "CPU ms each",
        ],
        rows,
    )
    show(
        f"The same while every Slack call takes {SLOW_MS} ms",
        f"{AT_ONCE} under way; rounds with the slow and the usual Slack in turns, one bot. "
        "The latest of all acknowledgements in ms.",
        ["database", "usual Slack p50 / max", "slow Slack p50 / max", "max: slow / usual (bar 3)"],
        slow_rows,
    )


def _compared(kind: str, ours: Taken, raw: Taken) -> list[list[str]]:
    rows = [_row(kind, name, taken) for name, taken in (("opsbot", ours), ("raw", raw))]
    single = bar(p50(ours.single) / p50(raw.single), 2.5)
    share = bar(ours.per_second / raw.per_second, 0.4, at_least=True)
    return [
        *rows,
        [kind, "opsbot / raw", f"p50 {single}", "", share, f"{_cpu_each(ours) / _cpu_each(raw):.1f}"],
    ]


def _cpu_each(taken: Taken) -> float:
    return taken.cpu / len(taken.latencies) * 1000


def _row(kind: str, name: str, taken: Taken) -> list[str]:
    many = taken.latencies
    return [
        kind,
        name,
        f"{p50(taken.single):.1f} / {p99(taken.single):.1f}",
        f"{p50(many):.0f} / {p99(many):.0f} / {max(many):.0f}",
        f"{taken.per_second:.0f}",
        f"{_cpu_each(taken):.2f}",
    ]


async def _taken(folder: Path, database: str, raw_database: str, sizes: Sizes) -> tuple[Taken, Taken]:
    ours, raw = Taken(), Taken()
    async with (
        world(folder) as outside,
        outside.bot(database) as bot,
        raw_handler(outside, raw_database) as it,
    ):
        handlers = ((bot, ours), (it, raw))
        for handler, _ in handlers:
            await send(handler.url, declarations(20))  # warm: statements prepared, caches filled
        for _ in range(sizes.rounds):
            for handler, taken in handlers:
                taken.single += (await send(handler.url, declarations(sizes.single))).latencies
            for handler, taken in handlers:
                made, before = declarations(sizes.together), handler.cpu_seconds
                taken.together.append(await send(handler.url, made, at_once=AT_ONCE))
                taken.cpu += handler.cpu_seconds - before
    return ours, raw


async def _slow(folder: Path, kind: str, new: NewDatabase, sizes: Sizes) -> list[str]:
    database = await asyncio.to_thread(new)
    usual, slow = Taken(), Taken()
    async with world(folder) as outside, outside.bot(database) as bot:
        await send(bot.url, declarations(20))
        for _ in range(sizes.rounds):
            for latency, taken in ((0, usual), (SLOW_MS, slow)):
                await outside.tell(outside.slack, "faults", {"latency_ms": latency})
                burst = await send(bot.url, declarations(sizes.together), at_once=AT_ONCE)
                taken.together.append(burst)
    cells = [f"{p50(taken.latencies):.0f} / {max(taken.latencies):.0f}" for taken in (usual, slow)]
    return [kind, *cells, bar(max(slow.latencies) / max(usual.latencies), 3)]


@asynccontextmanager
async def raw_handler(outside: World, database: str) -> AsyncIterator[Running]:
    """The raw handler as a process."""
    port = free_port()
    arguments = [f"--database={database}", f"--port={port}", f"--secret={SECRET}"]
    url = f"http://127.0.0.1:{port}"
    log = outside.folder / "raw.log"
    async with running("tests.bench.raw_server", arguments, url=url, ready="/readyz", log=log) as process:
        yield process
