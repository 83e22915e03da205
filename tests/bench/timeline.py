"""What a long history costs: an incident with 5,000 entries beside one with five."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.adapters.clock import RandomIds
from bot.domain.event import EventData, EventKind
from bot.domain.export import Export, Format
from bot.domain.severity import Severity
from bot.ports.store import Transaction
from bot.services.cards import read_card
from bot.services.exports import MOST_ENTRIES
from bot.services.histories import read_page
from bot.services.incident_reader import IncidentReader
from bot.services.incidents import Incidents
from bot.services.requests import Declaration, Ref, Request
from bot.views import replies
from bot.views.export import exported
from bot.views.timeline import timeline
from storage.open import OpenStore, open_store
from tests.bench.databases import NewDatabase, both_kinds
from tests.bench.machine import load
from tests.bench.report import p50, p99, show
from tests.support.builders import ANA, EVERYBODY, a_directory
from tests.support.clock import FakeClock
from tests.support.fake_vendors import FakeWorkspace

LENGTHS = (5, 5_000)
ZONE = ZoneInfo("America/New_York")

Act = Callable[[int], Awaitable[object]]


def run(folder: Path, *, quick: bool) -> None:
    """Take and print the table."""
    rounds = 10 if quick else 60
    rows: list[list[str]] = []
    with both_kinds(folder) as kinds:
        for kind, new in kinds.items():
            taken = asyncio.run(_measured(new, rounds))
            rows += [[kind, *_row(name, by_length)] for name, by_length in taken.items()]
    show(
        f"An incident with {LENGTHS[1]:,} entries beside one with {LENGTHS[0]}",
        f"Read and rendered in turns, {rounds} times each, p50 / p99 in ms; {load()} at the end.",
        ["database", "what", *(f"{length:,} entries" for length in LENGTHS), "p50: long / short"],
        rows,
    )


def _row(name: str, taken: Mapping[int, list[float]]) -> list[str]:
    short, long = (taken[length] for length in LENGTHS)
    cells = [f"{p50(times):.1f} / {p99(times):.1f}" for times in (short, long)]
    return [name, *cells, f"{p50(long) / p50(short):.2f}"]


async def _measured(new: NewDatabase, rounds: int) -> dict[str, dict[int, list[float]]]:
    """Milliseconds by what was done and how long the history was."""
    clock = FakeClock()
    store = await open_store(await asyncio.to_thread(new), clock=clock)
    try:
        numbers = {length: await _declared(store, clock, length) for length in LENGTHS}
        acts = _acts(store)
        taken: dict[str, dict[int, list[float]]] = {name: {one: [] for one in LENGTHS} for name in acts}
        for turn in range(rounds + 3):
            for name, act in acts.items():
                for length, number in numbers.items():
                    began = time.perf_counter()
                    await act(number)
                    if turn >= 3:  # the first ones prepare statements
                        taken[name][length].append((time.perf_counter() - began) * 1000)
    finally:
        await store.aclose()
    return taken


def _acts(store: OpenStore) -> dict[str, Act]:
    directory = a_directory()
    reader = IncidentReader(store=store, directory=directory, workspace=FakeWorkspace())
    asked = Request(source="bench", delivery_id="1", actor=ANA)

    async def shown(number: int) -> object:
        card, page = await reader.show(asked, Ref(number=number))
        return json.dumps(replies.incident_details(card, page, zone=ZONE).to_json())

    async def paged(number: int, *, before: int | None = None) -> object:
        card, page = await reader.show(asked, Ref(number=number), before=before)
        return json.dumps(timeline(card, page, zone=ZONE).to_json())

    async def file(number: int, *, form: Format) -> object:
        def body(tx: Transaction) -> Export:
            incident = tx.incidents.by_number(number)
            assert incident is not None
            page = read_page(tx, incident, limit=MOST_ENTRIES)
            return Export(card=read_card(tx, incident, directory), page=page, format=form)

        return exported(await store.read(body), ZONE)

    return {
        "show": shown,
        "timeline, newest page": paged,
        "timeline, oldest page": partial(paged, before=6),
        "export, Markdown": partial(file, form=Format.MARKDOWN),
        "export, JSON": partial(file, form=Format.JSON),
    }


async def _declared(store: OpenStore, clock: FakeClock, entries: int) -> int:
    """An incident with so many entries; one in fifty was corrected. Returns its number."""
    incidents = Incidents(
        store=store,
        clock=clock,
        ids=RandomIds(),
        directory=a_directory(),
        workspace=FakeWorkspace(),
        rights=EVERYBODY,
    )
    said = Declaration(severity=Severity.P0, title="checkout is down")
    request = Request(source="bench", delivery_id=f"declare-{entries}", actor=ANA)
    answer = await incidents.declare(request, said)
    assert answer.card is not None
    incident = answer.card.incident

    def fill(tx: Transaction) -> None:
        there = tx.events.count(incident.id)
        for number in range(entries - there):
            at = clock.now() + timedelta(seconds=number)
            data: EventData = {"text": f"measurement {number}: the error rate is at {number % 100} percent"}
            event = tx.events.append(incident.id, at=at, actor=ANA, kind=EventKind.UPDATED, data=data)
            if number % 50 == 49:
                told: EventData = {"of": event.sequence, "text": "the error rate is at 7 percent"}
                tx.events.append(incident.id, at=at, actor=ANA, kind=EventKind.CORRECTED, data=told)

    await store.transaction("fill", fill)
    return incident.number
