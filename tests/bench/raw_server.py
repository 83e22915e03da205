"""The yardstick for acknowledgements: a handler that does nothing which it need not.

Its own process: the same signature check and decoding, and an equal durable commit, which is the rows of
a declared incident in the same tables, written by hand through sqlite3 (one writer thread, group commit)
or asyncpg. No vendor is called, nothing is rendered, nobody is paged.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import queue
import sqlite3
import threading
import time
import uuid
from typing import Any, Protocol
from urllib.parse import parse_qsl

import asyncpg
from aiohttp import web

_PATH = json.dumps({"rungs": [["on-call", "On-call"]], "response_ms": 900000, "pages": True, "repeats": True})
_PAYLOAD = json.dumps({"step": 0, "tier": "on-call", "key": "k", "summary": "checkout is down", "links": []})
_BATCH = 64

_INCIDENT = """INSERT INTO incidents (id, severity, status, title, channel, security, path, declared_by_id,
    declared_by_name, declared_at, epoch, epoch_at, next_step, answers_from, drill, roles,
    room_private, room_invited)
    VALUES ($1, 'P0', 'triggered', $2, 'platform-alerts', $3, $4, $5, $6, $7, 1, $7, 1, 0, false, '{}',
    false, '[]')
    RETURNING number"""
_EVENT = """INSERT INTO events (subject, sequence, at, actor_id, actor_name, kind, data)
    VALUES ($1, $2, $3, $4, $5, $6, $7)"""
_TIMER = """INSERT INTO timers (key, kind, subject, epoch, step, due)
    VALUES ($1, $2, $3, 1, 1, $4)"""
_PAGE = """INSERT INTO pages (incident, epoch, step, tier, title, via, key, past_acknowledgement,
    requested_at) VALUES ($1, 1, 0, 'on-call', 'On-call', 'on-call', $2, $3, $4)"""
_OUTBOX = """INSERT INTO outbox (key, recipient, kind, subject, epoch, order_key, lane, method, priority,
    not_before, created_at, payload, state, attempts, revision, uncertain)
    VALUES ($1, $2, $3, $4, 1, $5, $6, '', 0, $7, $7, $8, 'waiting', 0, 0, $9)"""
_RECEIPT = "INSERT INTO receipts (source, delivery_id, reply, at) VALUES ('slack/command', $1, $2, $3)"


class Writer(Protocol):
    """Makes a declaration durable."""

    async def declare(self, fields: dict[str, str]) -> int:
        """Commit; the incident's number."""


class SqliteWriter:
    """One thread, one connection, one commit for all that waits."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[tuple[dict[str, str], asyncio.Future[int]]] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    async def declare(self, fields: dict[str, str]) -> int:
        future: asyncio.Future[int] = self._loop.create_future()
        self._jobs.put((fields, future))
        return await future

    def _run(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        for pragma in ("busy_timeout=10000", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        while True:
            jobs = [self._jobs.get()]
            while len(jobs) < _BATCH and not self._jobs.empty():
                jobs.append(self._jobs.get())
            try:
                connection.execute("BEGIN IMMEDIATE")
                done = [(future, _declare(connection, fields)) for fields, future in jobs]
                connection.execute("COMMIT")
            except sqlite3.Error as error:  # such as a schema that this handler does not know yet
                connection.rollback()
                self._loop.call_soon_threadsafe(_refuse, [future for _, future in jobs], error)
            else:
                self._loop.call_soon_threadsafe(_resolve, done)


def _declare(connection: sqlite3.Connection, fields: dict[str, str]) -> int:
    rows = _rows(fields)
    number: int = connection.execute(_numbered(_INCIDENT), rows["incident"]).fetchone()[0]
    for statement, name in _MANY:
        connection.executemany(_numbered(statement), rows[name])
    return number


def _numbered(statement: str) -> str:
    return statement.replace("$", "?")


def _resolve(done: list[tuple[asyncio.Future[int], int]]) -> None:
    for future, number in done:
        future.set_result(number)


def _refuse(futures: list[asyncio.Future[int]], error: sqlite3.Error) -> None:
    for future in futures:
        future.set_exception(error)


class PostgresqlWriter:
    """A pool of ten, a transaction each, statements prepared by asyncpg."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def declare(self, fields: dict[str, str]) -> int:
        rows = _rows(fields)
        async with self._pool.acquire() as connection, connection.transaction():
            number: int = await connection.fetchval(_INCIDENT, *rows["incident"])
            for statement, name in _MANY:
                await connection.executemany(statement, rows[name])
        return number


_MANY = (
    (_EVENT, "events"),
    (_TIMER, "timers"),
    (_PAGE, "pages"),
    (_OUTBOX, "outbox"),
    (_RECEIPT, "receipts"),
)


def _rows(fields: dict[str, str]) -> dict[str, Any]:
    """The rows of one declared incident: nine, as opsbot writes them."""
    identity, now = uuid.uuid4().hex, int(time.time() * 1000)  # noqa: TID251 - no clock to be handed here
    user, name, title = fields["user_id"], fields["user_name"], fields["text"].partition(" ")[2]
    page = f"{identity}/1/0"
    return {
        "incident": (identity, title, False, _PATH, user, name, now),
        "events": [
            (identity, 1, now, user, name, "declared", json.dumps({"title": title})),
            (identity, 2, now, user, name, "paged", '{"step":0,"tier":"on-call","title":"On-call"}'),
        ],
        "timers": [
            (f"escalation/{identity}/1/1", "escalation", identity, now + 900_000),
            (f"page_watch/{identity}/1/0", "page_watch", identity, now + 60_000),
        ],
        "pages": [(identity, page, False, now)],
        "outbox": [
            (f"page/{page}", "pager", "page", identity, page, "pagerduty/on-call", now, _PAYLOAD, False),
            (
                f"card/{identity}",
                "chat",
                "card",
                identity,
                f"chat/{identity}",
                "slack/post",
                now,
                "{}",
                False,
            ),
        ],
        "receipts": [(fields["trigger_id"], f"declared: {title}", now)],
    }


class Handler:
    """`POST /slack/events`."""

    def __init__(self, writer: Writer, secret: str) -> None:
        self._writer = writer
        self._secret = secret.encode()

    async def post(self, request: web.Request) -> web.Response:
        """Check, decode, commit, acknowledge."""
        body = await request.read()
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        base = b"v0:" + stamp.encode() + b":" + body
        ours = "v0=" + hmac.digest(self._secret, base, hashlib.sha256).hex()
        if not hmac.compare_digest(ours, request.headers.get("X-Slack-Signature", "")):
            return web.Response(status=401)
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        number = await self._writer.declare(fields)
        return web.json_response({"response_type": "ephemeral", "text": f"P0 #{number} is declared."})


async def serve(database: str, port: int, secret: str) -> None:
    """Serve until the process is ended."""
    writer: Writer
    if database.startswith("sqlite"):
        writer = SqliteWriter(database.partition(":///")[2])
    else:
        writer = PostgresqlWriter(
            await asyncpg.create_pool(database.replace("+asyncpg", ""), min_size=10, max_size=10)
        )
    app = web.Application()
    app.router.add_post("/slack/events", Handler(writer, secret).post)
    app.router.add_get("/readyz", _ready)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


async def _ready(_request: web.Request) -> web.Response:
    return web.Response()


def main() -> None:
    """Run it as a process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--secret", required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.database, options.port, options.secret))


if __name__ == "__main__":
    main()
