from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports.store import StoreUnavailable
from handlers.socket import SocketMode
from tests.support.front import Front
from tests.support.slack import serving
from tests.support.slack_requests import mentioned, slash


@dataclass
class Link:
    """Slack's end of Socket Mode: gives tickets, and takes each once."""

    refuse_handshakes: int = 0
    refuse_tickets: int = 0
    url: str = ""
    tickets: int = 0
    spent: set[str] = field(default_factory=set)
    open: asyncio.Queue[web.WebSocketResponse] = field(default_factory=asyncio.Queue)
    acks: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/apps.connections.open", self._ticket)
        app.router.add_get("/link", self._serve)
        return app

    async def next(self) -> web.WebSocketResponse:
        """The next connection that the bot opens."""
        async with asyncio.timeout(5):
            return await self.open.get()

    async def ack(self) -> dict[str, Any]:
        """The next acknowledgement, over any connection."""
        async with asyncio.timeout(5):
            return await self.acks.get()

    async def _ticket(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer xapp-test"
        if self.refuse_tickets:
            self.refuse_tickets -= 1
            return web.json_response({"ok": False, "error": "internal_error"})
        self.tickets += 1
        url = self.url.replace("http", "ws", 1)
        return web.json_response({"ok": True, "url": f"{url}/link?ticket=secret-{self.tickets}"})

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query["ticket"]
        if ticket in self.spent or self.refuse_handshakes:
            self.refuse_handshakes = max(0, self.refuse_handshakes - 1)
            self.spent.add(ticket)
            return web.Response(status=408)
        self.spent.add(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        await self.open.put(socket)
        async for message in socket:
            await self.acks.put(json.loads(message.data))
        return socket


@asynccontextmanager
async def connected(front: Front, link: Link) -> AsyncIterator[SocketMode]:
    async with serving(link.app()) as url, aiohttp.ClientSession() as session, front.after_ack:
        link.url = url
        client = AsyncWebClient(base_url=f"{url}/api/", session=session)
        socket = SocketMode(
            door=front.door(), client=client, session=session, app_token="xapp-test", pace=0.001
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(socket.run())
            yield socket
            await socket.close()


def envelope(kind: str, payload: dict[str, Any], *, answer: bool = True) -> dict[str, Any]:
    return {"envelope_id": "e1", "type": kind, "payload": payload, "accepts_response_payload": answer}


async def test_a_command_is_carried_out_and_acknowledged_with_its_answer() -> None:
    front, link = Front(), Link()
    async with connected(front, link) as socket:
        connection = await link.next()
        await connection.send_json(envelope("slash_commands", slash("p0 checkout is down")))
        ack = await link.ack()
        assert socket.is_connected
    assert ack["envelope_id"] == "e1"
    assert ack["payload"]["text"] == "P0 #42 is declared."
    assert front.incidents.only.request.source == "slack/command"
    assert not socket.is_connected


async def test_an_event_is_acknowledged_without_a_payload() -> None:
    front, link = Front(), Link()
    async with connected(front, link):
        connection = await link.next()
        await connection.send_json(envelope("events_api", mentioned("<@UBOT> ack"), answer=False))
        assert await link.ack() == {"envelope_id": "e1"}
    assert front.incidents.only.what == "acknowledge"


@pytest.mark.parametrize(
    "payload", [{"type": "view_closed"}, {"type": "app_rate_limited"}, {"nonsense": True}, "text", None]
)
async def test_an_envelope_that_nobody_serves_is_acknowledged(payload: Any) -> None:
    link = Link()
    async with connected(Front(), link):
        connection = await link.next()
        await connection.send_json(envelope("interactive", payload))
        assert await link.ack() == {"envelope_id": "e1"}


async def test_an_event_that_could_not_be_carried_out_is_left_for_slack_to_send_again() -> None:
    front, link = Front(), Link()
    async with connected(front, link):
        connection = await link.next()
        front.incidents.error = StoreUnavailable("away")
        await connection.send_json(envelope("events_api", mentioned("<@UBOT> ack")))
        await connection.send_json(envelope("interactive", {"type": "x"}) | {"envelope_id": "e2"})
        assert await link.ack() == {"envelope_id": "e2"}


async def test_a_failed_handshake_is_tried_again_with_a_fresh_ticket(
    caplog: pytest.LogCaptureFixture,
) -> None:
    link = Link(refuse_handshakes=2)
    async with connected(Front(), link):
        await link.next()
    assert link.tickets == 3
    assert "secret-" not in caplog.text


async def test_a_refused_ticket_is_asked_for_again(caplog: pytest.LogCaptureFixture) -> None:
    link = Link(refuse_tickets=2)
    async with connected(Front(), link):
        await link.next()
    assert "internal_error" in caplog.text
    assert "xapp-test" not in caplog.text


async def test_a_refresh_opens_the_next_connection_before_the_old_one_ends() -> None:
    front, link = Front(), Link()
    async with connected(front, link):
        old = await link.next()
        await old.send_json({"type": "disconnect", "reason": "warning"})
        new = await link.next()
        await old.send_json(envelope("slash_commands", slash("p0 checkout is down")))
        assert (await link.ack())["envelope_id"] == "e1"
        await old.close()
        await new.send_json(envelope("slash_commands", slash("p0 checkout is down")))
        assert (await link.ack())["envelope_id"] == "e1"
        assert link.tickets == 2


async def test_a_connection_that_breaks_is_replaced() -> None:
    link = Link()
    async with connected(Front(), link):
        await (await link.next()).close()
        await link.next()


async def test_what_came_in_before_the_end_is_acknowledged() -> None:
    front, link = Front(), Link()
    front.incidents.wait_for = asyncio.Event()
    async with connected(front, link) as socket:
        connection = await link.next()
        await connection.send_json(envelope("slash_commands", slash("p0 checkout is down")))
        await front.incidents.entered.wait()
        await socket.close()
        front.incidents.wait_for.set()
        assert (await link.ack())["envelope_id"] == "e1"
