"""What those who run the business read of an incident, and what they do not."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.severity import Severity
from tests.support.harness import World, a_staffed_guide
from tests.support.people import Card
from tests.support.worlds import OpenWorld

LEADERSHIP = "leadership"


def told(world: World) -> list[Card]:
    return [Card.of(world.slack, message) for message in world.slack.messages_in(LEADERSHIP)]


def the_one(world: World) -> Card:
    (message,) = told(world)
    return message


async def test_a_p0_is_told_in_business_words_and_its_one_message_is_edited(either_world: World) -> None:
    world = either_world
    await world.kim.types("/incident p0 service:payment 5xx from the gateway")
    assert the_one(world).says("P0 #1 Critical")
    assert the_one(world).says("We are calling those who can mend it. Nobody has taken it yet.")
    await world.ana.presses("Acknowledge")
    assert the_one(world).says("We are working on it.")
    assert the_one(world).says("Who leads*\nana")
    assert the_one(world).says("Next update")
    await world.ana.types("/incident impact 1 customers cannot pay")
    await world.ana.types("/incident update 1 the provider is back, queues are draining")
    await world.forward(seconds=5)
    assert the_one(world).says("customers cannot pay")
    assert the_one(world).says("What is wrong*\n5xx from the gateway")
    assert the_one(world).says("Latest update: the provider is back, queues are draining")
    await world.forward(minutes=23)
    await world.ana.types("/incident mitigate 1")
    assert the_one(world).says("Users are no longer hurt. We are looking for the cause.")
    await world.ana.types("/incident resolve 1")
    await world.forward(seconds=5)
    assert the_one(world).says("It is over, after 23 min.")
    assert the_one(world).says("customers cannot pay"), "the summary says who was hurt"
    assert the_one(world).says("Led by*\nana")
    assert not the_one(world).says("Next update")


async def test_nobody_is_mentioned_there_and_nothing_can_be_pressed(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.forward(minutes=31)
    await world.ana.types("/incident update 1 <!channel> <@U0LEE0001|lee> look")
    await world.forward(seconds=5)
    assert not the_one(world).labels
    assert not any(mark in the_one(world).text for mark in ("<@", "<!subteam", "<!channel"))


async def test_other_severities_are_not_told_unless_the_guide_says_so(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    followed = replace(guide.severities[Severity.P1], leadership=True)
    world = await a_world(guide=replace(guide, severities={**guide.severities, Severity.P1: followed}))
    await world.kim.types("/incident p2 reports are late")
    assert not told(world)
    await world.kim.types("/incident p1 search is slow")
    assert the_one(world).says("P1 #2 High")


async def test_what_is_raised_is_told_from_then_on_and_lowered_it_says_so_and_how_it_ends(
    world: World,
) -> None:
    await world.kim.types("/incident p1 search is slow")
    assert not told(world)
    await world.kim.types("/incident sev p0")
    assert the_one(world).says("P0 #1 Critical")
    await world.ana.presses("Acknowledge")
    await world.kim.types("/incident sev p2")
    await world.forward(seconds=5)
    assert the_one(world).says("Lowered to P2. Here is said only once more: when it is over.")
    assert not the_one(world).says("Next update")
    await world.forward(minutes=10)
    await world.ana.types("/incident resolve 1")
    await world.forward(seconds=5)
    assert the_one(world).says("It is over, after 10 min.")
    assert not the_one(world).says("Lowered")


async def test_a_false_alarm_and_a_reopening_are_told_too(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident cancel 1 a test")
    await world.forward(seconds=5)
    assert the_one(world).says("It was a false alarm.")
    await world.kim.types("/incident reopen 1")
    await world.forward(seconds=5)
    assert the_one(world).says("Nobody has taken it yet.")


async def test_of_a_security_incident_number_severity_and_state_are_told(world: World) -> None:
    await world.sam.types("/incident p0 zebra token leaked", channel="security-incidents")
    await world.sam.presses("Acknowledge")
    await world.sam.types("/incident impact 1 zebra customers", channel="security-incidents")
    await world.sam.types("/incident update 1 zebra key revoked", channel="security-incidents")
    await world.forward(seconds=5)
    assert the_one(world).says("Security incident 1, P0")
    assert the_one(world).says("We are working on it.")
    assert "zebra" not in str(the_one(world).message.to_json(metadata=True))
    assert not the_one(world).says("sam")


async def test_a_drill_is_told_nobody_there(world: World) -> None:
    await world.kim.types("/incident drill p0 checkout is down")
    await world.forward(minutes=20)
    assert not told(world)


async def test_a_message_that_somebody_deleted_is_posted_anew(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    world.slack.workspace.delete(the_one(world).message)
    await world.ana.presses("Acknowledge")
    await world.forward(seconds=5)
    assert the_one(world).says("We are working on it.")


async def test_a_bot_that_dies_before_it_has_told_tells_once(world: World) -> None:
    world.slack.faults.add("down")
    await world.kim.types("/incident p0 checkout is down")
    await world.stop()
    world.slack.faults.clear()
    world.clock.advance(minutes=1)
    await world.start()
    await world.stop()
    await world.start()
    assert the_one(world).says("P0 #1 Critical")


async def test_where_the_channel_is_missing_all_else_goes_on_and_it_is_said_in_the_end(
    a_world: OpenWorld,
) -> None:
    world = await a_world(started=False)
    world.slack.workspace.find_channel(LEADERSHIP).name = "board"
    await world.start()
    await world.kim.types("/incident p0 checkout is down")
    assert world.paged() == ["on-call"]
    await world.ana.presses("Acknowledge")
    await world.ana.types("/incident updates 1 off")
    await world.forward(hours=4)
    assert [line for line in world.card().thread if "Tell the business's stakeholders yourself" in line]
