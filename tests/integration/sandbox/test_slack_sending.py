from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack import Message, SlackError, SlackStandIn
from tests.support.slack import SIGNING_SECRET, RecordingBot, SteppedClock, serving, slack_stand_in

ALERTS = "C0ALERTS1"
OPTIONS = [
    {"text": {"type": "plain_text", "text": word.title()}, "value": word} for word in ("raise", "lower")
]
BUTTON = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Acknowledge"},
    "action_id": "ack",
    "value": "1/0",
}
MENU = {"type": "overflow", "action_id": "more", "options": OPTIONS}
CARD = [{"type": "actions", "block_id": "controls", "elements": [BUTTON, MENU]}]


def field(block_id: str, *, optional: bool = False, **element: Any) -> dict[str, Any]:
    label = {"type": "plain_text", "text": block_id}
    return {
        "type": "input",
        "block_id": block_id,
        "label": label,
        "optional": optional,
        "element": {"action_id": f"{block_id}_input", **element},
    }


MODAL = {
    "type": "modal",
    "callback_id": "declare",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "Declare"},
    "submit": {"type": "plain_text", "text": "Declare"},
    "blocks": [
        field("title", type="plain_text_input"),
        field("how", type="static_select", options=OPTIONS, initial_option=OPTIONS[0]),
        field("flags", type="checkboxes", options=OPTIONS, optional=True),
    ],
}


@pytest.fixture
async def bot() -> RecordingBot:
    return RecordingBot()


@pytest.fixture
async def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def slack(bot: RecordingBot, clock: SteppedClock) -> AsyncIterator[SlackStandIn]:
    served = SlackStandIn(clock=clock, redelivery_seconds=(0.0, 0.0, 0.0))
    async with serving(bot.app()) as url, slack_stand_in(served) as slack:
        slack.connect(url, SIGNING_SECRET)
        yield slack


@pytest.fixture
async def client(slack: SlackStandIn) -> AsyncWebClient:
    return AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/")


async def post_card(slack: SlackStandIn, client: AsyncWebClient) -> Message:
    await client.chat_postMessage(channel=ALERTS, text="P0 #1 checkout is down", blocks=CARD)
    return slack.messages[-1]


async def open_modal(slack: SlackStandIn, client: AsyncWebClient, view: dict[str, Any] = MODAL) -> None:
    reply = await slack.command("ana", "platform-alerts", "/incident")
    await client.views_open(trigger_id=reply.delivery.payload["trigger_id"], view=view)


async def test_a_slash_command_is_a_signed_form(slack: SlackStandIn, bot: RecordingBot) -> None:
    reply = await slack.command("ana", "platform-alerts", "/incident", "p0 checkout is down")
    [received] = bot.received
    assert reply.ok
    assert SignatureVerifier(SIGNING_SECRET).is_valid_request(received.body, received.headers)
    assert received.form.items() >= {
        ("command", "/incident"),
        ("text", "p0 checkout is down"),
        ("user_id", "U0ANA0001"),
        ("channel_id", ALERTS),
        ("channel_name", "platform-alerts"),
        ("is_enterprise_install", "false"),
    }


async def test_a_private_channels_name_is_not_told(slack: SlackStandIn, bot: RecordingBot) -> None:
    await slack.command("sam", "security-incidents", "/incident")
    assert bot.received[0].form["channel_name"] == "privategroup"


async def test_a_commands_reply_is_ephemeral(slack: SlackStandIn, bot: RecordingBot) -> None:
    bot.reply({"text": "Declared P0 #1"})
    reply = await slack.command("ana", "platform-alerts", "/incident", "p0 down")
    assert reply.text == "Declared P0 #1"
    assert slack.ephemerals("ana") == [reply.message]


async def test_a_commands_reply_may_be_for_the_channel(slack: SlackStandIn, bot: RecordingBot) -> None:
    bot.reply({"text": "All green", "response_type": "in_channel"})
    await slack.command("ana", "platform-alerts", "/slo")
    assert [message.text for message in slack.messages_in("platform-alerts")] == ["All green"]


async def test_a_reply_with_wrong_blocks_is_not_shown(slack: SlackStandIn, bot: RecordingBot) -> None:
    bot.reply({"text": "x", "blocks": [{"type": "banner"}]})
    reply = await slack.command("ana", "platform-alerts", "/slo")
    assert (reply.error, reply.message) == ("invalid_blocks", None)


async def test_a_refused_command_is_told_to_the_user(slack: SlackStandIn, bot: RecordingBot) -> None:
    bot.fail(500)
    reply = await slack.command("ana", "platform-alerts", "/incident")
    [told] = slack.ephemerals("ana")
    assert (reply.status, reply.error) == (500, "dispatch_failed")
    assert told.text == '/incident failed with the error "dispatch_failed"'
    assert len(bot.received) == 1


async def test_a_bot_that_is_not_there_is_told_to_the_user(slack: SlackStandIn) -> None:
    slack.connect("http://127.0.0.1:9", SIGNING_SECRET)
    reply = await slack.command("ana", "platform-alerts", "/incident")
    assert (reply.status, reply.error) == (None, "dispatch_failed")


async def test_a_bot_that_does_not_answer_in_time_is_told_to_the_user() -> None:
    released = asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        await released.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/slack/events", hang)
    async with serving(app) as url, slack_stand_in(SlackStandIn(ack_seconds=0.01)) as slack:
        slack.connect(url, SIGNING_SECRET)
        reply = await slack.command("ana", "platform-alerts", "/incident")
        released.set()
        assert reply.error == "operation_timeout"
        assert slack.ephemerals("ana")[0].text == '/incident failed with the error "operation_timeout"'


async def test_a_click_carries_the_message_and_the_action(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    card = await post_card(slack, client)
    await slack.click("ana", "platform-alerts", card.ts, "ack")
    payload = bot.received[0].payload
    [action] = payload["actions"]
    assert payload["type"] == "block_actions"
    assert payload["message"]["ts"] == card.ts
    assert payload["container"] == {
        "type": "message",
        "message_ts": card.ts,
        "channel_id": ALERTS,
        "is_ephemeral": False,
    }
    assert (action["type"], action["value"], action["block_id"]) == ("button", "1/0", "controls")
    assert float(action["action_ts"]) > float(card.ts)


async def test_an_overflow_menu_sends_the_option_with_the_value(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    card = await post_card(slack, client)
    await slack.click("ana", "platform-alerts", card.ts, "more", "lower")
    assert bot.received[0].payload["actions"][0]["selected_option"] == OPTIONS[1]


async def test_what_is_not_on_the_card_cannot_be_clicked(slack: SlackStandIn, client: AsyncWebClient) -> None:
    card = await post_card(slack, client)
    with pytest.raises(ValueError, match="no element has the action_id 'resolve'"):
        await slack.click("ana", "platform-alerts", card.ts, "resolve")
    with pytest.raises(ValueError, match="it offers 'raise', 'lower'"):
        await slack.click("ana", "platform-alerts", card.ts, "more", "delete")


async def test_a_click_in_an_ephemeral_message_carries_no_message(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    posted = await client.chat_postEphemeral(channel=ALERTS, user="U0ANA0001", text="yours", blocks=CARD)
    await slack.click("ana", "platform-alerts", posted["message_ts"], "ack")
    assert bot.received[0].payload["container"]["is_ephemeral"]
    assert "message" not in bot.received[0].payload


async def test_a_response_url_replaces_whispers_and_deletes(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    card = await post_card(slack, client)
    await slack.click("ana", "platform-alerts", card.ts, "ack")
    webhook = AsyncWebhookClient(bot.received[0].payload["response_url"])
    await webhook.send(text="just for you")
    await webhook.send(text="for all", response_type="in_channel")
    await webhook.send(text="replaced", replace_original=True)
    assert [message.text for message in slack.messages] == ["replaced", "for all"]
    assert [message.text for message in slack.ephemerals("ana")] == ["just for you"]
    await webhook.send(delete_original=True)
    assert [message.text for message in slack.messages] == ["for all"]


async def test_a_response_url_works_five_times(slack: SlackStandIn, bot: RecordingBot) -> None:
    await slack.command("ana", "platform-alerts", "/slo")
    webhook = AsyncWebhookClient(bot.received[0].form["response_url"])
    statuses = [(await webhook.send(text="again")).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [404]


async def test_a_response_url_works_for_thirty_minutes(
    slack: SlackStandIn, bot: RecordingBot, clock: SteppedClock
) -> None:
    await slack.command("ana", "platform-alerts", "/slo")
    clock.forward(seconds=30 * 60 + 1)
    answer = await AsyncWebhookClient(bot.received[0].form["response_url"]).send(text="late")
    assert (answer.status_code, "expired_url" in answer.body) == (404, True)


async def test_a_submission_carries_what_was_filled_in(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    await open_modal(slack, client)
    await slack.submit("ana", {"title": "checkout is down", "flags_input": ["raise"]})
    payload = bot.received[-1].payload
    values = payload["view"]["state"]["values"]
    assert (payload["type"], payload["view"]["callback_id"]) == ("view_submission", "declare")
    assert values["title"]["title_input"] == {"type": "plain_text_input", "value": "checkout is down"}
    assert values["how"]["how_input"]["selected_option"] == OPTIONS[0]
    assert values["flags"]["flags_input"]["selected_options"] == [OPTIONS[0]]
    assert slack.views("ana") == []


async def test_a_required_input_must_be_filled_in(slack: SlackStandIn, client: AsyncWebClient) -> None:
    await open_modal(slack, client)
    with pytest.raises(ValueError, match="required inputs are empty: title"):
        await slack.submit("ana")


async def test_errors_keep_the_modal_open(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    await open_modal(slack, client)
    bot.reply({"response_action": "errors", "errors": {"title": "Say what is down."}})
    reply = await slack.submit("ana", {"title": "?"})
    assert reply.body["errors"] == {"title": "Say what is down."}
    assert slack.views("ana")[0].errors == {"title": "Say what is down."}


async def test_errors_of_unknown_blocks_are_refused(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    await open_modal(slack, client)
    bot.reply({"response_action": "errors", "errors": {"nowhere": "?"}})
    assert (await slack.submit("ana", {"title": "?"})).error == "invalid_response_errors"


async def test_a_modal_may_be_followed_by_another(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    await open_modal(slack, client)
    bot.reply({"response_action": "push", "view": {**MODAL, "callback_id": "confirm"}})
    await slack.submit("ana", {"title": "x"})
    assert [view.given["callback_id"] for view in slack.views("ana")] == ["declare", "confirm"]
    bot.reply({"response_action": "clear"})
    await slack.submit("ana", {"title": "x"})
    assert slack.views("ana") == []


async def test_a_failed_submission_keeps_the_modal_open(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    await open_modal(slack, client)
    bot.fail(500)
    await slack.submit("ana", {"title": "x"})
    assert slack.views("ana")[0].errors == {"": "We had some trouble connecting. Try again?"}


async def test_the_bot_is_told_of_a_closed_modal_where_it_asked(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    await open_modal(slack, client)
    await slack.close_view("ana")
    assert bot.received[-1].payload["type"] == "view_closed"


async def test_an_element_of_a_modal_is_used(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    await open_modal(slack, client)
    await slack.act("ana", "how_input", "lower")
    payload = bot.received[-1].payload
    assert payload["container"]["type"] == "view"
    assert payload["view"]["state"]["values"]["how"]["how_input"]["selected_option"] == OPTIONS[1]


async def test_a_message_shortcut_carries_the_message(slack: SlackStandIn, bot: RecordingBot) -> None:
    said = slack.say("kim", "platform-alerts", "checkout looks broken")
    await slack.shortcut("ana", "platform-alerts", said.ts, "declare_from_message")
    payload = bot.received[0].payload
    assert (payload["type"], payload["callback_id"]) == ("message_action", "declare_from_message")
    assert payload["message"]["text"] == "checkout looks broken"


async def test_a_mention_in_a_thread_is_an_event(
    slack: SlackStandIn, bot: RecordingBot, client: AsyncWebClient
) -> None:
    card = await post_card(slack, client)
    await slack.mention("ana", "platform-alerts", "ack", thread_ts=card.ts)
    envelope = bot.received[0].payload
    assert envelope["type"] == "event_callback"
    assert envelope["event_id"].startswith("Ev")
    assert envelope["event"]["text"] == "<@U0OPSBOT1> ack"
    assert envelope["event"]["thread_ts"] == card.ts


async def test_a_mention_where_the_bot_is_not_reaches_nobody(slack: SlackStandIn) -> None:
    with pytest.raises(SlackError, match="not_in_channel"):
        await slack.mention("ana", "general", "ack")


async def test_an_event_that_is_not_taken_is_sent_three_times_again(
    slack: SlackStandIn, bot: RecordingBot
) -> None:
    for _ in range(4):
        bot.fail(500)
    reply = await slack.mention("ana", "platform-alerts", "ack")
    await slack.settled()
    retries = [received.headers.get("X-Slack-Retry-Num") for received in bot.received]
    reasons = {received.headers.get("X-Slack-Retry-Reason") for received in bot.received[1:]}
    assert reply.error == "dispatch_failed"
    assert (retries, reasons) == ([None, "1", "2", "3"], {"http_error"})
    assert len({received.body for received in bot.received}) == 1


async def test_an_event_that_is_taken_the_second_time_is_not_sent_again(
    slack: SlackStandIn, bot: RecordingBot
) -> None:
    bot.fail(500)
    await slack.mention("ana", "platform-alerts", "ack")
    await slack.settled()
    assert len(bot.received) == 2


async def test_the_bot_may_refuse_redelivery(slack: SlackStandIn, bot: RecordingBot) -> None:
    bot.fail(500, {"X-Slack-No-Retry": "1"})
    await slack.mention("ana", "platform-alerts", "ack")
    await slack.settled()
    assert len(bot.received) == 1


async def test_a_delivery_can_be_sent_again_unchanged(slack: SlackStandIn, bot: RecordingBot) -> None:
    first = await slack.command("ana", "platform-alerts", "/incident", "p0 down")
    await slack.redeliver(first)
    assert bot.received[0].body == bot.received[1].body
    assert "X-Slack-Retry-Num" not in bot.received[1].headers


async def test_an_event_can_be_sent_again_as_a_retry(slack: SlackStandIn, bot: RecordingBot) -> None:
    await slack.mention("ana", "platform-alerts", "ack")
    await slack.redeliver(number=2)
    assert bot.received[0].payload["event_id"] == bot.received[1].payload["event_id"]
    assert bot.received[1].headers["X-Slack-Retry-Num"] == "2"


async def test_a_redelivery_is_due_by_the_stand_ins_clock(bot: RecordingBot, clock: SteppedClock) -> None:
    served = SlackStandIn(clock=clock, redelivery_seconds=(60.0,))
    async with serving(bot.app()) as url, slack_stand_in(served) as slack:
        slack.connect(url, SIGNING_SECRET)
        bot.fail(500)
        await slack.mention("ana", "platform-alerts", "ack")
        assert len(bot.received) == 1
        clock.forward(seconds=61)
        await slack.settled()
    assert bot.received[1].headers["X-Slack-Retry-Num"] == "1"
