"""An incident with a channel of its own: made, filled, kept, archived; and what goes on without it."""

from __future__ import annotations

import pytest

from bot.domain.severity import Severity
from bot.sandbox.slack.people import Channel
from tests.support.harness import World
from tests.support.people import OPS, Card, is_card, readable
from tests.support.rooms import with_rooms
from tests.support.worlds import OpenWorld

ROOM = "inc-1-checkout-is-down"
SECURITY = "security-incidents"


@pytest.fixture
async def roomy(a_world: OpenWorld) -> World:
    """A world in which a P0 gets a room."""
    return await a_world(guide=with_rooms(Severity.P0))


def room(world: World, name: str = ROOM) -> Channel:
    return world.slack.workspace.find_channel(name)


def rooms(world: World) -> list[str]:
    return [
        one.name
        for one in world.slack.workspace.channels.values()
        if one.name.startswith(("inc-", "test-inc-"))
    ]


def in_channel(world: World, name: str = OPS) -> list[str]:
    """What the bot has said in a channel itself, oldest first."""
    channel = world.slack.workspace.find_channel(name)
    return [readable(one.content) for one in channel.top_level() if one.bot_id]


def notice(world: World, channel: str = OPS) -> Card:
    """The one line that the channel shows."""
    found = world.slack.workspace.find_channel(channel)
    (message,) = [one for one in found.top_level() if one.bot_id and not one.broadcast]
    return Card.of(world.slack, message)


def names(world: World, channel: Channel) -> set[str]:
    users = world.slack.workspace.users
    return {users[member].name for member in channel.members} - {"opsbot"}


async def test_the_answer_to_a_declaration_tells_of_the_room(roomy: World) -> None:
    reply = await roomy.kim.types("/incident p0 checkout is down")
    assert "A channel of its own is being made for it; #platform-alerts shows it, too." in reply.text


async def test_a_p0_gets_a_room_with_its_card_pinned_and_its_links_at_the_top(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    assert rooms(roomy) == [ROOM]
    assert not room(roomy).private
    assert roomy.card().channel == ROOM
    assert list(room(roomy).pins) == [roomy.card().message.ts]
    titles = [bookmark["title"] for bookmark in room(roomy).bookmarks]
    assert titles[0].startswith("Runbook: ")
    assert len(titles) == 3
    assert room(roomy).topic.value == "P0 | not acknowledged | nobody leads yet"


async def test_the_ops_channel_shows_one_edited_line_with_the_button_and_the_way_there(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    line = notice(roomy)
    assert line.says("P0 #1 · checkout is down")
    assert line.says(f"<#{room(roomy).id}>")
    assert line.labels == ["Acknowledge"]
    await roomy.ana.presses("Acknowledge", card=line)
    assert notice(roomy).message.ts == line.message.ts
    assert notice(roomy).says("acknowledged by ana")
    assert not notice(roomy).labels
    assert not notice(roomy).thread


async def test_the_room_is_named_where_incidents_are_looked_at_and_in_pages_that_come_after_it(
    roomy: World,
) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    for line in ("show 1", "list"):
        assert f"<#{room(roomy).id}>" in str((await roomy.lee.types(f"/incident {line}")).message)
    await roomy.forward(minutes=20)
    first, later, *_ = roomy.alerts()
    assert "channel=C0ALERTS1" in first.links[0]["href"], "the first page waits for no room"
    assert f"channel={room(roomy).id}" in later.links[0]["href"]


async def test_who_declares_and_who_is_called_are_invited_and_others_as_they_come_in(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    assert names(roomy, room(roomy)) == {"kim", "ana"}
    await roomy.forward(minutes=15)
    assert names(roomy, room(roomy)) == {"kim", "ana", "lee"}
    await roomy.kim.types("/incident role 1 scribe <@U0SAM0001|sam>")
    assert "sam" in names(roomy, room(roomy))


async def test_who_has_left_is_not_fetched_back(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    kim = next(one for one in roomy.slack.workspace.users.values() if one.name == "kim")
    room(roomy).members.discard(kim.id)
    await roomy.ana.presses("Acknowledge")
    await roomy.forward(minutes=1)
    assert "kim" not in names(roomy, room(roomy))


async def test_the_topic_is_kept_current_and_set_only_when_it_changes(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.ana.presses("Acknowledge")
    assert room(roomy).topic.value == "P0 | acknowledged | ana leads"
    before = roomy.slack.calls.counts["conversations.setTopic"]
    await roomy.ana.types("/incident update rolling back", channel=ROOM)
    assert roomy.slack.calls.counts["conversations.setTopic"] == before


async def test_what_happens_is_said_in_the_room_itself(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.ana.presses("Acknowledge")
    await roomy.ana.types("/incident update rolling back", channel=ROOM)
    said = in_channel(roomy, ROOM)
    assert said[1].startswith("Acknowledged by ana.")
    assert said[2].startswith("Update by ana: rolling back")
    assert len(in_channel(roomy)) == 1
    assert not notice(roomy).thread


async def test_a_command_in_the_room_means_its_incident(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.kim.types("/incident p1 search is slow")
    reply = await roomy.ana.types("/incident ack", channel=ROOM)
    assert "P0 #1 was acknowledged by ana" in reply.text
    await roomy.ana.mentions("resolve", channel=ROOM)
    assert roomy.card(1).says("Resolved")


async def test_a_mention_under_the_notice_means_its_incident(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.kim.types("/incident p1 search is slow")
    line = next(
        Card.of(roomy.slack, one)
        for one in roomy.slack.messages_in(OPS)
        if not is_card(one) and "#1 " in one.text
    )
    await roomy.ana.mentions("ack", thread=line)
    assert roomy.card(1).says("Acknowledged")


async def test_that_nobody_has_acknowledged_reaches_people_outside_the_room(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.forward(minutes=46)
    assert any("Nobody has acknowledged P0 #1" in line for line in notice(roomy).loud)
    assert any("Nobody has acknowledged P0 #1" in line for line in in_channel(roomy, ROOM))
    mentioned = [line for line in in_channel(roomy, ROOM) if "subteam" in line]
    assert not mentioned, "nobody is mentioned twice for one thing"


async def test_a_p0_with_its_own_room_costs_few_calls_and_the_page_goes_first(roomy: World) -> None:
    before = dict(roomy.slack.calls.counts)
    await roomy.kim.types("/incident p0 checkout is down")
    made = {
        method: count - before.get(method, 0)
        for method, count in roomy.slack.calls.counts.items()
        if count != before.get(method, 0)
    }
    assert made == {
        "chat.postMessage": 3,  # the card at once, and again in the room; what leadership reads
        "chat.update": 2,  # the first becomes the notice; leadership's is looked over once more
        "conversations.create": 1,
        "conversations.invite": 1,
        "conversations.setTopic": 1,
        "pins.add": 1,
        "bookmarks.add": 3,
    }
    assert sum(made.values()) - 1 <= 12
    assert roomy.paged() == ["on-call"]


async def test_what_is_raised_to_p0_moves_into_a_room(roomy: World) -> None:
    await roomy.kim.types("/incident p1 checkout is down")
    first = roomy.card()
    assert first.channel == OPS
    await roomy.kim.types("/incident sev p0")
    assert roomy.card().channel == ROOM
    assert notice(roomy).message.ts == first.message.ts


async def test_where_no_room_can_be_made_the_card_stays_and_people_are_told_once_why(roomy: World) -> None:
    roomy.slack.faults.add("error", "conversations.create", error="missing_scope", count=99)
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.forward(hours=1)
    assert roomy.card().channel == OPS
    told = [line for line in roomy.card().thread if "It gets no channel of its own" in line]
    assert len(told) == 1
    assert roomy.card().labels


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("conversations.invite", "could not be invited"),
        ("conversations.setTopic", "The topic of its channel could not be set"),
        ("pins.add", "Its card could not be pinned"),
        ("bookmarks.add", "could not be put at the top"),
    ],
)
async def test_a_step_that_fails_stops_none_of_the_others_and_is_told(
    roomy: World, method: str, words: str
) -> None:
    roomy.slack.faults.add("error", method, error="restricted_action", count=1)
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.forward(minutes=2)
    told = [line for line in in_channel(roomy, ROOM) if words in line]
    assert len(told) == 1
    done = {
        "pins.add": bool(room(roomy).pins),
        "bookmarks.add": len(room(roomy).bookmarks) == len(("runbook", "dashboard", "dashboard")),
        "conversations.setTopic": bool(room(roomy).topic.value),
        "conversations.invite": "kim" in names(roomy, room(roomy)),
    }
    assert done == {step: step != method for step in done}


async def test_a_name_that_is_taken_gets_a_number(roomy: World) -> None:
    roomy.slack.workspace.channels["C0TAKEN01"] = Channel(id="C0TAKEN01", name=ROOM)
    await roomy.kim.types("/incident p0 checkout is down")
    assert roomy.card().channel == f"{ROOM}-2"


async def test_no_second_room_is_made_where_the_first_may_have_been(roomy: World) -> None:
    roomy.slack.faults.add("cut", "conversations.create", count=1)
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.forward(minutes=1)
    assert rooms(roomy) == [ROOM]
    assert roomy.card().channel == ROOM


async def test_a_bot_that_is_down_makes_the_room_when_it_is_back(roomy: World) -> None:
    roomy.slack.faults.add("status", "conversations.create", status=503, count=1)
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.outage(minutes=5)
    await roomy.forward(minutes=1)
    assert rooms(roomy) == [ROOM]
    assert roomy.card().channel == ROOM


async def test_some_time_after_the_end_the_room_is_archived(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.kim.types("/incident resolve", channel=ROOM)
    await roomy.forward(days=6, hours=23)
    assert not room(roomy).archived
    await roomy.forward(hours=2)
    assert room(roomy).archived
    assert notice(roomy).says("archived")
    assert roomy.card().says("Resolved")


async def test_what_is_reopened_in_time_keeps_its_room(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.kim.types("/incident resolve", channel=ROOM)
    await roomy.forward(days=2)
    await roomy.kim.types("/incident reopen 1")
    await roomy.ana.presses("Acknowledge")
    await roomy.forward(days=8)
    assert not room(roomy).archived
    assert rooms(roomy) == [ROOM]


async def test_after_that_its_timeline_is_exported_under_the_notice(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.kim.types("/incident resolve", channel=ROOM)
    await roomy.forward(days=8)
    reply = await roomy.lee.types("/incident export 1")
    await roomy.settle()
    assert "comes into its thread as a file" in reply.text
    (shared,) = [file for file in roomy.slack.workspace.files if file.name == "incident-1.md"]
    assert shared.shares, "it is not lost in a channel that takes nothing any more"


async def test_what_is_reopened_after_its_room_was_archived_gets_another(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.kim.types("/incident resolve", channel=ROOM)
    await roomy.forward(days=8)
    await roomy.kim.types("/incident reopen 1")
    assert rooms(roomy) == [ROOM, f"{ROOM}-2"]
    cards = [card for card in roomy.cards() if card.channel == f"{ROOM}-2"]
    assert len(cards) == 1
    assert cards[0].labels[0] == "Acknowledge"
    assert notice(roomy).says(f"<#{room(roomy, f'{ROOM}-2').id}>")


async def test_a_room_that_somebody_archives_while_it_is_open_is_left(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    room(roomy).archived = True
    await roomy.kim.types("/incident update 1 still down")
    cards = [card for card in roomy.cards() if card.channel == OPS]
    assert len(cards) == 1
    assert any("The incident goes on here" in line for line in cards[0].loud)
    assert any("still down" in line for line in cards[0].thread)


async def test_an_early_archived_room_of_what_is_over_disturbs_nobody(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.kim.types("/incident resolve", channel=ROOM)
    room(roomy).archived = True
    await roomy.kim.types("/incident cancel 1")
    await roomy.forward(days=8)
    assert notice(roomy).says("Resolved") or notice(roomy).says("resolved")
    assert not notice(roomy).loud
    assert await roomy.waiting() == 0


async def test_a_drill_is_marked_in_its_rooms_name_and_topic(roomy: World) -> None:
    await roomy.kim.types("/incident drill p0 checkout is down")
    assert rooms(roomy) == [f"test-{ROOM}"]
    assert room(roomy, f"test-{ROOM}").topic.value.startswith("TEST P0 | ")


async def test_a_security_incidents_room_is_private_and_only_its_people_are_in_it(roomy: World) -> None:
    await roomy.sam.types("/incident p0 zebra token leaked", channel=SECURITY)
    name = "inc-1-security"
    assert rooms(roomy) == [name]
    assert room(roomy, name).private
    assert roomy.card().channel == name
    assert roomy.card().says("zebra token leaked")
    assert "sam" in names(roomy, room(roomy, name))
    assert "kim" not in names(roomy, room(roomy, name))
    assert notice(roomy, SECURITY).says("zebra token leaked")
    shown = await roomy.sam.types("/incident show", channel=name)
    assert "zebra token leaked" in shown.text
    elsewhere = [
        one for one in roomy.slack.messages if one.channel not in {room(roomy, name).id, "C0SECURE1"}
    ]
    assert not [one for one in elsewhere if "zebra" in str(one.to_json(metadata=True))]


async def test_what_is_declared_in_a_security_incidents_room_is_one_too(roomy: World) -> None:
    await roomy.sam.types("/incident p0 zebra token leaked", channel=SECURITY)
    await roomy.sam.types("/incident p1 giraffe token, too", channel="inc-1-security")
    assert roomy.card(2).channel == SECURITY
    assert not in_channel(roomy)


async def test_without_the_guides_word_there_is_no_room(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    assert world.card().channel == OPS
    assert not rooms(world)


async def test_many_at_once_all_get_their_rooms_and_slack_never_has_to_refuse(roomy: World) -> None:
    for number in range(1, 11):
        await roomy.kim.types(f"/incident p0 service {number} is down")
    await roomy.forward(minutes=10)
    assert len(rooms(roomy)) == 10
    for name in rooms(roomy):
        assert room(roomy, name).pins
        assert len(room(roomy, name).bookmarks) == 3
        assert room(roomy, name).topic.value
    assert await roomy.waiting() == 0


async def test_a_card_that_arrives_when_the_room_is_there_already_is_the_notice(roomy: World) -> None:
    roomy.slack.faults.add("status", "chat.postMessage", status=503, count=1)
    roomy.slack.faults.add("status", "conversations.create", status=503, count=1)
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.forward(minutes=1)
    assert roomy.card().channel == ROOM
    assert len(in_channel(roomy)) == 1


async def test_a_card_that_may_stand_where_nobody_knows_of_it_is_found_and_is_the_notice(
    roomy: World,
) -> None:
    roomy.slack.faults.add("cut", "chat.postMessage", count=1)
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.forward(minutes=1)
    assert roomy.card().channel == ROOM
    assert len(in_channel(roomy)) == 1
    assert notice(roomy).says(f"<#{room(roomy).id}>")


async def test_the_bot_dies_between_making_the_room_and_knowing_of_it(roomy: World) -> None:
    roomy.slack.faults.add("cut", "conversations.create", count=1)
    await roomy.kim.types("/incident p0 checkout is down")
    assert rooms(roomy) == [ROOM]
    assert roomy.card().channel == OPS
    await roomy.outage(minutes=2)
    await roomy.forward(minutes=1)
    assert rooms(roomy) == [ROOM]
    assert roomy.card().channel == ROOM


@pytest.mark.parametrize("verb", ["resolve", "cancel"])
async def test_what_is_over_before_its_room_was_made_gets_none(roomy: World, verb: str) -> None:
    roomy.slack.faults.add("status", "conversations.create", status=503, count=1)
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.kim.types(f"/incident {verb}")
    await roomy.forward(minutes=5)
    assert not rooms(roomy)
    assert roomy.card().channel == OPS


async def test_what_is_lowered_keeps_its_room(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    await roomy.kim.types("/incident sev p2", channel=ROOM)
    assert roomy.card().channel == ROOM
    assert room(roomy).topic.value.startswith("P2 | ")


async def test_on_either_database_an_incident_has_one_room(either_world: World) -> None:
    await either_world.stop()
    await either_world.start(with_rooms(Severity.P0))
    await either_world.kim.types("/incident p0 checkout is down")
    await either_world.ana.presses("Acknowledge")
    await either_world.forward(minutes=5)
    assert rooms(either_world) == [ROOM]
    assert room(either_world).topic.value == "P0 | acknowledged | ana leads"


async def test_rooms_may_be_private_and_never_archived_where_the_guide_says_so(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_rooms(Severity.P0, private=True, archive_after=None))
    await world.kim.types("/incident p0 checkout is down")
    assert room(world).private
    await world.kim.types("/incident resolve", channel=ROOM)
    await world.forward(days=30)
    assert not room(world).archived


async def test_a_guest_looks_at_the_room_and_changes_nothing(roomy: World) -> None:
    await roomy.kim.types("/incident p0 checkout is down")
    reply = await roomy.gus.types("/incident role 1 scribe")
    assert "Guests and people of other workspaces may look" in reply.text
    assert "gus" not in names(roomy, room(roomy))
