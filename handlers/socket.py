"""Socket Mode: the same payloads over a WebSocket that the bot opens, for bots without a public address.

The client is our own and thin. slack_sdk's retries a spent ticket for ever, prints it, and runs
envelopes in tasks that nobody holds.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.bolt import SlackDoor
from handlers.inbound import MalformedError, check
from handlers.replies import Reply

HEARTBEAT_SECONDS = 10.0
HANDSHAKE_SECONDS = 15.0
LONGEST_WAIT_SECONDS = 30.0
SHORTEST_PACE_SECONDS = 1.0
"""Connections are opened at most this often, whatever Slack says."""

_log = logging.getLogger(__name__)


class SocketMode:
    """Keeps one connection, and acknowledges every envelope once its work is durable.

    `client` needs no token; `session` is the shared one. `run` is a loop for the caller's task group.
    """

    def __init__(
        self,
        *,
        door: SlackDoor,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        app_token: str,
        pace: float = SHORTEST_PACE_SECONDS,
    ) -> None:
        self._door = door
        self._client = client
        self._session = session
        self._app_token = app_token
        self._pace = pace
        self._sockets: list[aiohttp.ClientWebSocketResponse] = []
        self._newest: aiohttp.ClientWebSocketResponse | None = None
        self._closing = asyncio.Event()
        self._wanted = asyncio.Event()
        self._failures = 0
        self.is_connected = False

    async def run(self) -> None:
        """Connect, and connect again, until `close`. Returns when what came in before is answered."""
        async with asyncio.TaskGroup() as readers:
            async with asyncio.TaskGroup() as answers:
                while not self._closing.is_set():
                    await self._keep(readers, answers)
            for socket in tuple(self._sockets):
                await socket.close()

    async def close(self) -> None:
        """Take nothing more in, and let `run` return."""
        self._closing.set()
        self._wanted.set()

    async def _keep(self, readers: asyncio.TaskGroup, answers: asyncio.TaskGroup) -> None:
        """Open one connection, and return when another is wanted."""
        started = time.monotonic()
        socket = await self._open()
        if socket is None:
            self._failures += 1
        elif self._closing.is_set():
            await socket.close()
        else:
            self._wanted.clear()
            self._sockets.append(socket)
            self._newest = socket
            readers.create_task(self._read(socket, answers))
            await self._wanted.wait()
        backoff = min(self._pace * (2 ** min(self._failures, 10) - 1), LONGEST_WAIT_SECONDS)
        await self._rest(max(backoff, self._pace - (time.monotonic() - started)))

    async def _rest(self, seconds: float) -> None:
        if seconds > 0 and not self._closing.is_set():
            try:
                async with asyncio.timeout(seconds):
                    await self._closing.wait()
            except TimeoutError:
                return

    async def _open(self) -> aiohttp.ClientWebSocketResponse | None:
        """A connection by a fresh ticket, or None. The ticket's URL is a secret: it is never logged."""
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                answer = await self._client.apps_connections_open(app_token=self._app_token)
                return await self._session.ws_connect(str(answer["url"]), heartbeat=HEARTBEAT_SECONDS)
        except SlackApiError as error:
            _log.error("Slack refuses a Socket Mode connection: %s", error.response.get("error"))
        except (aiohttp.ClientError, SlackClientError, OSError) as error:
            _log.warning("a Socket Mode connection could not be opened: %s", type(error).__name__)
        return None

    async def _read(self, socket: aiohttp.ClientWebSocketResponse, answers: asyncio.TaskGroup) -> None:
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(message.data, socket, answers)
        finally:
            self._sockets.remove(socket)
            self.is_connected = bool(self._sockets)
            self._want_another(than=socket)
            await socket.close()

    def _take(self, text: str, socket: aiohttp.ClientWebSocketResponse, answers: asyncio.TaskGroup) -> None:
        match _parsed(text):
            case {"type": "hello"}:
                self._failures = 0
                self.is_connected = True
                _log.info("Socket Mode is connected")
            case {"type": "disconnect", **about}:
                reason = about.get("reason")
                _log.info("Slack ends a Socket Mode connection: %s", reason)
                self._failures += reason not in {"warning", "refresh_requested"}
                self._want_another(than=socket)
            case {"envelope_id": str(), "type": str()} as envelope if not self._closing.is_set():
                answers.create_task(self._answer(envelope, socket))
            case _:
                _log.warning("a Socket Mode message is left alone")

    def _want_another(self, *, than: aiohttp.ClientWebSocketResponse) -> None:
        """Open the next connection, unless that has been done already."""
        if than is self._newest:
            self._wanted.set()

    async def _answer(self, envelope: Mapping[str, Any], socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            reply = await self._door.dispatch(check(envelope.get("payload")))
            if reply.status // 100 == 2:  # noqa: PLR2004 - any success; without it Slack sends again
                await self._acknowledge(envelope, reply, socket)
        except MalformedError as error:
            _log.warning("a Socket Mode envelope cannot be read: %s", error)
            await self._acknowledge(envelope, Reply(), socket)
        except Exception:  # noqa: BLE001 - one envelope's failure is recorded and ends no connection
            _log.exception("a Socket Mode envelope could not be answered")

    async def _acknowledge(
        self, envelope: Mapping[str, Any], reply: Reply, socket: aiohttp.ClientWebSocketResponse
    ) -> None:
        ack: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        if reply.body and envelope.get("accepts_response_payload"):
            ack["payload"] = json.loads(reply.body)
        open_one = self._sockets[-1] if socket.closed and self._sockets else socket
        try:
            await open_one.send_json(ack)
        except (aiohttp.ClientError, OSError) as error:
            _log.warning("an acknowledgement did not reach Slack: %s", type(error).__name__)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
