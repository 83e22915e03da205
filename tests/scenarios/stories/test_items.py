"""What will be done so that it does not come again."""

from __future__ import annotations

from bot.domain.severity import Severity
from bot.sandbox.slack.messages import Message
from tests.support.harness import World
from tests.support.people import Card
from tests.support.rooms import with_rooms
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"
LEE, GUS = "<@U0LEE0001|lee>", "<@U0GUS0001|gus>"


async def declared(world: World, line: str = "p2 search is slow") -> None:
    await world.kim.types(f"/incident {line}")


def last_reminder(world: World) -> Card:
    """The newest line with the buttons of a reminder, as something that can be pressed."""
    found = [one for one in world.slack.messages if _is_reminder(one)]
    return Card.of(world.slack, found[-1])


def _is_reminder(message: Message) -> bool:
    return any(block.get("block_id") == "item.actions" for block in message.blocks)


async def test_an_item_is_added_and_whoever_gets_it_is_mentioned(world: World) -> None:
    await declared(world)
    reply = await world.kim.types(f"/incident item 1 add rotate the *keys* {LEE} by friday")
    assert "Item 1 of P2 #1 is added: lee does it, by Fri 20 Mar 2026." in reply.text
    said = world.card().thread[-1]
    assert "kim added item 1: rotate the" in said
    assert "<@U0LEE0001>" in said


async def test_who_takes_it_on_alone_is_not_mentioned(world: World) -> None:
    await declared(world)
    await world.lee.types(f"/incident item 1 add rotate the keys {LEE}")
    assert "<@" not in world.card().thread[-1]


async def test_an_item_is_added_in_a_thread(world: World) -> None:
    await declared(world)
    await world.kim.mentions("item add rotate the keys in 2w", thread=world.card())
    assert "rotate the keys. Nobody has it yet, by Mon 30 Mar 2026." in world.card().thread[-1]


async def test_it_is_reminded_of_on_its_day_and_every_second_business_day(world: World) -> None:
    await declared(world)
    await world.kim.types(f"/incident item 1 add rotate the keys {LEE} by friday")
    await world.kim.types("/incident ack 1")
    told = len(world.card().thread)
    await world.forward(days=3.8)
    assert len(world.card().thread) == told, "Friday 7:12 in New York"
    await world.forward(hours=2)
    said = world.card().thread[-1]
    assert "lee: item 1: rotate the keys is still to be done. It is due by Fri 20 Mar 2026." in said
    assert "<@U0LEE0001>" in said
    await world.forward(days=4)
    assert len(world.card().thread) == told + 2
    assert "It was due by Fri 20 Mar 2026." in world.card().thread[-1]


async def test_a_reminder_has_buttons(world: World) -> None:
    await declared(world)
    await world.kim.types(f"/incident item 1 add rotate the keys {LEE} by today")
    await world.kim.types("/incident ack 1")
    await world.forward(days=1)
    await world.lee.presses("Snooze", card=last_reminder(world))
    told = len(world.card().thread)
    await world.forward(days=5)
    assert len(world.card().thread) == told
    await world.forward(days=3)
    assert len(world.card().thread) == told + 1
    await world.lee.presses("Done", card=last_reminder(world))
    assert "Done, says lee: item 1: rotate the keys" in world.card().thread[-1]
    await world.lee.presses("Done", card=last_reminder(world))
    assert "item 1 is done already" in world.lee.sees[-1]
    done = len(world.card().thread)
    await world.forward(days=10)
    assert len(world.card().thread) == done


async def test_missed_reminders_fold_into_one(world: World) -> None:
    await declared(world)
    await world.kim.types("/incident item 1 add rotate the keys by friday")
    await world.kim.types("/incident resolve 1")
    told = len(world.card().thread)
    await world.outage(days=20)
    assert len(world.card().thread) == told + 1


async def test_an_item_changes_hands_and_its_day(world: World) -> None:
    await declared(world)
    await world.kim.types("/incident item 1 add rotate the keys")
    await world.kim.types(f"/incident item 1 to {LEE}")
    assert "lee does item 1: rotate the keys, says kim." in world.card().thread[-1]
    await world.forward(seconds=5)
    reply = await world.kim.types("/incident item 1 in 1w")
    assert "has another day: lee does it, by Mon 23 Mar 2026" in reply.text
    listed = await world.kim.types("/incident items")
    assert "1 action item to do" in listed.text
    assert "by Mon 23 Mar 2026" in str(listed.message)
    await world.kim.types("/incident item 1 drop search is switched off")
    assert "No action items." in (await world.kim.types("/incident items")).text
    assert "dropped" in str((await world.kim.types("/incident items 1")).message)


async def test_what_cannot_be_is_refused_and_nothing_is_lost(world: World) -> None:
    await declared(world)
    passed = await world.kim.types("/incident item 1 add rotate the keys by 2026-01-01")
    assert "has passed" in passed.text
    assert "You typed: `/incident item 1 add rotate the keys by 2026-01-01`" in passed.text
    assert "gus is a guest" in (await world.kim.types(f"/incident item 1 add x {GUS}")).text
    assert "There is no item 7" in (await world.kim.types("/incident item 7 done")).text
    assert "Guests" in (await world.gus.types("/incident item 1 add rotate the keys")).text
    assert "No action items." in (await world.kim.types("/incident items")).text


async def test_added_once_though_it_came_twice(world: World) -> None:
    await declared(world)
    first = await world.kim.types("/incident item 1 add rotate the keys")
    again = await world.slack.redeliver(first)
    assert again.text.splitlines()[0] == first.text.splitlines()[0]
    assert "1 action item to do" in (await world.kim.types("/incident items 1")).text


async def test_items_of_a_security_incident_show_in_its_channel_only(world: World) -> None:
    await declared(world, "p0 security: token leaked")
    line = f"/incident item 1 add revoke hunter2 {LEE} by friday"
    await world.sam.types(line, channel=SECURITY)
    for line in ("/incident items", "/incident items 1", "/incident item 1 by monday", "/incident stats"):
        reply = await world.gus.types(line)
        assert "hunter2" not in reply.text + str(reply.message)
    inside = await world.sam.types("/incident items 1", channel=SECURITY)
    assert "hunter2" in str(inside.message)


async def test_items_are_in_the_post_mortems_draft(world: World) -> None:
    await declared(world, "p0 checkout is down")
    await world.ana.types("/incident ack")
    await world.kim.types(f"/incident item 1 add rotate the keys {LEE} by friday")
    await world.kim.types("/incident resolve")
    await world.forward(seconds=10)
    (file,) = list(world.slack.workspace.files)
    assert "- [ ] 1. rotate the keys: lee, by 2026-03-20" in (file.data or b"").decode()


async def test_in_an_incidents_room_its_own_are_listed(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_rooms(Severity.P0))
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p2 search is slow")
    await world.kim.types("/incident item 1 add rotate the keys")
    await world.kim.types("/incident item 2 add warm the cache")
    everywhere = str((await world.kim.types("/incident items")).message)
    assert "rotate the keys" in everywhere
    assert "warm the cache" in everywhere
    here = str((await world.kim.types("/incident items", channel="inc-1-checkout-is-down")).message)
    assert "rotate the keys" in here
    assert "warm the cache" not in here
    drafted = await world.kim.types("/incident postmortem", channel="inc-1-checkout-is-down")
    assert "A fresh draft for P0 #1" in drafted.text
