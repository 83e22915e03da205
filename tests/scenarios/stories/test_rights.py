"""Who may do what, and what everybody else is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.event import Event
from bot.domain.guide import Guide, Mention, Roles
from bot.domain.incident import Status
from tests.support.harness import World

DECIDED = Roles(
    responders=Mention(groups=("S0ONCALL1",)),
    leads=Mention(groups=("S0LEADS01",)),
    security=Mention(groups=("S0SECURE1",)),
)


def decided(guide: Guide) -> Guide:
    return replace(guide, roles=DECIDED)


@pytest.fixture
async def decided_world(world: World) -> World:
    await world.stop()
    await world.start(decided(world.setup.guide))
    return world


async def history(world: World, subject: str) -> tuple[Event, ...]:
    return await world.bot.store.read(lambda tx: tx.events.of(subject))


async def test_a_guest_declares_nothing_and_is_told_so_alone(world: World) -> None:
    reply = await world.gus.types("/incident p0 checkout is down")
    assert "Guests and people of other workspaces may look, but not declare an incident" in reply.text
    assert "/incident p0 checkout is down" in world.gus.sees[0], "nothing typed is lost"
    assert world.cards() == []
    assert world.pages() == []


async def test_a_guest_presses_a_button_in_vain(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.gus.presses("Acknowledge")
    assert "may look, but not acknowledge an incident" in world.gus.sees[0]
    assert world.card().says("Not acknowledged")


async def test_a_guest_may_look(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.gus.types("/incident list")
    assert "checkout is down" in reply.text


async def test_only_those_whom_the_guide_names_end_an_incident(decided_world: World) -> None:
    world = decided_world
    await world.kim.types("/incident p0 checkout is down")
    for line, deed in (
        ("resolve", "resolve"),
        ("cancel", "cancel"),
        ("sev p2", "lower the severity of"),
    ):
        reply = await world.kim.types(f"/incident {line}")
        assert f"You may not {deed} an incident" in reply.text
    await world.kim.types("/incident ack")
    reply = await world.ana.types("/incident resolve")
    assert "resolved by ana" in reply.text


async def test_everybody_may_raise_what_only_some_may_lower(decided_world: World) -> None:
    world = decided_world
    await world.kim.types("/incident p2 checkout is slow")
    await world.kim.types("/incident sev p0")
    assert world.card().says("P0 #1")


async def test_a_refusal_stands_in_the_history_with_who_and_why(decided_world: World) -> None:
    world = decided_world
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident cancel")
    (incident,) = await world.bot.store.read(lambda tx: tx.incidents.open())
    refused = (await history(world, incident.id))[-1]
    assert incident.status is Status.TRIGGERED
    assert (refused.kind, refused.actor.name, refused.data["asked"]) == ("refused", "kim", "cancel")
    assert "the guide leaves that to the responders" in str(refused.data["why"])


async def test_who_was_let_in_later_is_so_after_the_next_look(decided_world: World) -> None:
    world = decided_world
    await world.kim.types("/incident p0 checkout is down")
    world.slack.workspace.groups["S0ONCALL1"].users.append("U0KIM0001")
    await world.bot.watch.refresh("slack/groups")
    reply = await world.kim.types("/incident resolve")
    assert "resolved by kim" in reply.text


async def test_a_start_without_slack_still_knows_who_is_a_guest(world: World) -> None:
    await world.stop()
    world.slack.faults.add("down")
    await world.start()
    world.slack.faults.clear()
    reply = await world.gus.types("/incident p0 checkout is down")
    assert "may look, but not declare" in reply.text
