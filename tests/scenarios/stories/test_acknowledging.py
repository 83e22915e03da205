"""Somebody takes an incident: wherever they say so, paging stops everywhere."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.harness import World
from tests.support.worlds import OpenWorld


async def is_quiet_from_now_on(world: World) -> bool:
    """Whether nobody is paged any more, and PagerDuty knows that somebody has it."""
    before = len(world.paged())
    await world.forward(hours=3)
    acknowledged = {alert.status for alert in world.alerts()} == {"acknowledged"}
    return len(world.paged()) == before and acknowledged and await world.waiting() == 0


@pytest.fixture
async def paged(world: World) -> World:
    """A P0 that has reached the team lead, ten minutes ago."""
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=25)
    return world


async def test_by_the_button(paged: World) -> None:
    await paged.lee.presses("Acknowledge")
    assert paged.card().says("*Acknowledged* by *lee*")
    assert paged.card().thread[-1].startswith("Acknowledged by lee.")
    assert not paged.lee.sees
    assert await is_quiet_from_now_on(paged)


async def test_by_a_command(paged: World) -> None:
    reply = await paged.lee.types("/incident ack 1")
    assert reply.text == "P0 #1 was acknowledged by lee."
    assert paged.card().says("*Acknowledged* by *lee*")
    assert await is_quiet_from_now_on(paged)


async def test_by_a_mention_in_the_thread(paged: World) -> None:
    await paged.lee.mentions("ack", thread=paged.card())
    assert paged.card().says("*Acknowledged* by *lee*")
    assert "P0 #1 was acknowledged by lee." in paged.lee.sees[0]
    assert await is_quiet_from_now_on(paged)


async def test_in_pagerduty_heard_by_webhook(a_world: OpenWorld) -> None:
    world = await a_world(rest=False, webhook=True)
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=15)
    world.pagerduty.acknowledge(world.alerts()[1].key, "Lee Novak")
    await world.settle()
    await world.forward(seconds=2)
    assert world.card().says("*Acknowledged* by *Lee Novak (PagerDuty)*")
    assert await is_quiet_from_now_on(world)


async def test_in_pagerduty_seen_by_looking_every_minute(paged: World) -> None:
    paged.pagerduty.acknowledge(paged.alerts()[0].key, "Ana Ortiz")
    await paged.polls()
    assert paged.card().says("*Acknowledged* by *Ana Ortiz (PagerDuty)*")
    assert await is_quiet_from_now_on(paged)


async def test_in_pagerduty_seen_just_before_the_next_step(paged: World) -> None:
    paged.pagerduty.acknowledge(paged.alerts()[1].key, "Lee Novak")
    await paged.forward(minutes=5)
    assert paged.paged() == ["on-call", "team-lead"]
    assert paged.card().says("*Acknowledged* by *Lee Novak (PagerDuty)*")
    assert paged.card().says("Director: not paged, no longer needed")
    assert await is_quiet_from_now_on(paged)


async def test_a_second_acknowledgement_is_told_who_has_it(paged: World) -> None:
    await paged.lee.types("/incident ack 1")
    await paged.forward(minutes=3)
    reply = await paged.ana.types("/incident ack 1")
    assert "Nothing to do: P0 #1 was acknowledged by lee 3 min ago." in reply.text
    assert paged.card().says("*Acknowledged* by *lee*")


async def test_of_two_people_at_once_one_has_it_and_the_other_is_told(either_world: World) -> None:
    world = either_world
    await world.kim.types("/incident p0 checkout is down")
    await asyncio.gather(world.ana.presses("Acknowledge"), world.lee.presses("Acknowledge"))
    told = [*world.ana.sees, *world.lee.sees]
    assert len(told) == 1
    assert "Nothing to do: P0 #1 was acknowledged by" in told[0]
    taken = [line for line in world.card().thread if line.startswith("Acknowledged by")]
    assert len(taken) == 1
    assert await is_quiet_from_now_on(world)


async def test_when_the_page_has_not_left_yet_nobody_is_paged(world: World) -> None:
    world.pagerduty.faults.add("ratelimited", "events", retry_after=60)
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    world.pagerduty.faults.clear()
    await world.forward(hours=1)
    assert not world.paged()
    assert await world.waiting() == 0
    assert world.card().says("*Acknowledged* by *ana*")


async def test_resolving_in_pagerduty_resolves_here(paged: World) -> None:
    paged.pagerduty.resolve(paged.alerts()[0].key, "Ana Ortiz")
    await paged.polls()
    assert paged.card().says("*Resolved* by *Ana Ortiz (PagerDuty)*")
    await paged.forward(hours=1)
    assert paged.paged() == ["on-call", "team-lead"]
    assert {alert.status for alert in paged.alerts()} == {"resolved"}


async def test_a_merge_in_pagerduty_is_nobodys_decision(a_world: OpenWorld) -> None:
    world = await a_world(rest=False, webhook=True)
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p0 payments fail")
    first, second = world.alerts()
    world.pagerduty.merge(second.key, first.key, "Ana Ortiz")
    await world.settle()
    assert world.card(2).says("Not acknowledged")
    await world.forward(minutes=15)
    assert world.paged().count("team-lead") == 2


async def test_an_incident_that_pagerduty_resolves_by_itself_goes_on_here_and_says_so(
    a_world: OpenWorld,
) -> None:
    world = await a_world(rest=False, webhook=True)
    await world.kim.types("/incident p0 checkout is down")
    alert = world.alerts()[0]
    world.pagerduty.account.escalate(alert, 2, alert.service.reference)  # its policy climbs by itself
    world.pagerduty.account.resolve(alert, alert.service.reference)  # and its auto-resolve timeout ends it
    await world.settle()
    assert "does not say that a person did" in world.card().thread[-1]
    await world.forward(minutes=15)
    assert world.paged()[-1] == "team-lead"
