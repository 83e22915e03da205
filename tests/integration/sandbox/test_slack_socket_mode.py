from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackStandIn
from tests.support.slack import slack_stand_in


class SocketBot:
    """Acknowledges every envelope with `payload`, or (None) not at all."""

    def __init__(self) -> None:
        self.received: list[SocketModeRequest] = []
        self.hellos: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.payload: dict[str, Any] | None = {}

    async def take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.received.append(request)
        if self.payload is not None:
            payload = self.payload or None
            await client.send_socket_mode_response(
                SocketModeResponse(envelope_id=request.envelope_id, payload=payload)
            )

    async def hear(
        self, _client: AsyncBaseSocketModeClient, message: dict[str, Any], _raw: str | None
    ) -> None:
        if message.get("type") == "hello":
            await self.hellos.put(message)


@pytest.fixture
async def bot() -> SocketBot:
    return SocketBot()


@pytest.fixture
async def slack(bot: SocketBot) -> AsyncIterator[SlackStandIn]:
    served = SlackStandIn(redelivery_seconds=(0.0,))
    async with slack_stand_in(served) as slack:
        web = AsyncWebClient(base_url=f"{slack.url}/api/")
        client = SocketModeClient(slack.tokens.app, web_client=web, ping_interval=0.1)
        client.socket_mode_request_listeners.append(bot.take)
        client.message_listeners.append(bot.hear)
        await client.connect()  # type: ignore[no-untyped-call]
        await bot.hellos.get()
        yield slack
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        await client.close()  # type: ignore[no-untyped-call]
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)


async def test_only_an_app_level_token_opens_a_connection() -> None:
    async with slack_stand_in() as slack:
        web = AsyncWebClient(base_url=f"{slack.url}/api/")
        with pytest.raises(SlackApiError, match="not_allowed_token_type"):
            await web.apps_connections_open(app_token=slack.tokens.bot)


async def test_a_ticket_opens_one_connection() -> None:
    async with slack_stand_in() as slack, aiohttp.ClientSession() as session:
        web = AsyncWebClient(base_url=f"{slack.url}/api/")
        url = (await web.apps_connections_open(app_token=slack.tokens.app))["url"]
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_a_command_goes_over_the_socket_and_its_payload_is_shown(
    slack: SlackStandIn, bot: SocketBot
) -> None:
    bot.payload = {"text": "Declared P0 #1"}
    reply = await slack.command("ana", "platform-alerts", "/incident", "p0 down")
    [request] = bot.received
    assert (request.type, request.accepts_response_payload) == ("slash_commands", True)
    assert request.payload["text"] == "p0 down"
    assert reply.ok
    assert [message.text for message in slack.ephemerals("ana")] == ["Declared P0 #1"]


async def test_an_event_says_which_retry_it_is(slack: SlackStandIn, bot: SocketBot) -> None:
    await slack.mention("ana", "platform-alerts", "ack")
    await slack.redeliver(number=1, reason="timeout")
    assert [request.retry_attempt for request in bot.received] == [0, 1]
    assert bot.received[1].retry_reason == "timeout"
    assert bot.received[0].payload["event_id"] == bot.received[1].payload["event_id"]


async def test_an_envelope_without_an_acknowledgement_times_out(bot: SocketBot) -> None:
    async with slack_stand_in(SlackStandIn(ack_seconds=0.01)) as slack, aiohttp.ClientSession() as session:
        web = AsyncWebClient(base_url=f"{slack.url}/api/")
        url = (await web.apps_connections_open(app_token=slack.tokens.app))["url"]
        async with session.ws_connect(url) as socket:
            await socket.receive_json()
            reply = await slack.command("ana", "platform-alerts", "/incident")
    assert reply.error == "operation_timeout"


async def test_the_bot_comes_anew_when_told_to(slack: SlackStandIn, bot: SocketBot) -> None:
    await slack.disconnect("refresh_requested")
    await bot.hellos.get()
    reply = await slack.command("ana", "platform-alerts", "/incident")
    assert reply.ok
    assert slack.world.sockets.count == 1


async def test_a_warning_comes_before_the_connection_ends() -> None:
    async with slack_stand_in() as slack, aiohttp.ClientSession() as session:
        web = AsyncWebClient(base_url=f"{slack.url}/api/")
        url = (await web.apps_connections_open(app_token=slack.tokens.app))["url"]
        async with session.ws_connect(url) as socket:
            hello = await socket.receive_json()
            await slack.disconnect("warning")
            await slack.disconnect("refresh_requested")
            notices = [await socket.receive_json() for _ in range(2)]
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    assert hello["connection_info"] == {"app_id": "A0OPSBOT1"}
    assert [(notice["type"], notice["reason"]) for notice in notices] == [
        ("disconnect", "warning"),
        ("disconnect", "refresh_requested"),
    ]


async def test_the_eleventh_connection_is_turned_away() -> None:
    async with slack_stand_in() as slack, aiohttp.ClientSession() as session:
        web = AsyncWebClient(base_url=f"{slack.url}/api/")
        sockets = []
        for _ in range(11):
            url = (await web.apps_connections_open(app_token=slack.tokens.app))["url"]
            sockets.append(await session.ws_connect(url))
        first = await sockets[-1].receive_json()
        for socket in sockets:
            await socket.close()
    assert first == {"type": "disconnect", "reason": "too_many_websockets"}
