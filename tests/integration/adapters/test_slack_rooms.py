"""Channels of incidents' own, against the stand-in, which enforces scopes, names and who is in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.rooms import SlackRooms
from bot.domain.card import MessageRef
from bot.domain.guide import Mention
from bot.ports.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.rooms import RoomGoneError
from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.people import Channel
from tests.support.cards import DECLARED
from tests.support.harness import the_app
from tests.support.slack import SteppedClock, slack_stand_in

NAME = "inc-42-checkout-is-down"
ANA, LEE, KIM = "U0ANA0001", "U0LEE0001", "U0KIM0001"


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    clock = SteppedClock(int(DECLARED.timestamp() * 1000))
    async with slack_stand_in(SlackStandIn(app=the_app(), clock=clock)) as served:
        yield served


@pytest.fixture
async def rooms(slack: SlackStandIn) -> AsyncIterator[SlackRooms]:
    connection = SlackConnection(token=slack.tokens.bot, base_url=f"{slack.url}/api/")
    known = {"S0ONCALL1": {ANA}}
    bot = slack.world.identity.bot_user
    yield SlackRooms(connection, bot_user=lambda: bot, members=known.get)
    await connection.aclose()


async def made(rooms: SlackRooms, *, uncertain: bool = False, private: bool = False) -> str:
    return (await rooms.create(NAME, private=private, since=DECLARED, uncertain=uncertain)).id


def channel(slack: SlackStandIn, room: str) -> Channel:
    return slack.workspace.channels[room]


@pytest.mark.parametrize("private", [False, True])
async def test_a_room_that_an_unheard_try_has_made_is_taken(
    rooms: SlackRooms, slack: SlackStandIn, private: bool
) -> None:
    slack.faults.add("cut", "conversations.create", count=1)
    with pytest.raises(UnknownOutcome):
        await made(rooms, private=private)
    found = await made(rooms, private=private, uncertain=True)
    assert [one.name for one in slack.workspace.channels.values() if one.name.startswith("inc-")] == [NAME]
    assert channel(slack, found).private is private


async def test_a_room_of_an_earlier_incident_with_this_number_is_not_taken(
    rooms: SlackRooms, slack: SlackStandIn
) -> None:
    older = channel(slack, await made(rooms))
    older.created -= round(timedelta(days=1).total_seconds())
    assert channel(slack, await made(rooms, uncertain=True)).name == f"{NAME}-2"


async def test_a_room_that_somebody_else_made_is_not_taken(rooms: SlackRooms, slack: SlackStandIn) -> None:
    channel(slack, await made(rooms)).creator = KIM
    assert channel(slack, await made(rooms, uncertain=True)).name == f"{NAME}-2"


async def test_everybody_who_can_come_is_invited_whoever_cannot(
    rooms: SlackRooms, slack: SlackStandIn
) -> None:
    room = await made(rooms)
    slack.workspace.users[LEE].deleted = True
    await rooms.invite(room, Mention(people=(KIM, LEE), groups=("S0ONCALL1", "S0GONE001")))
    assert channel(slack, room).members >= {KIM, ANA}
    await rooms.invite(room, Mention(people=(KIM,)))


async def test_a_group_that_is_not_known_yet_is_asked_for(rooms: SlackRooms, slack: SlackStandIn) -> None:
    room = await made(rooms)
    await rooms.invite(room, Mention(groups=("S0LEADS01",)))
    assert LEE in channel(slack, room).members


async def test_a_bookmark_that_was_cut_is_not_put_there_twice(rooms: SlackRooms, slack: SlackStandIn) -> None:
    room = await made(rooms)
    slack.faults.add("cut", "bookmarks.add", count=1)
    with pytest.raises(UnknownOutcome):
        await rooms.bookmark(room, "Runbook", "https://wiki.example.com/a.md", uncertain=False)
    await rooms.bookmark(room, "Runbook", "https://wiki.example.com/a.md", uncertain=True)
    assert len(channel(slack, room).bookmarks) == 1


async def test_a_topic_makes_no_mentions(rooms: SlackRooms, slack: SlackStandIn) -> None:
    room = await made(rooms)
    await rooms.set_topic(room, "P0 | acknowledged | <!channel> leads")
    assert "<!channel>" not in channel(slack, room).topic.value


async def test_what_is_archived_already_needs_no_archiving_and_takes_nothing_new(
    rooms: SlackRooms, slack: SlackStandIn
) -> None:
    room = await made(rooms)
    await rooms.archive(room)
    await rooms.archive(room)
    assert channel(slack, room).archived
    with pytest.raises(RoomGoneError):
        await rooms.set_topic(room, "P0")
    with pytest.raises(RoomGoneError):
        await rooms.pin(MessageRef(channel=room, ts="1.000001"))


async def test_a_missing_scope_is_told_at_once(rooms: SlackRooms, slack: SlackStandIn) -> None:
    slack.faults.add("error", "conversations.create", error="missing_scope")
    with pytest.raises(PermanentFailure, match="lacks the scope"):
        await made(rooms)


async def test_a_rate_limit_holds_its_own_method_only(rooms: SlackRooms, slack: SlackStandIn) -> None:
    slack.faults.add("ratelimited", "conversations.create", retry_after=7)
    with pytest.raises(TemporaryFailure) as limited:
        await made(rooms)
    assert limited.value.lane == "slack/conversations.create"
    assert limited.value.retry_after == timedelta(seconds=7)
