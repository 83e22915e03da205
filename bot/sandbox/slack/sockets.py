"""Socket Mode: the connections that an app opened, and what is sent over them."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

MOST = 10
TICKET_BYTES = 24
WARNING = "warning"


@dataclass(eq=False, slots=True)
class _Connection:
    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)


class Sockets:
    """At most ten connections. An envelope goes over any one of them, in turn."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._turn = 0

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    def issue_ticket(self) -> str:
        """What opens one connection."""
        ticket = secrets.token_urlsafe(TICKET_BYTES)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request, app_id: str) -> web.StreamResponse:
        """A connection from its handshake to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=408, text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        if self.count >= MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        connection = _Connection(socket)
        self._connections.append(connection)
        try:
            await socket.send_json(_hello(app_id, self.count))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    _take_ack(connection, message.data)
        finally:
            self._drop(connection)
        return socket

    async def send(self, kind: str, payload: dict[str, Any], *, accepts_response: bool, **retry: Any) -> Any:
        """Send an envelope and wait for its acknowledgement; return the payload that it carries.

        Raises ConnectionError where no connection is open, or where it ends before the acknowledgement.
        """
        if not self._connections:
            raise ConnectionError("no Socket Mode connection is open")
        self._turn += 1
        connection = self._connections[self._turn % self.count]
        envelope_id = str(uuid.uuid4())
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": accepts_response,
            **retry,
        }
        acknowledged: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = acknowledged
        try:
            await connection.socket.send_json(envelope)
            return (await acknowledged).get("payload")
        finally:
            connection.waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to come anew, and close it; nothing more is sent over it.

        A `warning` comes some seconds before that, and closes nothing.
        """
        notice = {"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}}
        if reason == WARNING:
            for connection in self._connections:
                await connection.socket.send_json(notice)
            return
        leaving, self._connections = self._connections, []
        for connection in leaving:
            await connection.socket.send_json(notice)
            await connection.socket.close()

    async def close(self) -> None:
        """End every connection."""
        for connection in tuple(self._connections):
            await connection.socket.close(code=1001)

    def _drop(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for waiting in connection.waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the connection ended before the acknowledgement"))


def _hello(app_id: str, count: int) -> dict[str, Any]:
    return {
        "type": "hello",
        "num_connections": count,
        "debug_info": {"host": "stand-in", "approximate_connection_time": 18060},
        "connection_info": {"app_id": app_id},
    }


def _take_ack(connection: _Connection, data: str) -> None:
    try:
        ack = json.loads(data)
    except ValueError:
        return
    waiting = connection.waiting.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
    if waiting is not None and not waiting.done():
        waiting.set_result(ack)
