"""Every method of the stand-in, driven by slack_sdk's own clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackStandIn
from bot.sandbox.slack.api import METHODS
from bot.sandbox.slack.files import File
from bot.sandbox.slack.manifest import App
from bot.sandbox.slack.messages import Content, Message
from tests.support.slack import slack_stand_in

Args = dict[str, Any]
Call = tuple[Callable[[SlackStandIn], Args], str]
"""The arguments of a call, for which the stand-in is made ready, and a field of its answer."""

ALERTS, GENERAL, BOT, ANA, LEE = "C0ALERTS1", "C0GENERAL", "U0OPSBOT1", "U0ANA0001", "U0LEE0001"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*P0* checkout is down"}}]
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Declare"}, "blocks": BLOCKS}
HOME = {"type": "home", "blocks": BLOCKS}


def card(slack: SlackStandIn) -> Message:
    channel = slack.workspace.channels[ALERTS]
    return slack.workspace.post(channel, BOT, Content(text="P0 checkout is down"))


def at(slack: SlackStandIn) -> Args:
    return {"channel": ALERTS, "timestamp": card(slack).ts}


def pinned(slack: SlackStandIn) -> Args:
    message = card(slack)
    slack.workspace.pin(message, BOT)
    return {"channel": ALERTS, "timestamp": message.ts}


def reacted(slack: SlackStandIn) -> Args:
    message = card(slack)
    slack.workspace.react(message, BOT, "eyes")
    return {"channel": ALERTS, "timestamp": message.ts}


def bookmarked(slack: SlackStandIn) -> Args:
    slack.workspace.channels[ALERTS].bookmarks.append({"id": "Bk1", "title": "Runbook"})
    return {"channel_id": ALERTS, "bookmark_id": "Bk1"}


def uploaded(slack: SlackStandIn) -> File:
    file = slack.workspace.files.expect("slo.png", len(PNG), BOT, alt_text="", snippet_type="")
    slack.workspace.files.fill(file, PNG)
    return file


def kept(slack: SlackStandIn) -> Args:
    return {"file": slack.workspace.files.complete(uploaded(slack), "SLO").id}


def modal(slack: SlackStandIn) -> Args:
    return {"view": MODAL, "trigger_id": slack.world.triggers.issue(ANA)}


def on_a_modal(slack: SlackStandIn) -> Args:
    view = slack.world.modals.open(ANA, {**MODAL, "blocks": []})
    return {"view": MODAL, "trigger_id": slack.world.triggers.issue(ANA, view.id)}


def opened(slack: SlackStandIn) -> Args:
    view = slack.world.modals.open(ANA, {**MODAL, "blocks": []})
    return {"view": MODAL, "view_id": view.id, "hash": view.hash}


def archived(slack: SlackStandIn) -> Args:
    slack.workspace.channels[ALERTS].archived = True
    return {"channel": ALERTS}


def left(slack: SlackStandIn) -> Args:
    slack.workspace.channels[ALERTS].members.discard(LEE)
    return {"channel": ALERTS, "users": LEE}


def given(**args: Any) -> Callable[[SlackStandIn], Args]:
    return lambda _slack: args


LINK = {"title": "Runbook", "type": "link", "link": "https://example.com/runbook"}
CALLS: Mapping[str, Call] = {
    "apps.connections.open": (lambda slack: {"app_token": slack.tokens.app}, "url"),
    "auth.test": (given(), "bot_id"),
    "bookmarks.add": (given(channel_id=ALERTS, **LINK), "bookmark"),
    "bookmarks.edit": (lambda slack: bookmarked(slack) | {"title": "New"}, "bookmark"),
    "bookmarks.list": (lambda slack: {"channel_id": bookmarked(slack)["channel_id"]}, "bookmarks"),
    "bookmarks.remove": (bookmarked, "ok"),
    "bots.info": (given(bot="B0OPSBOT1"), "bot"),
    "chat.delete": (lambda slack: {"channel": ALERTS, "ts": card(slack).ts}, "ts"),
    "chat.getPermalink": (lambda slack: {"channel": ALERTS, "message_ts": card(slack).ts}, "permalink"),
    "chat.postEphemeral": (given(channel=ALERTS, user=ANA, text="only you", blocks=BLOCKS), "message_ts"),
    "chat.postMessage": (given(channel=ALERTS, text="P0", blocks=BLOCKS), "message"),
    "chat.update": (lambda slack: {"channel": ALERTS, "ts": card(slack).ts, "text": "P1"}, "message"),
    "conversations.archive": (given(channel=ALERTS), "ok"),
    "conversations.create": (given(name="inc-1-checkout", is_private=True), "channel"),
    "conversations.history": (given(channel=ALERTS), "messages"),
    "conversations.info": (given(channel=ALERTS, include_num_members=True), "channel"),
    "conversations.invite": (left, "channel"),
    "conversations.join": (given(channel=GENERAL), "channel"),
    "conversations.kick": (given(channel=ALERTS, user=LEE), "ok"),
    "conversations.leave": (given(channel=ALERTS), "ok"),
    "conversations.list": (given(types="public_channel,private_channel"), "channels"),
    "conversations.members": (given(channel=ALERTS), "members"),
    "conversations.open": (given(users=[ANA], return_im=True), "channel"),
    "conversations.rename": (given(channel=ALERTS, name="alerts"), "channel"),
    "conversations.replies": (lambda slack: {"channel": ALERTS, "ts": card(slack).ts}, "messages"),
    "conversations.setPurpose": (given(channel=ALERTS, purpose="Alerts"), "purpose"),
    "conversations.setTopic": (given(channel=ALERTS, topic="P0 open"), "channel"),
    "conversations.unarchive": (archived, "ok"),
    "files.completeUploadExternal": (lambda slack: {"files": [{"id": uploaded(slack).id}]}, "files"),
    "files.delete": (kept, "ok"),
    "files.getUploadURLExternal": (given(filename="slo.png", length=10, alt_txt="SLO"), "upload_url"),
    "files.info": (kept, "file"),
    "files.list": (given(types="images"), "files"),
    "pins.add": (at, "ok"),
    "pins.list": (lambda slack: {"channel": pinned(slack)["channel"]}, "items"),
    "pins.remove": (pinned, "ok"),
    "reactions.add": (lambda slack: at(slack) | {"name": "eyes"}, "ok"),
    "reactions.get": (reacted, "message"),
    "reactions.list": (given(user=BOT), "items"),
    "reactions.remove": (lambda slack: reacted(slack) | {"name": "eyes"}, "ok"),
    "team.info": (given(), "team"),
    "usergroups.list": (given(include_users=True), "usergroups"),
    "usergroups.users.list": (given(usergroup="S0ONCALL1"), "users"),
    "users.conversations": (given(user=ANA), "channels"),
    "users.info": (given(user=ANA), "user"),
    "users.list": (given(limit=2), "members"),
    "users.lookupByEmail": (given(email="ana.ortiz@example.com"), "user"),
    "views.open": (modal, "view"),
    "views.publish": (given(user_id=ANA, view=HOME), "view"),
    "views.push": (on_a_modal, "view"),
    "views.update": (opened, "view"),
}
GONE = {"files.upload": "method_deprecated"}
"""Methods that only refuse."""


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with slack_stand_in(SlackStandIn(app=App())) as slack:
        yield slack


def test_every_method_is_driven() -> None:
    assert set(METHODS) == CALLS.keys() | GONE.keys()


@pytest.mark.parametrize("method", CALLS)
async def test_the_async_client_calls(slack: SlackStandIn, method: str) -> None:
    client = AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])
    prepare, field = CALLS[method]
    answer = await getattr(client, method.replace(".", "_"))(**prepare(slack))
    assert field in answer.data
    assert [call.error for call in slack.calls.of(method)] == [None]


@pytest.mark.parametrize("method", CALLS)
async def test_the_sync_client_calls(slack: SlackStandIn, method: str) -> None:
    client = WebClient(slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])
    prepare, field = CALLS[method]
    answer = await asyncio.to_thread(getattr(client, method.replace(".", "_")), **prepare(slack))
    assert field in answer.data
    assert [call.error for call in slack.calls.of(method)] == [None]


@pytest.mark.parametrize("method", GONE)
async def test_a_method_that_slack_took_away_refuses(slack: SlackStandIn, method: str) -> None:
    client = AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/")
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, params={"content": "x"})
    assert refused.value.response["error"] == GONE[method]


@pytest.mark.parametrize("method", sorted(name for name in METHODS if METHODS[name].scopes))
async def test_a_token_without_the_scope_is_refused(method: str) -> None:
    needed = METHODS[method].scopes
    slack = SlackStandIn(app=App(scopes=App().scopes - set(needed)))
    async with slack_stand_in(slack):
        client = AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/")
        with pytest.raises(SlackApiError) as refused:
            await client.api_call(method)
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] in needed


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_a_method_has_a_rate_and_refuses_what_is_over_it(method: str) -> None:
    slack = SlackStandIn(app=App(), rates=True, monotonic=lambda: 0.0)
    rate = METHODS[method]
    token = slack.tokens.app if rate.app_level else slack.tokens.bot
    async with slack_stand_in(slack):
        client = AsyncWebClient(token, base_url=f"{slack.url}/api/", retry_handlers=[])
        channel = ALERTS if rate.by_channel else None
        allowed = 0
        while slack.rates.refuse(method, rate.a_minute, channel) is None:
            allowed += 1
        slack.rates.clear()
        for _ in range(allowed):
            slack.rates.refuse(method, rate.a_minute, channel)
        with pytest.raises(SlackApiError) as refused:
            await client.api_call(method, params={"channel": ALERTS})
    assert refused.value.response.status_code == 429
    assert refused.value.response["error"] == "ratelimited"
    assert int(refused.value.response.headers["Retry-After"]) >= 1


async def test_files_upload_v2_shares_a_file_by_the_async_client(slack: SlackStandIn) -> None:
    client = AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])
    parent = card(slack)
    await client.files_upload_v2(
        content=PNG,
        filename="slo.png",
        title="SLO of checkout",
        alt_txt="99.2 percent, target 99.9",
        channel=ALERTS,
        thread_ts=parent.ts,
        initial_comment="SLO",
    )
    [reply] = slack.workspace.channels[ALERTS].replies(parent.ts)
    assert (reply.text, reply.subtype) == ("SLO", "file_share")
    assert [(file["title"], file["alt_txt"], file["mimetype"]) for file in reply.files] == [
        ("SLO of checkout", "99.2 percent, target 99.9", "image/png")
    ]


async def test_files_upload_v2_shares_several_files_by_the_sync_client(slack: SlackStandIn) -> None:
    client = WebClient(slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])
    uploads: list[dict[str, Any]] = [
        {"content": PNG, "filename": "a.png"},
        {"content": "id,at\n1,2\n", "filename": "b.csv"},
    ]
    answer = await asyncio.to_thread(client.files_upload_v2, file_uploads=uploads, channel=ALERTS)
    [message] = slack.messages_in(ALERTS)
    assert [file["id"] for file in answer["files"]] == [file["id"] for file in message.files]
    assert [file["filetype"] for file in message.files] == ["png", "csv"]


async def test_socket_mode_carries_a_command_there_and_its_answer_back(slack: SlackStandIn) -> None:
    received: list[SocketModeRequest] = []
    greeted = asyncio.Event()

    async def take(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        received.append(request)
        answer = SocketModeResponse(envelope_id=request.envelope_id, payload={"text": "Declared"})
        await client.send_socket_mode_response(answer)

    async def hear(_client: AsyncBaseSocketModeClient, message: dict[str, Any], _raw: str | None) -> None:
        if message.get("type") == "hello":
            greeted.set()

    web = AsyncWebClient(base_url=f"{slack.url}/api/")
    client = SocketModeClient(slack.tokens.app, web_client=web, ping_interval=0.1)
    client.socket_mode_request_listeners.append(take)
    client.message_listeners.append(hear)
    await client.connect()  # type: ignore[no-untyped-call]
    await greeted.wait()
    reply = await slack.command("ana", "platform-alerts", "/incident", "p0 checkout is down")
    tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
    await client.close()  # type: ignore[no-untyped-call]
    await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
    assert [request.payload["command"] for request in received] == ["/incident"]
    assert reply.message is not None
    assert reply.message.text == "Declared"
