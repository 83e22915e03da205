"""A storm of alerts: how fast it is taken in, what it costs, and whether a P0 waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import aiohttp
from sqlalchemy import select

from bot.adapters.clock import WallClock
from bot.domain.alert import AlertSource
from bot.domain.face import Face
from bot.ports.store import Transaction
from storage.open import open_store
from storage.schema import incidents as incident_table
from tests.bench.client import answered, requests
from tests.bench.databases import kinds_of
from tests.bench.machine import load
from tests.bench.processes import Running, world
from tests.bench.report import p50, p99, show
from tests.support.storms import Storm

T = TypeVar("T")

TOKEN = "alertmanager-token-of-the-bench"
WHOLE = Storm(alerts=10_000, groups=500, seconds=60)
QUICK = Storm(alerts=1_000, groups=50, seconds=6)
DECLARED = 8
"""P0s that are declared before the storm, and as many in it."""
QUIET_SECONDS = 2.0
AGAIN_SECONDS = 1.0
LOOK_SECONDS = 0.25
PATIENCE_SECONDS = 600.0
_HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


@dataclass(slots=True)
class Sent:
    """What came of the webhooks: milliseconds until each 200, how many came again, and seconds in all."""

    latencies: list[float] = field(default_factory=list)
    again: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Seconds from a declaration until the page was accepted, and until the card stood in Slack."""

    page: float
    card: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one run showed. `right_after`: seconds from the last webhook until every card was right."""

    sent: Sent
    right_after: float
    kept: tuple[int, int]
    cards: int
    idle: float
    peak: float
    quiet: Sequence[Late]
    stormy: Sequence[Late]


def run(folder: Path, *, quick: bool) -> None:
    """Take and print the tables."""
    storm = QUICK if quick else WHOLE
    rows: list[list[str]] = []
    late_rows: list[list[str]] = []
    with kinds_of(folder, quick=quick) as kinds:
        for kind, new in kinds.items():
            taken = asyncio.run(_taken(folder, new(), storm))
            rows.append(_row(kind, storm, taken))
            late_rows += [_late_row(kind, "page", taken), _late_row(kind, "card", taken)]
    show(
        "A storm of alerts",
        f"{storm.alerts:,} alerts in {storm.groups} groups within {storm.seconds} s, of each group told "
        f"{storm.rounds} times, whatever the bot does meanwhile; what it answers with a 503 is sent again "
        f"after {AGAIN_SECONDS:.0f} s. Cards are right once nothing is owed to Slack any more, at Slack's "
        f"rates as the bot keeps them. Resident memory before and at most; {load()} at the end.",
        [
            "database",
            "webhook ms p50 / p99 / max",
            "alerts/s",
            "503",
            "groups, alerts kept",
            "cards",
            "right after s",
            "MiB idle / peak",
        ],
        rows,
    )
    show(
        "A P0 declared in the storm",
        f"Seconds until PagerDuty has accepted the page, and until the card stands in the channel that the "
        f"storm fills: {DECLARED} P0s in the quiet before, {DECLARED} in the storm.",
        ["database", "of a P0", "quiet p50 / max", "storm p50 / max", "p50: storm / quiet"],
        late_rows,
    )


def _row(kind: str, storm: Storm, taken: Taken) -> list[str]:
    spent = taken.sent.latencies
    return [
        kind,
        f"{p50(spent):.1f} / {p99(spent):.1f} / {max(spent):.0f}",
        f"{storm.told / taken.sent.seconds:.0f}",
        str(taken.sent.again),
        f"{taken.kept[0]}, {taken.kept[1]:,}",
        str(taken.cards),
        f"{taken.right_after:.0f}",
        f"{taken.idle:.0f} / {taken.peak:.0f}",
    ]


def _late_row(kind: str, what: str, taken: Taken) -> list[str]:
    quiet, stormy = ([getattr(late, what) for late in of] for of in (taken.quiet, taken.stormy))
    return [
        kind,
        what,
        *(f"{p50(of):.2f} / {max(of):.2f}" for of in (quiet, stormy)),
        f"{p50(stormy) / p50(quiet):.2f}",
    ]


async def _taken(folder: Path, database: str, storm: Storm) -> Taken:
    told = list(storm.bodies(WallClock().now()))
    variables = {"ALERTMANAGER_WEBHOOK_TOKEN": TOKEN}
    async with (
        world(folder, more=variables) as outside,
        outside.bot(database, leash=False) as bot,
        _watched(bot) as memory,
    ):
        await _declare(bot, "quiet", QUIET_SECONDS)
        await asyncio.sleep(QUIET_SECONDS)
        idle = bot.memory
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(_send(bot.url, told))
            group.create_task(_declare(bot, "storm", storm.seconds / (DECLARED + 1)))
        began = time.perf_counter()
        await _until_nothing_is_owed(database)
        right_after = time.perf_counter() - began
        kept, cards, late = await _read(database, _look)
    assert kept == (storm.groups, storm.alerts), f"not all was kept: {kept}"
    return Taken(
        sent=sending.result(),
        right_after=right_after,
        kept=kept,
        cards=cards,
        idle=idle,
        peak=max(memory),
        quiet=late["quiet"],
        stormy=late["storm"],
    )


async def _declare(bot: Running, title: str, every: float) -> None:
    """P0s, one after the other. Their titles have nothing in common but when they were declared."""
    for word in ("checkout", "search", "login", "mail", "images", "export", "ledger", "stock")[:DECLARED]:
        await asyncio.sleep(every)
        await answered(bot.url, requests([f"p0 {word} fails: {title}"]))


async def _send(url: str, told: Sequence[tuple[timedelta, bytes]]) -> Sent:
    """Each body at its time, whether or not the ones before are answered."""
    sent, began = Sent(), time.perf_counter()
    async with aiohttp.ClientSession(headers=_HEADERS) as http, asyncio.TaskGroup() as group:
        for at, body in told:
            await asyncio.sleep(began + at.total_seconds() - time.perf_counter())
            group.create_task(_post(http, f"{url}/webhooks/alertmanager", body, sent))
    sent.seconds = time.perf_counter() - began
    return sent


async def _post(http: aiohttp.ClientSession, url: str, body: bytes, sent: Sent) -> None:
    began = time.perf_counter()
    while True:
        async with http.post(url, data=body) as answer:
            if answer.status == 200:
                break
            assert answer.status == 503, await answer.text()
        sent.again += 1
        await asyncio.sleep(AGAIN_SECONDS)
    sent.latencies.append((time.perf_counter() - began) * 1000)


@asynccontextmanager
async def _watched(bot: Running) -> AsyncIterator[list[float]]:
    """The bot's resident memory, looked at again and again while the block runs."""
    seen = [bot.memory]

    async def watch() -> None:
        while True:
            seen.append(bot.memory)
            await asyncio.sleep(LOOK_SECONDS / 5)

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch())
        yield seen
        watching.cancel()


async def _until_nothing_is_owed(database: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await _read(database, _owed):  # noqa: ASYNC110 - another process owes it
            await asyncio.sleep(LOOK_SECONDS)


def _owed(tx: Transaction) -> int:
    return sum(count for _, count, _ in tx.outbox.backlog())


async def _read(database: str, body: Callable[[Transaction], T]) -> T:
    store = await open_store(database, clock=WallClock(), read_only=True)
    try:
        return await store.read(body)
    finally:
        await store.aclose()


def _look(tx: Transaction) -> tuple[tuple[int, int], int, Mapping[str, list[Late]]]:
    """How many groups and alerts fire, how many cards there are, and how late the P0s were."""
    groups = tx.alert_groups.firing(100_000)
    own = [group for group in groups if group.source is AlertSource.ALERTMANAGER]
    cards = sum(tx.messages.of(group.id, Face.ALERT) is not None for group in groups)
    late: dict[str, list[Late]] = {"quiet": [], "storm": []}
    wanted = select(incident_table.c.id, incident_table.c.title)
    for incident, title in tx.facts._connection.execute(wanted):  # type: ignore[attr-defined]
        late[title.rpartition(" ")[2]].append(_late(tx, incident))
    return (len(own), sum(group.firing for group in own)), cards, late


def _late(tx: Transaction, identity: str) -> Late:
    incident, page = tx.incidents.by_id(identity), tx.pages.one(identity, 1, 0)
    card = tx.messages.of(identity, Face.CARD)
    assert incident is not None
    assert page is not None
    assert page.accepted_at is not None
    assert card is not None
    return Late(
        page=(page.accepted_at - incident.declared_at).total_seconds(),
        card=float(card.ts) - incident.declared_at.timestamp(),
    )
