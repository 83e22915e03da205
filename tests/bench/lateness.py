"""How late pages are: from when a step is due until the pager has accepted its page."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path as File

from sqlalchemy import insert, select

from bot.adapters.clock import RandomIds, WallClock
from bot.domain.incident import Incident
from bot.domain.path import Path, Rung
from bot.domain.severity import Severity
from bot.domain.timer import escalation_timer
from bot.guide.shipped import shipped
from bot.ports.store import Transaction
from bot.sandbox.pagerduty.rates import EVENTS_A_MINUTE
from storage.incidents import _values
from storage.open import open_store
from storage.schema import incidents as incident_table
from storage.schema import pages as page_table
from tests.bench.databases import kinds_of
from tests.bench.machine import load
from tests.bench.processes import world
from tests.bench.report import bar, p99, show
from tests.support.builders import RESPONSE, an_incident

OPEN = 10_000
A_SECOND = 10
BURST = 100
KEYS = tuple(f"key-{number}" for number in range(1, 9))
ONE_KEY = "on-call"
BACKLOG = 45
ANSWERS_IN = timedelta(milliseconds=150)
START_SECONDS = 10
"""What the bot has to start, before the first step is due; half of it where only `--quick` is asked for."""
URGENT_AFTER = timedelta(seconds=2)
PATIENCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that comes due, of an incident of its own."""

    incident: Incident
    key: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What comes due when: the flow with its burst over eight keys, then the backlog on one key."""

    flow: Sequence[Step]
    backlog: Sequence[Step]
    urgent: Step

    @property
    def steps(self) -> Sequence[Step]:
        """All of them."""
        return (*self.flow, *self.backlog, self.urgent)


def run(folder: File, *, quick: bool) -> None:
    """Take and print the tables."""
    span, start = (2, START_SECONDS / 2) if quick else (30, START_SECONDS)
    rows, first_rows = [], []
    with kinds_of(folder, quick=quick) as kinds:
        for kind, new in kinds.items():
            database = new()
            plan, accepted, cpu = asyncio.run(_taken(folder, database, span, start))
            rows.append([*_row(kind, plan.flow, accepted), f"{cpu / len(plan.steps) * 1000:.0f}"])
            first_rows.append(_urgent_row(kind, plan, accepted))
    show(
        "Lateness of pages",
        f"{OPEN:,} open incidents; for {span} s {A_SECOND} steps a second come due, over {len(KEYS)} routing "
        f"keys, with {BURST} more at once in the middle. PagerDuty answers in {ANSWERS_IN // _MS} ms and "
        f"takes {EVENTS_A_MINUTE} events a minute and key. Seconds from due to accepted, beside those of a "
        f"sender that is never late itself; {load()} at the end.",
        ["database", "pages", "p50", "p99", "max", "ideal p99", "p99 beyond ideal (aim 1)", "CPU ms a page"],
        rows,
    )
    show(
        "What goes first on one key",
        f"{BACKLOG} P2 pages come due at once on one key, which lets 30 through and then 90 a minute; "
        f"{URGENT_AFTER.seconds} s later a P0's.",
        ["database", "waiting then", "sent before the P0's", "P0 accepted after s", "last P2 after s"],
        first_rows,
    )


def _row(kind: str, flow: Sequence[Step], accepted: Mapping[str, datetime]) -> list[str]:
    late = _lateness(flow, accepted)
    ideal = _lateness(flow, _ideal(flow))
    beyond = p99([ours - best for ours, best in zip(late, ideal, strict=True)])
    figures = (sorted(late)[len(late) // 2], p99(late), max(late), p99(ideal))
    return [kind, str(len(late)), *(f"{figure:.2f}" for figure in figures), bar(beyond, 1)]


def _urgent_row(kind: str, plan: Plan, accepted: Mapping[str, datetime]) -> list[str]:
    urgent, at = plan.urgent, accepted[plan.urgent.incident.id]
    others = [accepted[step.incident.id] for step in plan.backlog]
    waiting = [when for when in others if when > urgent.due]
    before = sum(when < at for when in waiting)
    (own,) = _lateness([urgent], accepted)
    return [
        kind,
        str(len(waiting)),
        str(before),
        f"{own:.2f}",
        f"{max(_lateness(plan.backlog, accepted)):.1f}",
    ]


def _lateness(steps: Sequence[Step], accepted: Mapping[str, datetime]) -> list[float]:
    return [(accepted[step.incident.id] - step.due) / timedelta(seconds=1) for step in steps]


def _ideal(flow: Sequence[Step]) -> dict[str, datetime]:
    """When each would be accepted at the earliest: each key takes 120 in any minute, nothing else delays."""
    sent: dict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=EVENTS_A_MINUTE))
    accepted = {}
    for step in sorted(flow, key=lambda step: step.due):
        window = sent[step.key]
        full = len(window) == window.maxlen
        at = max(step.due, window[0] + timedelta(minutes=1)) if full else step.due
        window.append(at)
        accepted[step.incident.id] = at + ANSWERS_IN
    return accepted


async def _taken(
    folder: File, database: str, span: int, start: float
) -> tuple[Plan, dict[str, datetime], float]:
    """Let the bot work through the plan; when each page was accepted, and the processor time it took."""
    guide = folder / "guide.yaml"
    guide.write_text(_guide())
    tiers = (ONE_KEY, *KEYS)
    async with world(folder, rates=True, tiers=tiers, more={"OPSBOT_GUIDE": str(guide)}) as outside:
        await outside.tell(outside.pagerduty, "faults", {"latency_ms": ANSWERS_IN // _MS})
        plan = await _laid_out(database, span, start)
        async with outside.bot(database) as bot:
            assert WallClock().now() < plan.flow[0].due, "the bot started too late; the machine is too busy"
            before = bot.cpu_seconds
            return plan, await _accepted(database, plan), bot.cpu_seconds - before


async def _laid_out(database: str, span: int, start: float) -> Plan:
    """Write the incidents and their timers, before the bot starts."""
    store = await open_store(database, clock=WallClock())
    try:
        idle = [_incident(Severity.P0, KEYS[index % len(KEYS)]) for index in range(OPEN)]
        await store.transaction("fill", lambda tx: _write_incidents(tx, idle))
        plan = _plan(WallClock().now() + timedelta(seconds=start), span)
        await store.transaction(
            "fill", lambda tx: _write_incidents(tx, [step.incident for step in plan.steps])
        )
        far = WallClock().now() + timedelta(days=30)
        due = {one.id: far for one in idle} | {step.incident.id: step.due for step in plan.steps}
        await store.transaction("fill", lambda tx: _write_timers(tx, due))
    finally:
        await store.aclose()
    return plan


def _plan(begins: datetime, span: int) -> Plan:
    moments = [begins + timedelta(seconds=number / A_SECOND) for number in range(span * A_SECOND)]
    moments += [begins + timedelta(seconds=span / 2)] * BURST
    flow = [_step(Severity.P0, KEYS[index % len(KEYS)], due) for index, due in enumerate(moments)]
    after = begins + timedelta(seconds=span + 3)
    return Plan(
        flow=flow,
        backlog=[_step(Severity.P2, ONE_KEY, after) for _ in range(BACKLOG)],
        urgent=_step(Severity.P0, ONE_KEY, after + URGENT_AFTER),
    )


def _step(severity: Severity, key: str, due: datetime) -> Step:
    return Step(incident=_incident(severity, key), key=key, due=due)


def _incident(severity: Severity, key: str) -> Incident:
    """An incident whose first step was taken, and whose second pages `key`."""
    rungs = (Rung(tier=ONE_KEY, title="On-call Engineer"), Rung(tier=key, title=key))
    now = WallClock().now()
    return an_incident(
        id=RandomIds().new_id(),
        severity=severity,
        path=Path(rungs=rungs, response=RESPONSE, pages=True, repeats=True),
        declared_at=now,
        epoch_at=now,
        next_step=1,
    )


def _write_incidents(tx: Transaction, made: Sequence[Incident]) -> None:
    rows = [_values(incident) for incident in made]
    tx.facts._connection.execute(insert(incident_table), rows)  # type: ignore[attr-defined]


def _write_timers(tx: Transaction, due: Mapping[str, datetime]) -> None:
    for incident, at in due.items():
        tx.timers.set(escalation_timer(incident, 1, 1, at))


async def _accepted(database: str, plan: Plan) -> dict[str, datetime]:
    """When each step's page was accepted, once all were."""
    store = await open_store(database, clock=WallClock(), read_only=True)
    try:
        await asyncio.sleep((plan.urgent.due - WallClock().now()) / timedelta(seconds=1))
        while len(found := dict(await store.read(_read_accepted))) < len(plan.steps):
            assert WallClock().now() < plan.urgent.due + PATIENCE, "not all pages were accepted in time"
            await asyncio.sleep(1)
    finally:
        await store.aclose()
    return found


def _read_accepted(tx: Transaction) -> list[tuple[str, datetime]]:
    wanted = select(page_table.c.incident, page_table.c.accepted_at).where(
        page_table.c.step == 1, page_table.c.accepted_at.is_not(None)
    )
    rows = tx.facts._connection.execute(wanted)  # type: ignore[attr-defined]
    return [(incident, at) for incident, at in rows]


def _guide() -> str:
    """The shipped guide with a tier, and so a routing key, for each of KEYS."""
    return shipped().decode().replace("\ntiers:\n", "\ntiers:\n" + "".join(_tiers()), 1)


def _tiers() -> Iterator[str]:
    for key in KEYS:
        yield (
            f"  {key}:\n    title: {key}\n    reach: {{pagerduty: service}}\n"
            "    mention: {groups: [], people: []}\n"
        )


_MS = timedelta(milliseconds=1)
