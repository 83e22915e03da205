from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.world import DEFAULT_SCOPES
from tests.support.slack import SteppedClock, slack_stand_in

ALERTS, SECURITY, GENERAL = "C0ALERTS1", "C0SECURE1", "C0GENERAL"
METADATA = {"event_type": "card", "event_payload": {"key": "incident/1"}}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*P0* checkout is down"}}
TITLE = {"type": "plain_text", "text": "Declare"}
MODAL = {"type": "modal", "title": TITLE, "blocks": [SECTION]}


@pytest.fixture
async def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def slack(clock: SteppedClock) -> AsyncIterator[SlackStandIn]:
    async with slack_stand_in(SlackStandIn(clock=clock)) as slack:
        yield slack


@pytest.fixture
async def client(slack: SlackStandIn) -> AsyncWebClient:
    return client_of(slack)


def client_of(slack: SlackStandIn, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(token or slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_auth_test_says_who_the_bot_is_and_which_scopes_it_has(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["user_id"], answer["bot_id"]) == ("U0OPSBOT1", "B0OPSBOT1")
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")


async def test_an_unknown_token_is_refused(slack: SlackStandIn) -> None:
    assert await refusal(client_of(slack, "xoxb-wrong").auth_test()) == "invalid_auth"


async def test_a_call_without_a_token_is_refused(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session, session.post(f"{slack.url}/api/auth.test") as answer:
        assert await answer.json() == {"ok": False, "error": "not_authed"}


async def test_the_token_may_stand_in_a_form(slack: SlackStandIn) -> None:
    form = {"token": slack.tokens.bot, "channel": ALERTS, "text": "hello", "blocks": "[]"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.url}/api/chat.postMessage", data=form) as answer,
    ):
        assert (await answer.json())["ok"]


async def test_an_app_level_token_posts_nothing(slack: SlackStandIn) -> None:
    app = client_of(slack, slack.tokens.app)
    assert await refusal(app.chat_postMessage(channel=ALERTS, text="hi")) == "not_allowed_token_type"


async def test_a_method_that_slack_does_not_have_is_unknown(client: AsyncWebClient) -> None:
    assert await refusal(client.api_call("chat.shout")) == "unknown_method"


async def test_a_missing_scope_is_named() -> None:
    slack = SlackStandIn(scopes=DEFAULT_SCOPES - {"chat:write"})
    async with slack_stand_in(slack):
        with pytest.raises(SlackApiError) as refused:
            await client_of(slack).chat_postMessage(channel=ALERTS, text="hi")
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "chat:write"


async def test_a_missing_argument_is_named(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("chat.postMessage", json={"text": "where?"})
    assert refused.value.response["error"] == "invalid_arguments"
    assert "missing required field: channel" in refused.value.response["response_metadata"]["messages"][0]


async def test_a_posted_message_is_in_the_history_with_block_ids(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=ALERTS, text="P0 checkout is down", blocks=[SECTION])
    history = await client.conversations_history(channel=ALERTS)
    [message] = history["messages"]
    assert message["ts"] == posted["ts"]
    assert message["bot_id"] == "B0OPSBOT1"
    assert message["blocks"][0]["block_id"]


async def test_timestamps_are_unique_and_increase_while_the_clock_stands(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel=ALERTS, text="tick"))["ts"] for _ in range(3)]
    assert stamps == ["1780000000.000000", "1780000000.000001", "1780000000.000002"]


async def test_metadata_is_told_only_where_asked_for(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=ALERTS, text="card", metadata=METADATA)
    without = await client.conversations_history(channel=ALERTS)
    with_it = await client.conversations_history(channel=ALERTS, include_all_metadata=True)
    assert "metadata" not in without["messages"][0]
    assert with_it["messages"][0]["metadata"] == METADATA


@pytest.mark.parametrize(
    ("metadata", "error"),
    [("no json", "invalid_metadata_format"), ({"event_type": 1}, "invalid_metadata_schema")],
)
async def test_metadata_without_its_two_fields_is_refused(
    client: AsyncWebClient, metadata: object, error: str
) -> None:
    call = client.api_call("chat.postMessage", json={"channel": ALERTS, "text": "x", "metadata": metadata})
    assert await refusal(call) == error


async def test_history_pages_from_the_newest_by_cursor(client: AsyncWebClient) -> None:
    for number in range(5):
        await client.chat_postMessage(channel=ALERTS, text=str(number))
    pages = [
        [message["text"] for message in page["messages"]]
        async for page in await client.conversations_history(channel=ALERTS, limit=2)
    ]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


async def test_history_lies_between_oldest_and_latest(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel=ALERTS, text=str(n)))["ts"] for n in range(4)]
    within = {"channel": ALERTS, "oldest": stamps[1], "latest": stamps[3]}
    between = await client.conversations_history(**within)
    inclusive = await client.conversations_history(**within, inclusive=True)
    assert [message["text"] for message in between["messages"]] == ["2"]
    assert [message["text"] for message in inclusive["messages"]] == ["3", "2", "1"]


async def test_replies_are_in_the_thread_and_not_in_the_history(client: AsyncWebClient) -> None:
    card = await client.chat_postMessage(channel=ALERTS, text="card")
    await client.chat_postMessage(channel=ALERTS, text="line", thread_ts=card["ts"])
    loud = {"thread_ts": card["ts"], "reply_broadcast": True}
    await client.chat_postMessage(channel=ALERTS, text="loud line", **loud)
    history = await client.conversations_history(channel=ALERTS)
    thread = await client.conversations_replies(channel=ALERTS, ts=card["ts"])
    assert [message["text"] for message in history["messages"]] == ["loud line", "card"]
    assert [message["text"] for message in thread["messages"]] == ["card", "line", "loud line"]
    assert thread["messages"][0]["reply_count"] == 2


async def test_a_thread_that_does_not_exist_is_not_found(client: AsyncWebClient) -> None:
    reply = client.chat_postMessage(channel=ALERTS, text="line", thread_ts="1.000001")
    assert await refusal(reply) == "thread_not_found"
    assert await refusal(client.conversations_replies(channel=ALERTS, ts="1.000001")) == "thread_not_found"


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C0NOWHERE", "channel_not_found"), (GENERAL, "not_in_channel"), ("C0OLD0001", "is_archived")],
)
async def test_some_channels_cannot_be_posted_in(
    slack: SlackStandIn, client: AsyncWebClient, channel: str, error: str
) -> None:
    old = slack.workspace.find_channel("leadership")
    old.archived = True
    slack.workspace.channels["C0OLD0001"] = old
    assert await refusal(client.chat_postMessage(channel=channel, text="hi")) == error


async def test_a_private_channel_without_the_bot_is_not_found(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    slack.workspace.find_channel("security-incidents").members.discard("U0OPSBOT1")
    assert await refusal(client.chat_postMessage(channel=SECURITY, text="hi")) == "channel_not_found"
    assert await refusal(client.conversations_info(channel=SECURITY)) == "channel_not_found"


async def test_a_message_to_a_user_opens_direct_messages(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="U0ANA0001", text="a word with you")
    assert posted["channel"].startswith("D")


async def test_an_empty_message_is_refused(client: AsyncWebClient) -> None:
    assert await refusal(client.api_call("chat.postMessage", json={"channel": ALERTS})) == "no_text"


async def test_an_endless_text_is_refused(client: AsyncWebClient) -> None:
    assert await refusal(client.chat_postMessage(channel=ALERTS, text="x" * 40_001)) == "msg_too_long"


async def test_an_update_with_blocks_replaces_in_place_without_a_mark(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=ALERTS, text="one", metadata=METADATA)
    updated = await client.chat_update(channel=ALERTS, ts=posted["ts"], text="two", blocks=[SECTION])
    [message] = slack.messages
    assert (message.text, message.edits, message.metadata) == ("two", 1, METADATA)
    assert "edited" not in updated["message"]


async def test_an_update_with_a_text_alone_takes_the_blocks_away(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=ALERTS, text="one", blocks=[SECTION])
    updated = await client.chat_update(channel=ALERTS, ts=posted["ts"], text="two")
    assert slack.messages[0].blocks == []
    assert updated["message"]["edited"]["user"] == "U0OPSBOT1"


async def test_updates_of_what_is_not_there_or_not_its_own_are_refused(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    said = slack.say("ana", "platform-alerts", "mine")
    missing = client.chat_update(channel=ALERTS, ts="1.000001", text="x")
    foreign = client.chat_update(channel=ALERTS, ts=said.ts, text="x")
    too_long = client.chat_update(channel=ALERTS, ts=said.ts, text="x" * 4_001)
    assert await refusal(missing) == "message_not_found"
    assert await refusal(foreign) == "cant_update_message"
    assert await refusal(too_long) == "cant_update_message"


async def test_an_update_holds_four_thousand_characters(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=ALERTS, text="one")
    update = client.chat_update(channel=ALERTS, ts=posted["ts"], text="x" * 4_001)
    assert await refusal(update) == "msg_too_long"


async def test_an_ephemeral_message_is_seen_by_one_user_only(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    await client.chat_postEphemeral(channel=ALERTS, user="U0ANA0001", text="only you")
    assert [message.text for message in slack.ephemerals("ana")] == ["only you"]
    assert slack.ephemerals("lee") == []
    assert slack.messages == []


async def test_a_deleted_message_is_gone(slack: SlackStandIn, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=ALERTS, text="oops")
    await client.chat_delete(channel=ALERTS, ts=posted["ts"])
    assert slack.messages == []
    assert await refusal(client.chat_delete(channel=ALERTS, ts=posted["ts"])) == "message_not_found"


async def test_a_permalink_leads_to_the_message(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=ALERTS, text="card")
    link = await client.chat_getPermalink(channel=ALERTS, message_ts=posted["ts"])
    assert link["permalink"] == "https://example-ops.slack.com/archives/C0ALERTS1/p1780000000000000"
    assert await refusal(client.chat_getPermalink(channel=ALERTS, message_ts="1.0")) == "message_not_found"


async def test_channels_are_listed_by_kind_and_page(client: AsyncWebClient) -> None:
    pages = [
        [channel["name"] for channel in page["channels"]]
        async for page in await client.conversations_list(types="public_channel,private_channel", limit=2)
    ]
    names = [name for page in pages for name in page]
    public = await client.conversations_list()
    assert len(pages) == 3
    assert "security-incidents" in names
    assert "security-incidents" not in {channel["name"] for channel in public["channels"]}


async def test_people_and_groups_are_told(client: AsyncWebClient) -> None:
    ana = await client.users_info(user="U0ANA0001")
    guest = await client.users_info(user="U0GUS0001")
    groups = await client.usergroups_list(include_users=True)
    assert ana["user"]["real_name"] == "Ana Ortiz"
    assert guest["user"]["is_restricted"]
    assert {group["handle"]: group["users"] for group in groups["usergroups"]}["oncall"] == ["U0ANA0001"]
    assert await refusal(client.users_info(user="U0NOBODY1")) == "user_not_found"
    assert len((await client.users_list())["members"]) == 8


async def test_a_trigger_opens_one_modal(slack: SlackStandIn, client: AsyncWebClient) -> None:
    trigger = slack.world.triggers.issue("U0ANA0001")
    opened = await client.views_open(trigger_id=trigger, view=MODAL)
    assert [view.id for view in slack.views("ana")] == [opened["view"]["id"]]
    assert await refusal(client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"


async def test_a_trigger_expires_after_three_seconds(
    slack: SlackStandIn, client: AsyncWebClient, clock: SteppedClock
) -> None:
    trigger = slack.world.triggers.issue("U0ANA0001")
    clock.forward(seconds=3.001)
    assert await refusal(client.views_open(trigger_id=trigger, view=MODAL)) == "expired_trigger_id"


async def test_a_made_up_trigger_is_refused(client: AsyncWebClient) -> None:
    assert await refusal(client.views_open(trigger_id="1.2.3", view=MODAL)) == "invalid_arguments"


async def test_a_modal_is_updated_unless_it_changed_meanwhile(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    trigger = slack.world.triggers.issue("U0ANA0001")
    view = (await client.views_open(trigger_id=trigger, view=MODAL))["view"]
    await client.views_update(view_id=view["id"], hash=view["hash"], view={**MODAL, "callback_id": "new"})
    again = client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)
    assert await refusal(again) == "hash_conflict"
    assert slack.views("ana")[0].given["callback_id"] == "new"
