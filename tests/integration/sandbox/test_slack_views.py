"""Modals, the Home tab, and where chat.* may post."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.manifest import App
from tests.support.slack import RecordingBot, SteppedClock, serving, slack_stand_in

ANA, ALERTS, GENERAL = "U0ANA0001", "C0ALERTS1", "C0GENERAL"
BUTTON = {"type": "button", "action_id": "refresh", "text": {"type": "plain_text", "text": "Refresh"}}
BLOCKS = [{"type": "actions", "elements": [BUTTON]}]
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Declare"}, "blocks": BLOCKS}
HOME = {"type": "home", "blocks": BLOCKS}


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with slack_stand_in(SlackStandIn(app=App(), clock=SteppedClock())) as slack:
        yield slack


@pytest.fixture
async def client(slack: SlackStandIn) -> AsyncWebClient:
    return client_of(slack)


def client_of(slack: SlackStandIn) -> AsyncWebClient:
    return AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])


def trigger(slack: SlackStandIn) -> str:
    return slack.world.triggers.issue(ANA)


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_a_home_is_published_and_shown(slack: SlackStandIn, client: AsyncWebClient) -> None:
    view = (await client.views_publish(user_id=ANA, view=HOME))["view"]
    home = slack.world.homes.of(ANA)
    assert home is not None
    assert (view["type"], view["id"], view["root_view_id"]) == ("home", home.id, home.id)
    assert slack.world.feed.since(slack.world.feed.last - 1)[0].kind == "home"


async def test_a_home_keeps_its_id_and_changes_its_hash(client: AsyncWebClient) -> None:
    first = (await client.views_publish(user_id=ANA, view=HOME))["view"]
    second = (await client.views_publish(user_id=ANA, view=HOME, hash=first["hash"]))["view"]
    assert first["id"] == second["id"]
    again = client.views_publish(user_id=ANA, view=HOME, hash=first["hash"])
    assert await refusal(again) == "hash_conflict"


@pytest.mark.parametrize(
    ("user", "view", "error"),
    [
        ("U0NOBODY1", HOME, "user_not_found"),
        ("U0OPSBOT1", HOME, "user_not_found"),
        (ANA, MODAL, "invalid_arguments"),
        (ANA, {"type": "home", "blocks": [{"type": "divider"}] * 101}, "invalid_arguments"),
    ],
)
async def test_some_homes_are_refused(
    client: AsyncWebClient, user: str, view: dict[str, Any], error: str
) -> None:
    assert await refusal(client.views_publish(user_id=user, view=view)) == error


async def test_an_app_without_a_home_tab_publishes_none() -> None:
    slack = SlackStandIn(app=App(home_tab=False))
    async with slack_stand_in(slack):
        assert await refusal(client_of(slack).views_publish(user_id=ANA, view=HOME)) == "not_enabled"


async def test_a_button_of_the_home_reaches_the_bot(slack: SlackStandIn, client: AsyncWebClient) -> None:
    bot = RecordingBot()
    async with serving(bot.app()) as url:
        slack.connect(url, "secret")
        view = (await client.views_publish(user_id=ANA, view=HOME))["view"]
        await slack.act("ana", "refresh", view_id=view["id"])
    [received] = bot.received
    assert received.payload["view"]["type"] == "home"
    assert received.payload["actions"][0]["action_id"] == "refresh"


async def test_a_home_may_be_replaced_by_views_update(slack: SlackStandIn, client: AsyncWebClient) -> None:
    view = (await client.views_publish(user_id=ANA, view=HOME))["view"]
    await client.views_update(view_id=view["id"], view={**HOME, "callback_id": "new"})
    home = slack.world.homes.of(ANA)
    assert home is not None
    assert home.given["callback_id"] == "new"


async def test_modals_lie_at_most_three_deep(slack: SlackStandIn, client: AsyncWebClient) -> None:
    first = (await client.views_open(trigger_id=trigger(slack), view=MODAL))["view"]
    second = (await client.views_push(trigger_id=trigger(slack), view=MODAL))["view"]
    await client.views_push(trigger_id=trigger(slack), view=MODAL)
    assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
    assert await refusal(client.views_push(trigger_id=trigger(slack), view=MODAL)) == "push_limit_reached"


async def test_nothing_is_pushed_where_no_modal_is_open(slack: SlackStandIn, client: AsyncWebClient) -> None:
    assert await refusal(client.views_push(trigger_id=trigger(slack), view=MODAL)) == "not_found"


async def test_an_external_id_is_one_views_only(slack: SlackStandIn, client: AsyncWebClient) -> None:
    named = {**MODAL, "external_id": "declare"}
    await client.views_open(trigger_id=trigger(slack), view=named)
    assert await refusal(client.views_push(trigger_id=trigger(slack), view=named)) == "duplicate_external_id"
    assert (await client.views_update(external_id="declare", view=named))["ok"]
    assert await refusal(client.views_update(external_id="other", view=named)) == "not_found"


async def test_a_view_that_is_refused_leaves_its_trigger(slack: SlackStandIn, client: AsyncWebClient) -> None:
    one = trigger(slack)
    assert (
        await refusal(client.views_open(trigger_id=one, view={**MODAL, "title": None})) == "invalid_arguments"
    )
    assert (await client.views_open(trigger_id=one, view=MODAL))["ok"]


async def test_a_modal_that_is_gone_is_not_found(slack: SlackStandIn, client: AsyncWebClient) -> None:
    view = (await client.views_open(trigger_id=trigger(slack), view=MODAL))["view"]
    slack.world.modals.close_all(ANA)
    assert await refusal(client.views_update(view_id=view["id"], view=MODAL)) == "not_found"


async def test_a_modal_is_at_most_250_kilobytes(slack: SlackStandIn, client: AsyncWebClient) -> None:
    text = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    call = client.views_open(trigger_id=trigger(slack), view={**MODAL, "blocks": [text] * 90})
    assert await refusal(call) == "view_too_large"


async def test_a_public_channel_without_the_bot_needs_a_scope(slack: SlackStandIn) -> None:
    assert (await client_of(slack).chat_postMessage(channel=GENERAL, text="hi"))["ok"]
    bare = SlackStandIn(app=App(scopes=App().scopes - {"chat:write.public"}))
    async with slack_stand_in(bare):
        call = client_of(bare).chat_postMessage(channel=GENERAL, text="hi")
        assert await refusal(call) == "not_in_channel"


async def test_a_bot_gets_no_direct_messages(client: AsyncWebClient) -> None:
    assert await refusal(client.chat_postMessage(channel="U0OPSBOT1", text="hi")) == "cannot_dm_bot"


async def test_an_app_without_a_messages_tab_writes_to_nobody() -> None:
    slack = SlackStandIn(app=App(messages_tab=False))
    async with slack_stand_in(slack):
        call = client_of(slack).chat_postMessage(channel=ANA, text="hi")
        assert await refusal(call) == "messages_tab_disabled"


async def test_the_bot_does_not_post_as_a_user(client: AsyncWebClient) -> None:
    call = client.chat_postMessage(channel=ALERTS, text="hi", as_user=True)
    assert await refusal(call) == "as_user_not_supported"


async def test_what_people_said_is_neither_changed_nor_deleted(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    said = slack.say("ana", ALERTS, "mine")
    assert await refusal(client.chat_delete(channel=ALERTS, ts=said.ts)) == "cant_delete_message"
    assert await refusal(client.chat_update(channel=ALERTS, ts=said.ts, text="x")) == "cant_update_message"
    assert await refusal(client.chat_delete(channel=ALERTS, ts="1.000001")) == "message_not_found"
