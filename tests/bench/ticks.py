"""What a tick costs: with nothing due, however many timers are open; and with much due at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, insert

from bot.adapters.clock import RandomIds
from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.workspace import SlackWorkspace
from bot.domain.severity import Severity
from bot.domain.timer import TimerKind, escalation_timer
from bot.ports.store import Transaction
from bot.services.incidents import Incidents
from bot.services.requests import Declaration, Request
from bot.services.timers import Timers
from storage import timers as timer_rows
from storage.open import OpenStore, open_store
from storage.schema import timers as timer_table
from tests.bench.databases import NewDatabase, both_kinds
from tests.bench.machine import load
from tests.bench.report import bar, p50, p99, show
from tests.support.builders import ANA, EVERYBODY, RESPONSE, a_directory
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.support.plans import plan_of

OPEN = (100, 10_000, 100_000)
DUE = 500
FAR = timedelta(days=30)
_CHUNK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """Milliseconds that ticks took with nothing due, by the number of open timers; and the query's plan."""

    taken: dict[int, list[float]]
    plan: str


def run(folder: Path, *, quick: bool) -> None:
    """Take and print the tables."""
    rounds = 50 if quick else 500
    idle_rows, due_rows, plans = [], [], []
    with both_kinds(folder) as kinds:
        for kind, new in kinds.items():
            idle = asyncio.run(_idle(new, rounds))
            idle_rows.append(_row(kind, idle))
            plans.append(f"{kind}: {' / '.join(idle.plan.split(chr(10)))}")
            due = asyncio.run(_due(new, 2 if quick else 5))
            due_rows.append([kind, f"{p50(due):.0f}", f"{max(due):.0f}"])
    show(
        "A tick with nothing due",
        f"`Timers.fire_due`, {rounds} ticks of each in turns, p50 / p99 in ms; {load()} at the end.",
        ["database", *(f"{number:,} open" for number in OPEN), "p50: last / first (bar 2)"],
        idle_rows,
    )
    print("Plan of the query for due timers\n\n" + "\n".join(f"- {plan}" for plan in plans), flush=True)
    show(
        f"A tick with {DUE} escalations due, among {OPEN[-1]:,} open timers",
        f"Each fires: history, page, card and the next timer are written. ms; {load()} at the end.",
        ["database", "p50", "max"],
        due_rows,
    )


def _row(kind: str, idle: Idle) -> list[str]:
    cells = [f"{p50(taken):.2f} / {p99(taken):.2f}" for taken in idle.taken.values()]
    return [kind, *cells, bar(p50(idle.taken[OPEN[-1]]) / p50(idle.taken[OPEN[0]]), 2)]


async def _idle(new: NewDatabase, rounds: int) -> Idle:
    """Three databases open side by side, ticked in turns."""
    clock = FakeClock()
    async with AsyncExitStack() as stack:
        ticked: dict[int, Timers] = {}
        plan = ""
        for number in OPEN:
            store = await _opened(new, clock, stack)
            await _fill(store, number)
            ticked[number] = Timers(store=store, clock=clock, ids=RandomIds(), directory=a_directory())
            plan = await store.transaction("explain", _explain)
        taken: dict[int, list[float]] = {number: [] for number in OPEN}
        for turn in range(rounds + 10):
            for number, timers in ticked.items():
                began = time.perf_counter()
                await timers.fire_due()
                if turn >= 10:  # the first ones prepare statements
                    taken[number].append((time.perf_counter() - began) * 1000)
    return Idle(taken=taken, plan=plan)


async def _due(new: NewDatabase, rounds: int) -> list[float]:
    """Milliseconds that a tick took in which 500 escalations were due."""
    clock = FakeClock()
    async with AsyncExitStack() as stack:
        store = await _opened(new, clock, stack)
        await _fill(store, OPEN[-1] - DUE)
        ids = await _declare(store, clock)
        timers = Timers(store=store, clock=clock, ids=RandomIds(), directory=a_directory())
        taken = []
        for _ in range(rounds):
            await store.transaction("forget", partial(_forget_watches, ids=ids))
            clock.advance(RESPONSE)
            began = time.perf_counter()
            fired = await timers.fire_due()
            taken.append((time.perf_counter() - began) * 1000)
            assert fired.count == DUE, fired
    return taken


async def _opened(new: NewDatabase, clock: FakeClock, stack: AsyncExitStack) -> OpenStore:
    store = await open_store(await asyncio.to_thread(new), clock=clock)
    stack.push_async_callback(store.aclose)
    return store


async def _fill(store: OpenStore, number: int) -> None:
    """Open timers, due in a month and later; then the statistics that a database gathers by itself."""
    rows = list(_timers(number))
    for start in range(0, number, _CHUNK):
        await store.transaction("fill", partial(_insert, rows=rows[start : start + _CHUNK]))
    await store.transaction("analyze", lambda tx: connection_of(tx).exec_driver_sql("ANALYZE").close())


def _timers(number: int) -> Iterator[dict[str, object]]:
    for index in range(number):
        timer = escalation_timer(f"open-{index}", 1, 1, MONDAY_NOON + FAR + timedelta(seconds=index))
        yield {
            "key": timer.key,
            "kind": timer.kind.value,
            "subject": timer.subject,
            "epoch": timer.epoch,
            "step": timer.step,
            "due": timer.due,
        }


def _insert(tx: Transaction, rows: Sequence[dict[str, object]]) -> None:
    connection_of(tx).execute(insert(timer_table), list(rows))


async def _declare(store: OpenStore, clock: FakeClock) -> list[str]:
    """Declare what is to fall due. Returns the incidents' ids."""
    workspace = SlackWorkspace(SlackConnection(token="xoxb-unused"), ())
    incidents = Incidents(
        store=store,
        clock=clock,
        ids=RandomIds(),
        directory=a_directory(),
        workspace=workspace,
        rights=EVERYBODY,
    )
    ids = []
    for number in range(DUE):
        asked = Request(source="bench", delivery_id=str(number), actor=ANA)
        said = Declaration(severity=Severity.P0, title="checkout is down", service="payment")
        answer = await incidents.declare(asked, said)
        assert answer.card is not None
        ids.append(answer.card.incident.id)
    return ids


def _forget_watches(tx: Transaction, ids: Sequence[str]) -> None:
    """Leave only the escalations due: nobody sends pages here, so each page's watch would fire too."""
    for incident in ids:
        tx.timers.stop(incident, TimerKind.PAGE_WATCH)


def _explain(tx: Transaction) -> str:
    return plan_of(connection_of(tx), timer_rows._DUE, {"now": MONDAY_NOON, "most": 100})


def connection_of(tx: Transaction) -> Connection:
    """The connection under a transaction."""
    connection: Connection = tx.facts._connection  # type: ignore[attr-defined]
    return connection
