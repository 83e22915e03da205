from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import App, SlackError, SlackStandIn
from tests.support.slack import RecordingBot
from tests.support.slack_told import (
    ALERTS,
    ANA,
    BOT,
    GENERAL,
    GUS,
    LEE,
    SECURE,
    client_of,
    installed,
    kinds,
    refusal,
    told,
)

ANAS = "D0ANA0001"


@pytest.fixture
async def bot() -> RecordingBot:
    return RecordingBot()


@pytest.fixture
async def slack(bot: RecordingBot) -> AsyncIterator[SlackStandIn]:
    async with installed(App(), bot) as slack:
        yield slack


@pytest.fixture
async def client(slack: SlackStandIn) -> AsyncWebClient:
    return client_of(slack)


async def test_people_are_told_by_page(client: AsyncWebClient) -> None:
    pages = [page["members"] async for page in await client.users_list(limit=3)]
    assert [len(members) for members in pages] == [3, 3, 2]
    assert "lee" in {user["name"] for members in pages for user in members}


async def test_a_person_is_found_by_address(client: AsyncWebClient) -> None:
    found = await client.users_lookupByEmail(email="Ana.Ortiz@Example.com")
    assert (found["user"]["id"], found["user"]["profile"]["email"]) == (ANA, "ana.ortiz@example.com")
    assert await refusal(client.users_lookupByEmail(email="nobody@example.com")) == "users_not_found"


async def test_addresses_are_told_only_where_the_token_may_know_them(bot: RecordingBot) -> None:
    async with installed(App(scopes=frozenset({"users:read"})), bot) as slack:
        client = client_of(slack)
        assert "email" not in (await client.users_info(user=ANA))["user"]["profile"]
        assert await refusal(client.users_lookupByEmail(email="ana.ortiz@example.com")) == "missing_scope"


async def test_a_persons_channels_are_those_that_the_bot_knows_of(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    slack.workspace.channels[SECURE].members = {ANA}
    anas = await client.users_conversations(user=ANA, types="public_channel,private_channel")
    own = await client.users_conversations(types="public_channel,private_channel")
    assert {channel["name"] for channel in anas["channels"]} == {
        "general",
        "platform-alerts",
        "platform-team",
    }
    assert GENERAL not in {channel["id"] for channel in own["channels"]}
    assert await refusal(client.users_conversations(user="U0NOBODY1")) == "user_not_found"


async def test_a_groups_people_are_told(client: AsyncWebClient) -> None:
    assert (await client.usergroups_users_list(usergroup="S0ONCALL1"))["users"] == [ANA]
    assert await refusal(client.usergroups_users_list(usergroup="S0NOBODY1")) == "no_such_subteam"


async def test_groups_are_counted_where_asked_for(client: AsyncWebClient) -> None:
    plain = (await client.usergroups_list())["usergroups"][0]
    counted = (await client.usergroups_list(include_count=True))["usergroups"][0]
    assert "user_count" not in plain
    assert "users" not in plain
    assert counted["user_count"] == 1


async def test_team_and_bot_are_told(client: AsyncWebClient) -> None:
    assert (await client.team_info())["team"]["domain"] == "example-ops"
    assert (await client.bots_info(bot="B0OPSBOT1"))["bot"]["user_id"] == BOT
    assert await refusal(client.team_info(team="T0OTHER01")) == "team_not_found"
    assert await refusal(client.bots_info(bot="B0OTHER01")) == "bot_not_found"


async def test_a_direct_message_is_told_to_the_bot(slack: SlackStandIn, bot: RecordingBot) -> None:
    slack.say("ana", ANAS, "who is on call?")
    [event] = await told(slack, bot)
    assert (event["type"], event["channel_type"], event["channel"]) == ("message", "im", ANAS)
    assert (event["user"], event["text"]) == (ANA, "who is on call?")


async def test_what_is_said_in_a_channel_is_told_where_the_bot_is(
    slack: SlackStandIn, bot: RecordingBot
) -> None:
    slack.say("ana", "general", "lunch?")
    slack.say("ana", "platform-alerts", "checkout is slow")
    slack.say("sam", "security-incidents", "leaked key")
    events = await told(slack, bot)
    assert [(event["channel_type"], event["text"]) for event in events] == [
        ("channel", "checkout is slow"),
        ("group", "leaked key"),
    ]


async def test_the_bots_own_messages_are_told_too(
    slack: SlackStandIn, client: AsyncWebClient, bot: RecordingBot
) -> None:
    await client.chat_postMessage(channel=ALERTS, text="card")
    [event] = await told(slack, bot)
    assert (event["bot_id"], event["user"]) == ("B0OPSBOT1", BOT)


async def test_a_mention_is_told_beside_the_message(slack: SlackStandIn, bot: RecordingBot) -> None:
    slack.say("ana", "platform-alerts", f"<@{BOT}> ack")
    assert sorted(kinds(await told(slack, bot))) == ["app_mention", "message"]


async def test_a_mention_in_a_direct_message_is_a_message(slack: SlackStandIn, bot: RecordingBot) -> None:
    slack.say("ana", ANAS, f"<@{BOT}> ack")
    assert kinds(await told(slack, bot)) == ["message"]
    with pytest.raises(ValueError, match="is not told of mentions here"):
        await slack.mention("ana", ANAS, "ack")


async def test_whoever_mentions_the_bot_where_it_is_not_is_told_so(
    slack: SlackStandIn, bot: RecordingBot
) -> None:
    slack.say("ana", "general", f"<@{BOT}> ack")
    assert await told(slack, bot) == []
    assert slack.ephemerals("ana")[0].text == f"You mentioned <@{BOT}>, but they're not in this channel."


async def test_a_reply_in_a_thread_says_which(slack: SlackStandIn, bot: RecordingBot) -> None:
    first = slack.say("ana", "platform-alerts", "checkout is slow")
    slack.say("lee", "platform-alerts", "looking", thread_ts=first.ts, broadcast=True)
    reply = (await told(slack, bot))[-1]
    assert (reply["thread_ts"], reply["subtype"]) == (first.ts, "thread_broadcast")


async def test_an_edit_carries_both_messages(slack: SlackStandIn, bot: RecordingBot) -> None:
    said = slack.say("ana", "platform-alerts", "chekout is down")
    slack.edit("ana", "platform-alerts", said.ts, "checkout is down")
    event = (await told(slack, bot))[-1]
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert event["message"]["text"] == "checkout is down"
    assert event["message"]["edited"]["user"] == ANA
    assert event["previous_message"]["text"] == "chekout is down"


async def test_a_deletion_carries_what_was_said(slack: SlackStandIn, bot: RecordingBot) -> None:
    said = slack.say("ana", "platform-alerts", "oops")
    slack.delete("ana", "platform-alerts", said.ts)
    event = (await told(slack, bot))[-1]
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", said.ts)
    assert event["previous_message"]["text"] == "oops"
    assert slack.messages == []


async def test_a_thread_keeps_a_tombstone_at_its_head(
    slack: SlackStandIn, client: AsyncWebClient, bot: RecordingBot
) -> None:
    said = slack.say("ana", "platform-alerts", "oops")
    slack.say("lee", "platform-alerts", "what?", thread_ts=said.ts)
    slack.delete("ana", "platform-alerts", said.ts)
    head, reply = (await client.conversations_replies(channel=ALERTS, ts=said.ts))["messages"]
    assert (head["subtype"], head["text"], reply["text"]) == (
        "tombstone",
        "This message was deleted.",
        "what?",
    )


async def test_other_peoples_messages_stay_as_they_are(slack: SlackStandIn) -> None:
    said = slack.say("ana", "platform-alerts", "mine")
    with pytest.raises(SlackError, match="cant_update_message"):
        slack.edit("lee", "platform-alerts", said.ts, "yours")
    with pytest.raises(SlackError, match="cant_delete_message"):
        slack.delete("lee", "platform-alerts", said.ts)


async def test_an_administrator_deletes_any_message(slack: SlackStandIn) -> None:
    said = slack.say("ana", "platform-alerts", "mine")
    slack.workspace.users[LEE].admin = True
    slack.delete("lee", "platform-alerts", said.ts)
    assert slack.messages == []


async def test_a_reaction_is_told_and_shown(
    slack: SlackStandIn, client: AsyncWebClient, bot: RecordingBot
) -> None:
    said = slack.say("ana", "platform-alerts", "checkout is down")
    slack.react("lee", "platform-alerts", said.ts, "eyes")
    shown = (await client.conversations_history(channel=ALERTS))["messages"][0]
    slack.react("lee", "platform-alerts", said.ts, "eyes", remove=True)
    _, added, removed = await told(slack, bot)
    assert shown["reactions"] == [{"name": "eyes", "users": [LEE], "count": 1}]
    assert said.reactions == {}
    assert (added["type"], added["reaction"], added["user"], added["item_user"]) == (
        "reaction_added",
        "eyes",
        LEE,
        ANA,
    )
    assert added["item"] == {"type": "message", "channel": ALERTS, "ts": said.ts}
    assert removed["type"] == "reaction_removed"


async def test_a_pin_is_told_and_shown(
    slack: SlackStandIn, client: AsyncWebClient, bot: RecordingBot
) -> None:
    said = slack.say("ana", "platform-alerts", "checkout is down")
    slack.pin("lee", "platform-alerts", said.ts)
    history = await client.conversations_history(channel=ALERTS)
    slack.pin("lee", "platform-alerts", said.ts, remove=True)
    events = await told(slack, bot)
    assert history["pin_count"] == 1
    assert history["messages"][1]["pinned_to"] == [ALERTS]
    assert kinds(events) == ["message", "pin_added", "pinned_item", "pin_removed"]
    assert (events[1]["channel_id"], events[1]["item"]["message"]["ts"]) == (ALERTS, said.ts)
    assert (events[3]["has_pins"], events[3]["pin_count"]) == (False, 0)


async def test_what_was_done_twice_is_refused(slack: SlackStandIn) -> None:
    said = slack.say("ana", "platform-alerts", "checkout is down")
    slack.react("ana", "platform-alerts", said.ts, "eyes")
    slack.pin("ana", "platform-alerts", said.ts)
    with pytest.raises(SlackError, match="already_reacted"):
        slack.react("ana", "platform-alerts", said.ts, "eyes")
    with pytest.raises(SlackError, match="no_reaction"):
        slack.react("lee", "platform-alerts", said.ts, "eyes", remove=True)
    with pytest.raises(SlackError, match="invalid_name"):
        slack.react("ana", "platform-alerts", said.ts, "two eyes")
    with pytest.raises(SlackError, match="already_pinned"):
        slack.pin("lee", "platform-alerts", said.ts)


async def test_somebody_joins_and_leaves(slack: SlackStandIn, bot: RecordingBot) -> None:
    slack.join("ana", "leadership")
    slack.leave("ana", "leadership")
    assert kinds(await told(slack, bot)) == [
        "channel_join",
        "member_joined_channel",
        "channel_leave",
        "member_left_channel",
    ]


async def test_joining_where_one_is_already_changes_nothing(slack: SlackStandIn, bot: RecordingBot) -> None:
    slack.join("ana", "platform-alerts")
    assert await told(slack, bot) == []


async def test_one_writes_and_acts_only_where_one_is(slack: SlackStandIn) -> None:
    with pytest.raises(SlackError, match="not_in_channel"):
        slack.say("ana", "leadership", "hello")
    with pytest.raises(SlackError, match="not_in_channel"):
        await slack.command("ana", "leadership", "/incident")


async def test_a_private_channel_is_not_there_for_others(slack: SlackStandIn) -> None:
    with pytest.raises(SlackError, match="channel_not_found"):
        slack.join("ana", "security-incidents")
    with pytest.raises(SlackError, match="channel_not_found"):
        slack.say("lee", ANAS, "hello")


async def test_a_guest_sees_only_their_own_channels(slack: SlackStandIn) -> None:
    with pytest.raises(SlackError, match="channel_not_found"):
        slack.join("gus", "platform-team")
    assert slack.workspace.sees(GUS, slack.workspace.channels[ALERTS])


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_nothing_is_no_message(slack: SlackStandIn, text: str) -> None:
    with pytest.raises(SlackError, match="no_text"):
        slack.say("ana", "platform-alerts", text)


async def control(slack: SlackStandIn, path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.url}/control/{path}", json=body) as response,
    ):
        answer: dict[str, Any] = await response.json()
        assert response.status == 200, answer
        return answer


async def test_everything_has_a_route(slack: SlackStandIn, bot: RecordingBot) -> None:
    here = {"user": "ana", "channel": "platform-alerts"}
    said = (await control(slack, "say", {**here, "text": "chekout"}))["message"]
    at = {**here, "ts": said["ts"]}
    assert (await control(slack, "edit", {**at, "text": "checkout"}))["message"]["text"] == "checkout"
    assert (await control(slack, "react", {**at, "name": ":eyes:"}))["message"]["reactions"]
    assert (
        "reactions" not in (await control(slack, "react", {**at, "name": "eyes", "remove": True}))["message"]
    )
    assert (await control(slack, "pin", at))["message"]["pinned_to"] == [ALERTS]
    assert "pinned_to" not in (await control(slack, "pin", {**at, "remove": True}))["message"]
    await control(slack, "delete", at)
    joined = await control(slack, "join", {"user": "ana", "channel": "leadership"})
    left = await control(slack, "leave", {"user": "ana", "channel": "leadership"})
    assert ANA in joined["channel"]["members"]
    assert ANA not in left["channel"]["members"]
    assert len(await told(slack, bot)) == 12


async def state(slack: SlackStandIn, user: str) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.url}/control/state?user={user}") as response,
    ):
        found: dict[str, Any] = await response.json()
        return found


async def test_everybody_sees_their_own_direct_messages_with_the_bot(slack: SlackStandIn) -> None:
    direct = [channel for channel in (await state(slack, "ana"))["channels"] if channel["is_im"]]
    assert [(channel["id"], channel["user"]) for channel in direct] == [(ANAS, ANA)]
    assert direct[0]["members"] == sorted([ANA, BOT])


async def test_the_state_has_what_channels_and_messages_carry(slack: SlackStandIn) -> None:
    said = slack.say("ana", "platform-alerts", "checkout is down")
    slack.react("lee", "platform-alerts", said.ts, "eyes")
    slack.pin("lee", "platform-alerts", said.ts)
    channels = {channel["id"]: channel for channel in (await state(slack, "ana"))["channels"]}
    alerts = channels[ALERTS]
    assert alerts["pins"] == [said.ts]
    assert alerts["bookmarks"] == []
    assert (alerts["topic"]["value"], alerts["purpose"]["value"], alerts["is_archived"]) == ("", "", False)
    assert alerts["messages"][0]["reactions"] == [{"name": "eyes", "users": [LEE], "count": 1}]


async def test_a_guests_state_has_only_their_channels(slack: SlackStandIn) -> None:
    names = {channel["name"] for channel in (await state(slack, "gus"))["channels"]}
    assert names == {"general", "platform-alerts", "dm-U0GUS0001"}
