"""Who does what in an incident."""

from __future__ import annotations

from tests.support.harness import World

LEE = "<@U0LEE0001|lee>"


async def test_the_first_to_acknowledge_leads(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    assert world.card().says("Incident commander: ana")
    assert not any("commander" in line for line in world.card().thread), "the card says it already"


async def test_who_leads_already_stays_so_when_another_acknowledges(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.lee.types("/incident role commander")
    await world.ana.presses("Acknowledge")
    assert world.card().says("Incident commander: lee")


async def test_a_role_is_taken_and_said_in_the_thread(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.kim.types("/incident role scribe")
    assert "P0 #1" in reply.text
    assert world.card().says("Scribe: kim")
    assert world.card().thread[-1].startswith("kim is Scribe now.")
    assert "<@" not in world.card().thread[-1], "nobody is mentioned for what they do themselves"


async def test_a_role_is_handed_over_and_the_one_who_gets_it_is_mentioned(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.ana.types(f"/incident role 1 commander {LEE}")
    assert world.card().says("Incident commander: lee")
    assert "in place of ana, says ana" in world.card().thread[-1]
    assert "<@U0LEE0001>" in world.card().thread[-1]


async def test_a_role_is_given_up(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.ana.types("/incident role commander nobody")
    assert not world.card().says("Incident commander")


async def test_the_beginning_of_a_roles_name_is_enough(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident role comms")
    await world.kim.types("/incident role communi")
    assert world.card().says("Communications: kim")
    assert "There is no role `comms`. The guide has: `commander` (Incident commander)" in world.kim.sees[-2]


async def test_a_role_that_one_has_already_is_answered_and_told_nobody(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident role scribe")
    told = len(world.card().thread)
    reply = await world.kim.types("/incident role scribe")
    assert "Nothing to do: Scribe is kim already." in reply.text
    assert len(world.card().thread) == told


async def test_an_incident_that_is_over_has_no_roles_to_give(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident resolve")
    reply = await world.kim.types("/incident role 1 scribe")
    assert "Nobody has a role in it any more" in reply.text


async def test_an_acknowledgement_in_pagerduty_gives_the_first_role_too(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    await world.forward(minutes=1)
    assert world.card().says("Incident commander: Ana Ortiz (PagerDuty)")


async def test_a_guest_gets_no_role(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.kim.types("/incident role scribe <@U0GUS0001|gus>")
    assert "gus is a guest, or of another workspace, and can have no role." in reply.text
    assert not world.card().says("Scribe")
