"""How a service does before it is changed and since, on the change's card; what gets worse is told."""

from __future__ import annotations

from datetime import timedelta

from tests.support.change_stories import ANA, started
from tests.support.harness import World
from tests.support.worlds import OpenWorld

EVENT = "worse"


def worse(world: World) -> list[str]:
    return [line for line in world.change_card().thread if "orse" in line]


async def test_its_card_shows_the_numbers_before_and_since(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True)
    await started(world)
    await world.forward(minutes=1)
    card = world.change_card()
    assert card.says("Availability")
    assert card.says("p95")
    await world.ana.types("/change next CH1")
    await world.forward(minutes=6)
    card = world.change_card()
    assert card.says("→")
    assert worse(world) == []
    await world.ana.types("/change done CH1")
    await world.forward(minutes=2)
    assert world.change_card().says("Done")


async def test_what_gets_worse_is_told_once_and_mentions_who_leads_it(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True)
    await started(world)
    await world.forward(minutes=1)
    world.prometheus.set_service("payment", error_ratio=0.2)
    await world.ana.types("/change next CH1")
    await world.forward(minutes=20)
    [line] = worse(world)
    assert "Availability" in line
    assert f"<@{ANA}>" in line
    assert world.change_card().says("🔴") or world.change_card().says("🟠")


async def test_without_prometheus_the_card_says_that_nobody_measures(world: World) -> None:
    await started(world)
    await world.forward(minutes=1)
    assert world.change_card().says("PROMETHEUS_URL is not set")


async def test_a_prometheus_that_is_down_holds_nothing_up_and_is_asked_again(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True)
    await started(world)
    world.prometheus.faults.add("down")
    await world.forward(minutes=3)
    assert world.change_card().says("Deploy")
    await world.ana.types("/change next CH1")
    world.prometheus.faults.clear()
    await world.forward(minutes=11)
    assert world.change_card().says("Availability")


async def test_after_an_outage_it_is_looked_at_for_the_instant_of_its_start(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True)
    await started(world)
    at = world.clock.now()
    await world.outage(minutes=10)
    world.prometheus.set_service("payment", error_ratio=0.5)
    await world.forward(minutes=1)
    change = await world.bot.store.read(lambda tx: tx.changes.by_number(1))
    assert change is not None
    assert change.started is not None
    assert at - change.started < timedelta(minutes=1)
    assert change.before[0].kept, "as it was before"
