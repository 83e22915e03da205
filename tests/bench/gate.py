"""How soon the change gate answers, beside a handler of aiohttp's that does nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.changes.change import Approval, ChangeState
from bot.domain.changes.gate import BudgetNews
from bot.domain.slo.gate import Permission
from bot.domain.slo.objective import promises
from bot.ports.store import Transaction
from bot.services.gates import GateReader
from handlers.gate_http import PATH, GateHttp
from handlers.http import web_app
from handlers.probes import Probes
from storage.open import OpenStore, open_store
from tests.bench.databases import both_kinds
from tests.bench.machine import load
from tests.bench.report import bar, p50, p99, show
from tests.support.builders import LEE, a_change, a_directory, a_plan, a_span, an_alert_group, an_incident
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.support.fakes_services import FakeHealth

MOST_MS = 25
"""A pipeline that asks alone has its answer after at most so many milliseconds."""

AT_ONCE = 20
CHANGES, SPANS, INCIDENTS, GROUPS = 40, 12, 10, 40
TOKEN = "the-bench's"
EMPTY = "/empty"
WARM = 5
TUESDAY = MONDAY_NOON + timedelta(hours=26, minutes=10)

Taken = dict[str, list[float]]
"""Milliseconds of each request, by path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one kind of database: asked one after the other, and many at once; and how long a burst took."""

    alone: Taken = field(default_factory=lambda: {PATH: [], EMPTY: []})
    together: Taken = field(default_factory=lambda: {PATH: [], EMPTY: []})
    bursts: Taken = field(default_factory=lambda: {PATH: [], EMPTY: []})


def run(folder: Path, *, quick: bool) -> None:
    """Take and print the table."""
    rounds = 20 if quick else 200
    with both_kinds(folder) as kinds:
        taken = {kind: asyncio.run(_taken(new(), rounds)) for kind, new in kinds.items()}
    show(
        "The change gate",
        f"`GET {PATH}` beside an empty handler of the same aiohttp server, asked by one client on loopback, "
        f"in turns, {rounds} times each; client and server share a process. {CHANGES} open changes, "
        f"{SPANS} spans, {INCIDENTS} incidents and {GROUPS} alert groups. ms p50 / p99; "
        f"{AT_ONCE} at once: and answers a second. {load()} at the end.",
        ["database", "asked", "gate", "empty handler", "p50: gate / empty", f"p50 ms (≤ {MOST_MS} alone)"],
        [row for kind, one in taken.items() for row in _rows(kind, one)],
    )


def _rows(kind: str, taken: Figures) -> list[list[str]]:
    alone, together = taken.alone, taken.together
    rates = {path: AT_ONCE / (p50(times) / 1000) for path, times in taken.bursts.items()}
    return [
        [
            kind,
            "alone",
            *(f"{p50(alone[path]):.2f} / {p99(alone[path]):.2f}" for path in (PATH, EMPTY)),
            f"{p50(alone[PATH]) / p50(alone[EMPTY]):.1f}",
            bar(p50(alone[PATH]), MOST_MS),
        ],
        [
            kind,
            f"{AT_ONCE} at once",
            *(
                f"{p50(together[path]):.1f} / {p99(together[path]):.1f}, {rates[path]:.0f}/s"
                for path in (PATH, EMPTY)
            ),
            f"{p50(together[PATH]) / p50(together[EMPTY]):.1f}",
            f"{p50(together[PATH]):.1f}",
        ],
    ]


async def _taken(url: str, rounds: int) -> Figures:
    clock, figures = FakeClock(TUESDAY), Figures()
    store = await open_store(url, clock=clock)
    try:
        await _fill(store, clock)
        async with _serving(store, clock) as http:
            for number in range(WARM + rounds):
                paths = (PATH, EMPTY) if number % 2 else (EMPTY, PATH)
                for path in paths:
                    alone = await _asked(http, path)
                    began = time.perf_counter()
                    together = await asyncio.gather(*(_asked(http, path) for _ in range(AT_ONCE)))
                    burst = (time.perf_counter() - began) * 1000
                    if number >= WARM:
                        figures.alone[path].append(alone)
                        figures.together[path].extend(together)
                        figures.bursts[path].append(burst)
    finally:
        await store.aclose()
    return figures


async def _asked(http: aiohttp.ClientSession, path: str) -> float:
    began = time.perf_counter()
    async with http.get(path, params={"service": "payment", "type": "standard"}) as answer:
        body = await answer.read()
    taken = (time.perf_counter() - began) * 1000
    assert answer.status == 200
    assert path == EMPTY or b'"verdict": "deny"' in body
    return taken


@asynccontextmanager
async def _serving(store: OpenStore, clock: FakeClock) -> AsyncIterator[aiohttp.ClientSession]:
    async def empty(_request: web.Request) -> web.Response:
        return web.Response()

    gates = GateReader(store=store, clock=clock, directory=replace(a_directory(), measures=True))
    gets = {PATH: GateHttp(gates=gates, token=TOKEN).get, EMPTY: empty}
    app = web_app(probes=Probes(FakeHealth()), slack=None, posts={}, gets=gets)
    async with (
        TestServer(app) as server,
        aiohttp.ClientSession(
            server.make_url("/"),
            headers={"Authorization": f"Bearer {TOKEN}"},
            connector=aiohttp.TCPConnector(limit=AT_ONCE),
        ) as http,
    ):
        yield http


async def _fill(store: OpenStore, clock: FakeClock) -> None:
    """A busy day: so many rows that none of them is free."""
    now, guide = clock.now(), a_directory().guide
    approval = Approval(by=LEE, at=now, revision=1, expires=now + timedelta(days=7))
    ready: Mapping[str, object] = {"number": 0, "state": ChangeState.TESTING, "approvals": (approval,)}
    services = list(guide.services)

    def body(tx: Transaction) -> None:
        for number in range(CHANGES):
            plan = a_plan(service=services[number % len(services)], starts=now + timedelta(hours=number))
            tx.changes.add(a_change(plan, id=f"change-{number}", **ready))
        for number in range(SPANS):
            tx.spans.add(a_span(id=f"span-{number}", number=0, starts=now + timedelta(days=1 + number)))
        for number in range(INCIDENTS):
            tx.incidents.add(
                an_incident(id=f"incident-{number}", number=0, service=services[number % len(services)])
            )
        for number in range(GROUPS):
            service = services[number % len(services)]
            tx.alert_groups.add(
                an_alert_group(id=f"group-{number}", key=f"{number}", number=0, service=service)
            )
        tx.budgets.put(
            [
                BudgetNews(service=key, permission=Permission.SHIP, said="82 % left", at=now)
                for key in promises(guide)
            ]
        )

    await store.transaction("fill", body)
