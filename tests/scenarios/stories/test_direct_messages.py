"""Talking to the bot alone: commands and plain messages, answered there."""

from __future__ import annotations

from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Channel
from tests.support.harness import World
from tests.support.people import readable


def alone(world: World, name: str = "kim") -> Channel:
    return world.slack.workspace.direct(world.slack.workspace.find_user(name).id)


async def writes(world: World, text: str, name: str = "kim", thread: Message | None = None) -> None:
    world.slack.say(name, alone(world, name).id, text, thread_ts=thread.ts if thread else None)
    await world.settle()


def answers(world: World, name: str = "kim") -> list[str]:
    bot = world.slack.workspace.identity.bot_user
    return [readable(one.content) for one in alone(world, name).messages.values() if one.user == bot]


async def test_an_incident_is_declared_in_a_direct_message_and_stands_where_it_belongs(
    either_world: World,
) -> None:
    world = either_world
    await writes(world, "p0 checkout is down")
    assert world.card().channel == "platform-alerts"
    assert world.card().says("by kim")
    (answer,) = answers(world)
    assert "P0 #1 is declared: checkout is down." in answer


async def test_a_conversation_goes_on(world: World) -> None:
    await writes(world, "p0 checkout is down")
    await writes(world, "ack")
    await writes(world, "list")
    assert world.card().says("*Acknowledged* by *kim*")
    assert "1 open incident" in answers(world)[-1]


async def test_a_mention_before_it_is_not_needed_and_does_no_harm(world: World) -> None:
    await writes(world, "<@U0OPSBOT1> p0 checkout is down")
    assert world.card().says("P0 #1 · checkout is down")


async def test_the_answer_to_a_thread_is_in_the_thread(world: World) -> None:
    await writes(world, "list")
    first = next(iter(alone(world).messages.values()))
    await writes(world, "help", thread=first)
    replies = alone(world).replies(first.ts)
    assert "declares an incident" in readable(replies[-1].content)


async def test_what_is_no_command_is_answered_with_what_would_be(world: World) -> None:
    await writes(world, "akc 1")
    assert "Did you mean `ack`?" in answers(world)[-1]
    await writes(world, "p1")
    assert "What is wrong? `p1 checkout is down`." in answers(world)[-1]


async def test_a_message_that_is_delivered_twice_declares_once(world: World) -> None:
    message = world.slack.say("kim", alone(world).id, "p0 checkout is down")
    await world.slack.settled()
    first = world.slack.last
    assert first is not None
    assert first.payload["event"]["ts"] == message.ts
    await world.slack.redeliver(first)
    await world.settle()
    assert len(world.cards()) == 1
    assert len(world.pages()) == 1


async def test_an_edit_asks_nothing(world: World) -> None:
    await writes(world, "list")
    message = next(iter(alone(world).messages.values()))
    world.slack.edit("kim", message.channel, message.ts, "p0 checkout is down")
    await world.settle()
    assert world.cards() == []
    assert len(answers(world)) == 1


async def test_a_guest_may_look_and_no_more(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await writes(world, "ack", "gus")
    await writes(world, "list", "gus")
    refused, listed = answers(world, "gus")
    assert "Guests and people of other workspaces may look" in refused
    assert "checkout is down" in listed


async def test_a_security_incident_shows_nothing_there(world: World) -> None:
    await world.sam.types("/incident p1 token leaked", channel="security-incidents")
    await writes(world, "show 1", "sam")
    await writes(world, "list", "sam")
    assert not any("token" in answer for answer in answers(world, "sam"))


async def test_a_security_incident_is_declared_from_there(world: World) -> None:
    await writes(world, "p0 security: token leaked")
    assert world.card().channel == "security-incidents"
    assert not any("token" in alert.title for alert in world.alerts())


async def test_what_people_say_in_channels_is_no_command(world: World) -> None:
    world.slack.say("kim", "platform-alerts", "p0 checkout is down")
    await world.settle()
    assert world.cards() == []


async def test_the_command_works_there_too(world: World) -> None:
    reply = await world.kim.types("/incident p0 checkout is down", channel=alone(world).id)
    assert "P0 #1 is declared" in reply.text
    reply = await world.kim.types("/incident ack", channel=alone(world).id)
    assert "P0 #1 was acknowledged by kim" in reply.text


async def test_where_the_answer_is_lost_what_was_asked_is_done(world: World) -> None:
    world.slack.faults.add("error", "chat.postMessage", error="internal_error", count=1)
    await writes(world, "p0 checkout is down")
    await world.forward(seconds=30)
    assert world.card().says("P0 #1")


async def test_alerts_are_listed_and_taken_there_too(world: World) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical")
    await writes(world, "alerts")
    await writes(world, "alerts ack A1")
    await writes(world, "/alerts akc A1")
    listed, taken, unknown = answers(world)
    assert "HighErrorRate" in listed
    assert "A1 was acknowledged by kim" in taken
    assert world.alert_card().says("Acknowledged")
    assert "Did you mean `ack`?" in unknown


async def test_the_alerts_of_an_incident_are_still_asked_for_by_its_number(world: World) -> None:
    await writes(world, "p0 checkout is down")
    await writes(world, "alerts 1")
    await writes(world, "alerts #1")
    assert all("#1" in answer for answer in answers(world)[1:])


async def test_what_is_secret_of_alerts_is_only_counted_there(world: World) -> None:
    await world.fires("TokenLeaked", team="security-team", severity="critical")
    await writes(world, "alerts", "sam")
    await writes(world, "alerts show A1", "sam")
    assert not any("TokenLeaked" in answer for answer in answers(world, "sam"))
