from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import App, SlackStandIn
from tests.support.slack import RecordingBot
from tests.support.slack_told import (
    ALERTS,
    ANA,
    BOT,
    DIA,
    GENERAL,
    GUS,
    LEE,
    SAM,
    SECURE,
    client_of,
    installed,
    kinds,
    refusal,
    told,
)

LEADERS = "C0LEADER1"
ANAS = "D0ANA0001"
HIDDEN = "C0HIDDEN1"


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


async def make(client: AsyncWebClient, name: str = "inc-42-checkout", **more: Any) -> str:
    return str((await client.conversations_create(name=name, **more))["channel"]["id"])


async def notes(client: AsyncWebClient, channel: str) -> list[tuple[str, str]]:
    """Slack's own messages, oldest first: subtype and text."""
    messages = (await client.conversations_history(channel=channel))["messages"]
    return [(message["subtype"], message["text"]) for message in reversed(messages)]


def hide(slack: SlackStandIn) -> None:
    """Take the bot out of #security-incidents, which it then does not know of."""
    slack.workspace.channels[SECURE].members.discard(BOT)


async def test_a_channel_is_made_with_its_maker_in_it(client: AsyncWebClient) -> None:
    made = (await client.conversations_create(name="inc-42-checkout"))["channel"]
    assert (made["name"], made["creator"], made["is_member"], made["is_private"]) == (
        "inc-42-checkout",
        BOT,
        True,
        False,
    )
    assert await notes(client, made["id"]) == [("channel_join", f"<@{BOT}> has joined the channel")]
    assert (await client.conversations_members(channel=made["id"]))["members"] == [BOT]


async def test_a_private_channel_is_seen_by_its_members_only(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    channel = await make(client, "sec-42", is_private=True)
    public = await client.conversations_list()
    private = await client.conversations_list(types="private_channel")
    assert channel not in {found["id"] for found in public["channels"]}
    assert channel in {found["id"] for found in private["channels"]}
    assert not slack.workspace.sees(ANA, slack.workspace.channels[channel])


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("a" * 81, "invalid_name_maxlength"),
        ("Checkout", "invalid_name_specials"),
        ("checkout is down", "invalid_name_specials"),
        ("checkout.down", "invalid_name_specials"),
        ("---", "invalid_name_punctuation"),
        ("platform-alerts", "name_taken"),
        ("security-incidents", "name_taken"),
    ],
)
async def test_a_channels_name_follows_slacks_rules(client: AsyncWebClient, name: str, error: str) -> None:
    assert await refusal(client.conversations_create(name=name)) == error
    assert await refusal(client.conversations_rename(channel=LEADERS, name=name)) == error


async def test_a_name_of_80_lower_case_characters_is_taken(client: AsyncWebClient) -> None:
    assert await make(client, "inc_42-" + "ü" * 73)


async def test_people_are_invited_and_slack_says_so(client: AsyncWebClient) -> None:
    channel = await make(client)
    await client.conversations_invite(channel=channel, users=[ANA, LEE])
    members = (await client.conversations_members(channel=channel))["members"]
    joins = [text for subtype, text in await notes(client, channel) if subtype == "channel_join"]
    assert members == sorted([ANA, LEE, BOT])
    assert joins[1:] == [f"<@{ANA}> has joined the channel", f"<@{LEE}> has joined the channel"]


@pytest.mark.parametrize(
    ("user", "error"),
    [
        (ANA, "already_in_channel"),
        (BOT, "cant_invite_self"),
        ("U0NOBODY1", "user_not_found"),
        ("U0STRANGE", "cant_invite"),
        ("", "no_user"),
        (",".join([DIA] * 101), "invalid_arguments"),
    ],
)
async def test_some_people_cannot_be_invited(
    slack: SlackStandIn, client: AsyncWebClient, user: str, error: str
) -> None:
    stranger = slack.workspace.users[ANA]
    slack.workspace.users["U0STRANGE"] = type(stranger)(
        id="U0STRANGE", name="s", real_name="S", team_id="T0OTHER01", stranger=True
    )
    channel = await make(client)
    await client.conversations_invite(channel=channel, users=ANA)
    assert await refusal(client.conversations_invite(channel=channel, users=user)) == error


async def test_of_several_all_are_invited_or_none(client: AsyncWebClient) -> None:
    channel = await make(client)
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_invite(channel=channel, users=[ANA, "U0NOBODY1", BOT])
    assert refused.value.response["errors"] == [
        {"user": "U0NOBODY1", "ok": False, "error": "user_not_found"},
        {"user": BOT, "ok": False, "error": "cant_invite_self"},
    ]
    assert (await client.conversations_members(channel=channel))["members"] == [BOT]


async def test_with_force_those_are_invited_who_can_be(client: AsyncWebClient) -> None:
    channel = await make(client)
    answer = await client.conversations_invite(channel=channel, users=[ANA, "U0NOBODY1"], force=True)
    assert [error["user"] for error in answer["errors"]] == ["U0NOBODY1"]
    assert ANA in (await client.conversations_members(channel=channel))["members"]


async def test_the_bot_joins_a_public_channel(client: AsyncWebClient) -> None:
    joined = await client.conversations_join(channel=GENERAL)
    again = await client.conversations_join(channel=GENERAL)
    assert joined["channel"]["is_member"]
    assert again["warning"] == "already_in_channel"
    assert await notes(client, GENERAL) == [("channel_join", f"<@{BOT}> has joined the channel")]


async def test_the_bot_leaves_a_channel(client: AsyncWebClient) -> None:
    await client.conversations_leave(channel=ALERTS)
    again = await client.conversations_leave(channel=ALERTS)
    assert again["not_in_channel"]
    assert await refusal(client.conversations_history(channel=ALERTS)) == "not_in_channel"


async def test_nobody_leaves_general(client: AsyncWebClient) -> None:
    await client.conversations_join(channel=GENERAL)
    assert await refusal(client.conversations_leave(channel=GENERAL)) == "cant_leave_general"
    assert await refusal(client.conversations_kick(channel=GENERAL, user=ANA)) == "cant_kick_from_general"
    assert await refusal(client.conversations_archive(channel=GENERAL)) == "cant_archive_general"
    assert await refusal(client.conversations_rename(channel=GENERAL, name="all")) == "not_authorized"


async def test_the_last_member_of_a_private_channel_stays(client: AsyncWebClient) -> None:
    channel = await make(client, "sec-42", is_private=True)
    assert await refusal(client.conversations_leave(channel=channel)) == "last_member"


async def test_somebody_is_taken_out(client: AsyncWebClient) -> None:
    await client.conversations_kick(channel=ALERTS, user=GUS)
    assert GUS not in (await client.conversations_members(channel=ALERTS))["members"]
    assert await notes(client, ALERTS) == [
        ("channel_leave", f"<@{GUS}> was removed from the channel by <@{BOT}>")
    ]


@pytest.mark.parametrize(
    ("user", "error"),
    [(BOT, "cant_kick_self"), ("U0NOBODY1", "user_not_found"), (ANA, "not_in_channel")],
)
async def test_some_cannot_be_taken_out(client: AsyncWebClient, user: str, error: str) -> None:
    assert await refusal(client.conversations_kick(channel=LEADERS, user=user)) == error


async def test_topic_and_purpose_are_set_and_told(client: AsyncWebClient) -> None:
    topic = await client.conversations_setTopic(channel=ALERTS, topic="P0 #42 · triggered")
    await client.conversations_setPurpose(channel=ALERTS, purpose="Where incidents are declared")
    channel = (await client.conversations_info(channel=ALERTS))["channel"]
    assert topic["channel"]["topic"]["value"] == "P0 #42 · triggered"
    assert channel["topic"] == {"value": "P0 #42 · triggered", "creator": BOT, "last_set": 1_780_000_000}
    assert channel["purpose"]["value"] == "Where incidents are declared"
    assert await notes(client, ALERTS) == [
        ("channel_topic", f"<@{BOT}> set the channel topic: P0 #42 · triggered"),
        ("channel_purpose", f"<@{BOT}> set the channel description: Where incidents are declared"),
    ]


async def test_a_topic_that_stays_the_same_is_not_told_again(client: AsyncWebClient) -> None:
    await client.conversations_setTopic(channel=ALERTS, topic="P0 #42")
    await client.conversations_setTopic(channel=ALERTS, topic="P0 #42")
    await client.conversations_setTopic(channel=ALERTS, topic="")
    assert await notes(client, ALERTS) == [
        ("channel_topic", f"<@{BOT}> set the channel topic: P0 #42"),
        ("channel_topic", f"<@{BOT}> cleared the channel topic"),
    ]


async def test_topic_and_purpose_have_250_characters(client: AsyncWebClient) -> None:
    await client.conversations_setTopic(channel=ALERTS, topic="t" * 250)
    assert await refusal(client.conversations_setTopic(channel=ALERTS, topic="t" * 251)) == "too_long"
    assert await refusal(client.conversations_setPurpose(channel=ALERTS, purpose="t" * 251)) == "too_long"


async def test_a_topic_must_be_given(client: AsyncWebClient) -> None:
    call = client.api_call("conversations.setTopic", json={"channel": ALERTS})
    assert await refusal(call) == "invalid_arguments"


async def test_a_channel_is_renamed_and_told(client: AsyncWebClient) -> None:
    channel = await make(client)
    renamed = await client.conversations_rename(channel=channel, name="inc-42-payment")
    history = await client.conversations_history(channel=channel, limit=1)
    note = history["messages"][0]
    assert renamed["channel"]["name"] == "inc-42-payment"
    assert (note["subtype"], note["old_name"], note["name"]) == (
        "channel_name",
        "inc-42-checkout",
        "inc-42-payment",
    )


async def test_an_archived_channel_takes_nothing_new(client: AsyncWebClient) -> None:
    channel = await make(client)
    await client.conversations_archive(channel=channel)
    listed = await client.conversations_list(exclude_archived=True)
    assert (await client.conversations_info(channel=channel))["channel"]["is_archived"]
    assert (await notes(client, channel))[-1][0] == "channel_archive"
    assert channel not in {found["id"] for found in listed["channels"]}
    for call in (
        client.conversations_archive(channel=channel),
        client.conversations_invite(channel=channel, users=ANA),
        client.conversations_join(channel=channel),
        client.conversations_leave(channel=channel),
        client.conversations_kick(channel=channel, user=ANA),
        client.conversations_setTopic(channel=channel, topic="t"),
        client.conversations_rename(channel=channel, name="other"),
        client.chat_postMessage(channel=channel, text="card"),
    ):
        assert await refusal(call) in {"is_archived", "already_archived"}


async def test_an_archived_channel_is_opened_again(client: AsyncWebClient) -> None:
    channel = await make(client)
    assert await refusal(client.conversations_unarchive(channel=channel)) == "not_archived"
    await client.conversations_archive(channel=channel)
    await client.conversations_unarchive(channel=channel)
    assert not (await client.conversations_info(channel=channel))["channel"]["is_archived"]
    assert (await client.chat_postMessage(channel=channel, text="card"))["ok"]


async def test_a_channel_in_which_the_bot_is_not_is_left_alone(client: AsyncWebClient) -> None:
    for call in (
        client.conversations_invite(channel=GENERAL, users=ANA),
        client.conversations_kick(channel=GENERAL, user=ANA),
        client.conversations_setTopic(channel=GENERAL, topic="t"),
        client.conversations_setPurpose(channel=GENERAL, purpose="p"),
        client.conversations_rename(channel=GENERAL, name="all"),
        client.conversations_archive(channel=GENERAL),
        client.conversations_history(channel=GENERAL),
    ):
        assert await refusal(call) == "not_in_channel"


async def test_a_private_channel_is_unknown_to_those_outside(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    hide(slack)
    for call in (
        client.conversations_info(channel=SECURE),
        client.conversations_members(channel=SECURE),
        client.conversations_history(channel=SECURE),
        client.conversations_join(channel=SECURE),
        client.conversations_invite(channel=SECURE, users=ANA),
        client.chat_postMessage(channel=SECURE, text="card"),
    ):
        assert await refusal(call) == "channel_not_found"
    listed = await client.conversations_list(types="private_channel")
    assert listed["channels"] == []


async def test_a_channel_that_is_not_there_is_not_found(client: AsyncWebClient) -> None:
    assert await refusal(client.conversations_archive(channel="C0NOWHERE")) == "channel_not_found"


async def test_direct_messages_are_no_channel_to_change(client: AsyncWebClient) -> None:
    for call in (
        client.conversations_join(channel=ANAS),
        client.conversations_leave(channel=ANAS),
        client.conversations_invite(channel=ANAS, users=LEE),
        client.conversations_kick(channel=ANAS, user=ANA),
        client.conversations_setTopic(channel=ANAS, topic="t"),
        client.conversations_rename(channel=ANAS, name="other"),
        client.conversations_archive(channel=ANAS),
    ):
        assert await refusal(call) == "method_not_supported_for_channel_type"


async def test_a_private_channel_cannot_be_joined(client: AsyncWebClient) -> None:
    assert await refusal(client.conversations_join(channel=SECURE)) == "method_not_supported_for_channel_type"


async def test_members_are_told_by_page(client: AsyncWebClient) -> None:
    pages = [page["members"] async for page in await client.conversations_members(channel=ALERTS, limit=3)]
    assert [len(members) for members in pages] == [3, 3, 1]
    assert SAM in {member for members in pages for member in members}


async def test_the_number_of_members_is_told_where_asked_for(client: AsyncWebClient) -> None:
    plain = await client.conversations_info(channel=ALERTS)
    counted = await client.conversations_info(channel=ALERTS, include_num_members=True)
    assert "num_members" not in plain["channel"]
    assert counted["channel"]["num_members"] == 7


async def test_each_kind_of_channel_has_its_own_scopes(bot: RecordingBot) -> None:
    public_only = App(scopes=frozenset({"channels:manage", "channels:read", "channels:history"}))
    async with installed(public_only, bot) as slack:
        client = client_of(slack)
        channel = await make(client)
        for call in (
            client.conversations_create(name="sec-42", is_private=True),
            client.conversations_setTopic(channel=SECURE, topic="t"),
            client.conversations_history(channel=SECURE),
            client.conversations_list(types="private_channel"),
            client.conversations_members(channel=SECURE),
            client.conversations_join(channel=channel),
            client.conversations_open(users=ANA),
        ):
            assert await refusal(call) == "missing_scope"


async def test_one_person_is_written_to_directly(slack: SlackStandIn, client: AsyncWebClient) -> None:
    opened = await client.conversations_open(users=ANA)
    posted = await client.chat_postMessage(channel=ANA, text="You are on call.")
    whole = await client.conversations_open(users=[ANA], return_im=True)
    assert opened["channel"] == {"id": ANAS}
    assert posted["channel"] == ANAS
    assert (whole["channel"]["is_im"], whole["channel"]["user"], whole["already_open"]) == (True, ANA, True)
    assert [message.text for message in slack.messages_in(ANAS)] == ["You are on call."]


async def test_several_people_are_written_to_directly(slack: SlackStandIn, client: AsyncWebClient) -> None:
    opened = (await client.conversations_open(users=[ANA, LEE], return_im=True))["channel"]
    again = await client.conversations_open(users=[LEE, ANA])
    assert opened["is_mpim"]
    assert opened["name"] == "mpdm-ana--lee--opsbot-1"
    assert (again["channel"]["id"], again["already_open"]) == (opened["id"], True)
    assert slack.workspace.sees(LEE, slack.workspace.channels[opened["id"]])
    assert not slack.workspace.sees(DIA, slack.workspace.channels[opened["id"]])
    assert (await client.conversations_open(channel=opened["id"]))["no_op"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "users_list_not_supplied"),
        ({"users": "U0NOBODY1"}, "user_not_found"),
        ({"users": BOT}, "not_enough_users"),
        ({"users": "USLACKBOT"}, "invalid_user_combination"),
        ({"users": GUS}, "user_disabled"),
        ({"users": f"{ANA},{DIA}", "prevent_creation": True}, "channel_not_found"),
        ({"channel": ALERTS}, "method_not_supported_for_channel_type"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
    ],
)
async def test_some_direct_messages_cannot_be_opened(
    slack: SlackStandIn, client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    slack.workspace.users[GUS].deleted = True
    assert await refusal(client.api_call("conversations.open", json=arguments)) == error


async def test_the_app_hears_what_befalls_a_channel(
    slack: SlackStandIn, client: AsyncWebClient, bot: RecordingBot
) -> None:
    channel = await make(client)
    await client.conversations_invite(channel=channel, users=ANA)
    await client.conversations_setTopic(channel=channel, topic="t")
    await client.conversations_rename(channel=channel, name="other")
    await client.conversations_kick(channel=channel, user=ANA)
    await client.conversations_archive(channel=channel)
    assert kinds(await told(slack, bot)) == [
        "channel_created",
        "channel_join",
        "member_joined_channel",
        "channel_join",
        "member_joined_channel",
        "channel_topic",
        "channel_name",
        "channel_rename",
        "channel_leave",
        "member_left_channel",
        "channel_archive",
        "channel_archive",
    ]


async def test_the_app_hears_who_came_by_whom(
    slack: SlackStandIn, client: AsyncWebClient, bot: RecordingBot
) -> None:
    await client.conversations_invite(channel=LEADERS, users=ANA)
    joined = next(event for event in await told(slack, bot) if event["type"] == "member_joined_channel")
    assert (joined["user"], joined["inviter"], joined["channel"]) == (ANA, BOT, LEADERS)
    assert (joined["channel_type"], joined["team"]) == ("C", "T0OPS0001")


async def test_the_app_hears_that_it_left_itself(
    slack: SlackStandIn, client: AsyncWebClient, bot: RecordingBot
) -> None:
    await client.conversations_leave(channel=ALERTS)
    assert (await told(slack, bot))[-1]["type"] == "channel_left"


async def test_a_private_channels_news_are_those_of_a_group(
    slack: SlackStandIn, client: AsyncWebClient, bot: RecordingBot
) -> None:
    channel = await make(client, "sec-42", is_private=True)
    await client.conversations_archive(channel=channel)
    events = await told(slack, bot)
    assert kinds(events) == ["group_join", "member_joined_channel", "group_archive", "group_archive"]
    assert events[0]["channel_type"] == "group"


async def test_a_change_of_a_channel_is_in_the_feed(slack: SlackStandIn, client: AsyncWebClient) -> None:
    channel = await make(client)
    await client.conversations_setTopic(channel=channel, topic="P0 #42")
    changes = [change.data for change in slack.world.feed.since(0) if change.kind == "channel"]
    assert [change["id"] for change in changes] == [channel, channel]
    assert changes[-1]["topic"]["value"] == "P0 #42"
    assert changes[-1]["members"] == [BOT]
