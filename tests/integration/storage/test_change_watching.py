"""What breaks while production is being changed, and soon after, points at the change: once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.alert import AlertStatus
from bot.domain.changes.change import Change, ChangeState
from bot.domain.delivery import DeliveryKind
from bot.domain.event import Event, EventKind
from bot.domain.incident import Status
from bot.domain.severity import Severity
from bot.ports.store import Transaction
from bot.services.cards import read_card
from bot.services.change_watching import MOST_TOLD, ChangeWatch
from storage.open import OpenStore, open_store
from tests.support.builders import (
    ANA,
    a_backlog,
    a_change,
    a_directory,
    a_path,
    a_plan,
    an_alert_group,
    an_incident,
)
from tests.support.clock import MONDAY_NOON, FakeClock

MINUTE = timedelta(minutes=1)
PATIENCE_SECONDS = 5.0
STARTED = MONDAY_NOON
DIRECTORY = a_directory()


@dataclass(slots=True)
class Bench:
    """A change of Payment Service that was started at noon, and who looks."""

    stores: list[OpenStore]
    clock: FakeClock

    @property
    def store(self) -> OpenStore:
        return self.stores[0]

    async def change(self, change: Change | None = None, **parts: Any) -> None:
        made = change or a_change(state=ChangeState.DEPLOYING, lead=ANA, started=STARTED)
        await self.store.transaction("add", lambda tx: tx.changes.add(replace(made, **parts)).id)

    async def declares(self, after: float = 4, **parts: Any) -> str:
        at = STARTED + after * MINUTE
        made = an_incident(**{"declared_at": at, "epoch_at": at, **parts})
        return await self.store.transaction("add", lambda tx: tx.incidents.add(made).id)

    async def fires(self, after: float = 4, **parts: Any) -> str:
        at = STARTED + after * MINUTE
        made = an_alert_group(**{"started_at": at, "service": "payment", "path": a_path(), **parts})
        return await self.store.transaction("add", lambda tx: tx.alert_groups.add(made).id)

    async def looks(self, store: OpenStore | None = None) -> int:
        return await ChangeWatch(store=store or self.store, clock=self.clock, directory=DIRECTORY).look()

    async def events(self, subject: str = "ch12") -> list[Event]:
        return list(await self.store.read(lambda tx: tx.events.of(subject)))

    async def owed(self) -> dict[str, int]:
        return await self.store.read(lambda tx: {kind: count for kind, count, _ in tx.outbox.backlog()})

    async def suspects(self) -> tuple[str, ...]:
        return await self.store.read(lambda tx: tx.changes.suspects("ch12"))


@pytest.fixture
async def bench(store: OpenStore, database_url: str, clock: FakeClock) -> AsyncIterator[Bench]:
    """On PostgreSQL three replicas look; on SQLite there can be but one."""
    others = []
    if not database_url.startswith("sqlite"):
        others = [await open_store(database_url, clock=clock) for _ in range(2)]
    clock.advance(5 * MINUTE)
    yield Bench([store, *others], clock)
    for other in others:
        await other.aclose()


async def test_an_incident_is_told_on_the_change_and_the_change_on_the_incident(bench: Bench) -> None:
    await bench.change()
    incident = await bench.declares(title="checkout is down")
    assert await bench.looks() == 1
    [suspected] = await bench.events()
    assert suspected.kind is EventKind.CHANGE_SUSPECTED
    assert dict(suspected.data) == {
        "label": "P0 #1",
        "title": "checkout is down",
        "minutes": 4,
        "ended": False,
        "who": "Ana",
    }
    [pointed] = await bench.events(incident)
    assert pointed.kind is EventKind.CHANGE_NEAR
    assert dict(pointed.data) == {
        "change": "CH1",
        "title": "New checkout",
        "service": "Payment Service",
        "minutes": 4,
        "ended": False,
    }

    def card(tx: Transaction) -> tuple[str, int]:
        found = tx.incidents.by_id(incident)
        assert found is not None
        [linked] = read_card(tx, found, DIRECTORY).changes
        return linked.label, linked.minutes

    assert await bench.store.read(card) == ("CH1", 4)
    assert await bench.looks() == 0


async def test_whoever_looks_at_once_it_is_told_once(bench: Bench) -> None:
    await bench.change()
    await bench.declares()
    await bench.fires()
    async with asyncio.timeout(PATIENCE_SECONDS):
        found = await asyncio.gather(*(bench.looks(store) for store in bench.stores * 3))
    assert sum(found) == 2
    assert len(await bench.events()) == 2


@pytest.mark.parametrize(
    ("after", "parts"),
    [
        (-1, {}),
        (4, {"severity": Severity.P2}),
        (4, {"service": "identity"}),
        (4, {"drill": True}),
        (4, {"security": True}),
        (4, {"status": Status.RESOLVED, "ended_at": STARTED + 5 * MINUTE}),
    ],
)
async def test_what_began_before_or_is_less_grave_or_elsewhere_or_secret_points_at_nothing(
    bench: Bench, after: float, parts: dict[str, Any]
) -> None:
    await bench.change()
    await bench.declares(after, **parts)
    assert await bench.looks() == 0
    assert await bench.events() == []


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({}, 1),
        ({"severity": Severity.P2}, 1),  # which pages at once
        ({"severity": Severity.P1, "path": a_backlog()}, 1),
        ({"severity": Severity.P2, "path": a_backlog()}, 0),
        ({"security": True}, 0),
        ({"service": "identity"}, 0),
        ({"service": None}, 1),
        ({"incident": "i1"}, 0),
        ({"storm": "g1"}, 0),
        ({"silenced_until": STARTED + 60 * MINUTE}, 0),
        ({"status": AlertStatus.RESOLVED, "firing": 0, "resolved_at": STARTED}, 0),
        ({"after": -1}, 0),
    ],
)
async def test_an_alert_group_points_at_it_where_it_pages_or_is_grave(
    bench: Bench, parts: dict[str, Any], found: int
) -> None:
    await bench.change()
    await bench.fires(**parts)
    assert await bench.looks() == found


async def test_a_change_of_the_platform_is_pointed_at_by_every_service(bench: Bench) -> None:
    await bench.change(a_change(a_plan(service=None), state=ChangeState.DEPLOYING, started=STARTED))
    await bench.declares(service="identity")
    assert await bench.looks() == 1
    [event] = await bench.events()
    assert event.data["who"] is None


@pytest.mark.parametrize(("after", "found"), [(9, 1), (11, 1), (39, 1), (41, 0)])
async def test_what_breaks_up_to_half_an_hour_after_its_end_points_at_it(
    bench: Bench, after: int, found: int
) -> None:
    ended = STARTED + 10 * MINUTE
    await bench.change(
        a_change(state=ChangeState.DONE, lead=ANA, started=STARTED, closed=ended, closed_by=ANA)
    )
    bench.clock.advance_to(STARTED + max(after, 10) * MINUTE)
    await bench.declares(after)
    assert await bench.looks() == found
    told = [(one.data["minutes"], one.data["ended"]) for one in await bench.events()]
    assert told == {9: [(9, False)], 11: [(1, True)], 39: [(29, True)], 41: []}[after]


async def test_one_that_is_not_started_is_pointed_at_by_nothing(bench: Bench) -> None:
    await bench.change(a_change(state=ChangeState.APPROVED))
    await bench.declares()
    assert await bench.looks() == 0


async def test_an_alert_that_becomes_an_incident_is_told_once(bench: Bench) -> None:
    await bench.change()
    group = await bench.fires()
    assert await bench.looks() == 1
    incident = await bench.declares(5)

    def belong(tx: Transaction) -> None:
        found = tx.alert_groups.by_id(group)
        assert found is not None
        tx.alert_groups.save(replace(found, incident=incident))

    await bench.store.transaction("belong", belong)
    assert await bench.looks() == 1
    assert await bench.suspects() == (group, incident)
    owed = await bench.owed()
    assert owed[DeliveryKind.LINE] == 3  # on the change once, and on each of the two


async def test_of_many_that_point_at_one_change_a_few_are_told(bench: Bench) -> None:
    await bench.change()
    for n in range(MOST_TOLD + 3):
        await bench.fires(id=f"g{n}", key=f"k{n}")
    assert await bench.looks() == MOST_TOLD + 3
    assert len(await bench.suspects()) == MOST_TOLD + 3

    owed = await bench.owed()
    assert owed[DeliveryKind.LINE] == MOST_TOLD + (MOST_TOLD + 3)  # on the change, and on each group
