"""Messages of people's that become part of a timeline: by a pin, a reaction, or the message's menu."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.event import EventKind
from bot.domain.incident_policy import RoomPolicy
from bot.domain.severity import Severity
from bot.sandbox.slack.messages import Message
from tests.support.harness import World, a_staffed_guide
from tests.support.people import OPS
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"
MENU = "add_to_timeline"


async def said(world: World, text: str, *, name: str = "lee", number: int | None = None) -> Message:
    """Something that somebody says in the thread of a card."""
    card = world.card(number)
    message = world.slack.say(name, card.channel, text, thread_ts=card.message.ts)
    await settled(world)
    return message


async def settled(world: World) -> None:
    """Let the bot hear what Slack tells, and do what follows."""
    await world.slack.background.settled()
    await world.settle()


async def timeline(world: World, number: int = 1, *, channel: str = OPS) -> str:
    await world.kim.types(f"/incident timeline {number}", channel=channel)
    return world.kim.sees[-1]


async def react(
    world: World, message: Message, *, name: str = "ana", emoji: str = "memo", remove: bool = False
) -> None:
    world.slack.react(name, message.channel, message.ts, emoji, remove=remove)
    await settled(world)


async def test_a_reaction_adds_a_message_of_the_thread(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = await said(world, "the replica is &lt;behind&gt;")
    told = len(world.card().thread)
    await react(world, message)
    shown = await timeline(world)
    assert "lee wrote: the replica is" in shown
    assert "(ana)" in shown
    assert len(world.card().thread) == told, "everybody has read the message already"


async def test_another_reaction_adds_nothing(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await react(world, await said(world, "the replica is behind"), emoji="eyes")
    assert "the replica" not in await timeline(world)


async def test_a_message_is_added_once(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = await said(world, "the replica is behind")
    await react(world, message)
    await react(world, message, name="kim")
    world.slack.pin("kim", message.channel, message.ts)
    await settled(world)
    assert (await timeline(world)).count(
        "lee wrote: the replica is behind"
    ) == 1 + 1  # in words, and in blocks


async def test_the_incident_is_that_of_the_thread(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p1 mail bounces")
    await react(world, await said(world, "the replica is behind", number=1))
    assert "the replica is behind" in await timeline(world, 1)
    assert "the replica is behind" not in await timeline(world, 2)


async def test_cards_of_alerts_between_them_change_nothing(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.fires("HighErrorRate", service="payment", severity="critical")
    await world.forward(seconds=3)
    assert world.alert_card().channel == world.card().channel
    await react(world, await said(world, "the replica is behind"))
    assert "the replica is behind" in await timeline(world)


async def test_what_is_said_under_an_alert_is_no_incidents(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.fires("HighErrorRate", service="payment", severity="critical")
    await world.forward(seconds=3)
    card = world.alert_card().message
    await react(world, world.slack.say("lee", card.channel, "looking", thread_ts=card.ts))
    assert "looking" not in await timeline(world)


async def test_what_is_said_outside_of_any_thread_is_no_incidents(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = world.slack.say("lee", OPS, "lunch?")
    await react(world, message)
    assert "lunch" not in await timeline(world)


async def test_a_pin_adds_a_message_and_taking_it_away_strikes_it_out(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = await said(world, "failover at 12:03")
    world.slack.pin("ana", message.channel, message.ts)
    await settled(world)
    assert "lee wrote: failover at 12:03" in await timeline(world)
    world.slack.pin("ana", message.channel, message.ts, remove=True)
    await settled(world)
    assert "Struck out by ana: the pin was taken away" in await timeline(world)


async def test_a_reaction_that_is_taken_away_by_another_changes_nothing(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = await said(world, "failover at 12:03")
    await react(world, message)
    await react(world, message, name="kim")
    await react(world, message, name="kim", remove=True)
    assert "Struck out" not in await timeline(world)
    await react(world, message, remove=True)
    assert "Struck out by ana: the reaction was taken away" in await timeline(world)


async def test_an_edit_is_followed_and_a_deletion_is_said(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = await said(world, "failover at 13:03")
    await react(world, message)
    world.slack.edit("lee", message.channel, message.ts, "failover at 12:03")
    await settled(world)
    assert "lee wrote: failover at 12:03 (edited)" in await timeline(world)
    world.slack.delete("lee", message.channel, message.ts)
    await settled(world)
    assert "(deleted since)" in await timeline(world)


async def test_a_reaction_is_not_lost_while_slack_or_the_bot_is_down(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = await said(world, "the replica is behind")
    world.slack.faults.add("down", "conversations.replies")
    await react(world, message)
    world.slack.faults.clear()
    await world.outage(minutes=2)
    await world.forward(minutes=1)
    assert "the replica is behind" in await timeline(world)


async def test_a_reaction_that_is_taken_away_before_the_message_was_read_adds_nothing(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = await said(world, "the replica is behind")
    world.slack.faults.add("down", "conversations.replies")
    await react(world, message)
    await react(world, message, remove=True)
    world.slack.faults.clear()
    await world.forward(minutes=5)
    assert "the replica" not in await timeline(world)


async def test_a_message_that_is_pinned_again_is_another_entry(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = await said(world, "failover at 12:03")
    world.slack.pin("ana", message.channel, message.ts)
    await settled(world)
    world.slack.pin("ana", message.channel, message.ts, remove=True)
    await settled(world)
    world.slack.pin("ana", message.channel, message.ts)
    await settled(world)
    (incident,) = await world.bot.store.read(lambda tx: tx.incidents.open())
    events = await world.bot.store.read(lambda tx: tx.events.of(incident.id))
    kinds = [event.kind for event in events if event.kind in {EventKind.MESSAGE_ADDED, EventKind.STRUCK}]
    assert kinds == [EventKind.MESSAGE_ADDED, EventKind.STRUCK, EventKind.MESSAGE_ADDED]


async def test_a_guests_reaction_adds_nothing(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = await said(world, "the replica is behind")
    await react(world, message, name="gus")
    assert "the replica" not in await timeline(world)


async def test_the_menu_adds_a_message_from_elsewhere_to_the_only_open_incident(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    message = world.slack.say("lee", "general", "payments fail for me")
    await world.slack.shortcut("ana", "general", message.ts, MENU)
    await settled(world)
    assert "Added to the timeline of P0 #1." in world.ana.sees[-1]
    assert "lee wrote: payments fail for me" in await timeline(world)


async def test_what_was_withheld_stays_withheld_when_it_is_edited(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    channel = world.slack.workspace.find_channel(SECURITY)
    message = world.slack.say("sam", channel.id, "the token of kim")
    await world.slack.shortcut("sam", SECURITY, message.ts, MENU)
    await world.settle()
    world.slack.edit("sam", channel.id, message.ts, "the token of kim, and its link")
    await world.settle()
    incident = await world.bot.store.read(lambda tx: tx.incidents.by_number(1))
    assert incident is not None
    kept = await world.bot.store.read(lambda tx: tx.events.of(incident.id))
    assert any(event.kind is EventKind.MESSAGE_ADDED for event in kept)
    assert not [event for event in kept if "token" in str(event.data)]


async def test_the_menu_asks_which_incident_where_several_are_open(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p1 mail bounces")
    message = world.slack.say("lee", "general", "payments fail for me")
    await world.slack.shortcut("ana", "general", message.ts, MENU)
    first = await world.bot.store.read(lambda tx: tx.incidents.by_number(1))
    assert first is not None
    await world.slack.submit("ana", {"which": first.id})
    await settled(world)
    assert "payments fail for me" in await timeline(world, 1)


async def test_the_menu_without_an_open_incident_is_refused(world: World) -> None:
    message = world.slack.say("lee", "general", "payments fail for me")
    await world.slack.shortcut("ana", "general", message.ts, MENU)
    await settled(world)
    assert "No incident is open" in world.ana.sees[-1]


async def test_a_security_incidents_messages_stay_in_its_channel(world: World) -> None:
    await world.sam.types("/incident p0 token leaked", channel=SECURITY)
    message = await said(world, "the token of kim", name="sam")
    await react(world, message, name="sam")
    await world.sam.types("/incident timeline 1", channel=SECURITY)
    assert "sam wrote: the token of kim" in world.sam.sees[-1]
    assert "token" not in await timeline(world)


@pytest.mark.parametrize("private", [False, True])
async def test_a_rooms_messages_are_told_elsewhere_unless_the_room_is_private(
    a_world: OpenWorld, private: bool
) -> None:
    guide = a_staffed_guide()
    severities = {key: replace(one, room=key is Severity.P0) for key, one in guide.severities.items()}
    incidents = replace(guide.incidents, room=RoomPolicy(private=private))
    world = await a_world(guide=replace(guide, severities=severities, incidents=incidents))
    await world.kim.types("/incident p0 checkout is down")
    room = world.slack.workspace.find_channel("inc-1-checkout-is-down")
    message = world.slack.say("kim", room.id, "failover at 12:03")
    await react(world, message, name="kim")
    shown = await timeline(world)
    assert ("kim wrote: failover at 12:03" in shown) is not private
    assert ("A message of kim's in a private channel, where its text stays." in shown) is private
    assert "failover at 12:03" in await timeline(world, channel=room.id)
