"""What is true of PostgreSQL only: lost connections, unknown commits, several processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.ports.store import StoreUnavailable, Transaction
from storage.bell import Bell
from storage.open import OpenStore, open_store
from tests.integration.storage.rows import NOW, a_delivery
from tests.support.clock import FakeClock
from tests.support.databases import PostgresqlServer

pytestmark = pytest.mark.postgresql


@pytest.fixture
def database(postgresql_server: PostgresqlServer) -> Iterator[str]:
    name = postgresql_server.fresh()
    yield name
    postgresql_server.drop(name)


@pytest.fixture
def url(postgresql_server: PostgresqlServer, database: str) -> str:
    return postgresql_server.url(database)


@pytest.fixture
async def shared(url: str, clock: FakeClock) -> AsyncIterator[OpenStore]:
    opened = await open_store(url, clock=clock)
    yield opened
    await opened.aclose()


def _cut(server: PostgresqlServer, database: str) -> None:
    """End every connection to a database, as a failover does."""
    server.sql(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        " AND backend_type = 'client backend'"
    )


async def test_connections_lost_while_idle_are_not_noticed_by_callers(
    shared: OpenStore, postgresql_server: PostgresqlServer, database: str
) -> None:
    await asyncio.gather(*(shared.transaction("noop", lambda tx: tx.facts.get("n")) for _ in range(5)))
    _cut(postgresql_server, database)
    await shared.transaction("put", lambda tx: tx.facts.put("n", "v"))
    _cut(postgresql_server, database)
    assert await shared.read(lambda tx: tx.facts.get("n")) == "v"


async def test_a_connection_lost_before_the_commit_runs_the_body_again(
    url: str, clock: FakeClock, postgresql_server: PostgresqlServer, database: str
) -> None:
    cuts = [1]

    def probe(point: str) -> None:
        if point == "owe.before_commit" and cuts:
            cuts.pop()
            _cut(postgresql_server, database)

    store = await open_store(url, clock=clock, probe=probe)
    runs: list[int] = []

    def body(tx: Transaction) -> None:
        runs.append(1)
        tx.outbox.owe(a_delivery())

    await store.transaction("owe", body)
    backlog = await store.read(lambda tx: tx.outbox.backlog())
    await store.aclose()
    assert (len(runs), backlog) == (2, (("line", 1, NOW),))


class _Proxy:
    """Stands between a store and its server, and swallows the answer to one COMMIT."""

    def __init__(self, server: Path, own: Path) -> None:
        self._server = server
        self._own = own
        self.swallow = False

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_unix_server(self._connected, self._own)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_unix_connection(self._server)
        with suppress(ConnectionError):
            async with asyncio.TaskGroup() as group:
                group.create_task(self._asking(reader, there_writer))
                group.create_task(self._answering(there_reader, writer))
        for end in (writer, there_writer):
            end.close()

    async def _asking(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            self._committing = self.swallow and b"COMMIT;" in data
            writer.write(data)
            await writer.drain()
        writer.write_eof()

    async def _answering(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self._committing:  # the server has done it; nobody will hear of it
                self.swallow = False
                writer.transport.abort()
                return
            writer.write(data)
            await writer.drain()
        writer.close()

    _committing = False


async def test_a_commit_whose_answer_is_lost_is_done_once(
    url: str, clock: FakeClock, postgresql_server: PostgresqlServer, tmp_path: Path
) -> None:
    proxy = _Proxy(postgresql_server.socket, tmp_path / postgresql_server.socket.name)
    serving = await proxy.serve()
    through = url.replace(str(postgresql_server.socket.parent), str(tmp_path))
    store = await open_store(through, clock=clock)
    runs: list[int] = []

    def body(tx: Transaction) -> str:
        runs.append(1)
        repeated = tx.receipts.find("slack", "1")
        if repeated is not None:
            return f"again: {repeated}"
        tx.outbox.owe(a_delivery())
        tx.receipts.keep("slack", "1", "declared", NOW)
        return "declared"

    proxy.swallow = True
    answer = await store.transaction("declare", body)
    backlog = await store.read(lambda tx: tx.outbox.backlog())
    await store.aclose()
    serving.close()
    assert (answer, len(runs), backlog) == ("again: declared", 2, (("line", 1, NOW),))


async def test_two_deliveries_of_one_request_at_once_get_one_answer(
    shared: OpenStore, url: str, clock: FakeClock
) -> None:
    other = await open_store(url, clock=clock)

    def body(who: str, tx: Transaction) -> str:
        first = tx.receipts.find("slack", "1")
        if first is None:
            tx.receipts.keep("slack", "1", who, NOW)
        return first or who

    turns = [
        (shared, other)[turn % 2].transaction("declare", partial(body, f"try {turn}")) for turn in range(10)
    ]
    answers = await asyncio.gather(*turns)
    await other.aclose()
    assert len(set(answers)) == 1


async def test_a_mistake_is_raised_as_it_is(shared: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        tx.receipts.keep("slack", "1", "x", NOW)
        tx.receipts.keep("slack", "1", "x", NOW)

    with pytest.raises(Exception, match="UniqueViolation"):
        await shared.transaction("keep", body)


async def test_a_server_that_went_away_is_said_to_be_unavailable(
    shared: OpenStore, postgresql_server: PostgresqlServer, database: str
) -> None:
    postgresql_server.drop(database)
    with pytest.raises(StoreUnavailable, match=f"{database} does not answer"):
        await shared.transaction("put", lambda tx: tx.facts.put("n", "v"))


async def test_without_a_server_that_takes_writes_the_database_is_said_to_be_unavailable(
    url: str, clock: FakeClock
) -> None:
    with pytest.raises(StoreUnavailable, match="TargetServerAttributeNotMatched"):
        await open_store(f"{url}&target_session_attrs=standby", clock=clock)


async def test_a_commit_wakes_the_other_processes(shared: OpenStore, url: str, clock: FakeClock) -> None:
    heard: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    other = await open_store(url, clock=clock, wake=heard.put_nowait)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        watching = [group.create_task(other.watch()), group.create_task(shared.watch())]
        assert await heard.get() == {"pager", "chat", "timers"}  # it has begun to listen
        await shared.transaction("owe", lambda tx: tx.outbox.owe(a_delivery()))
        assert await heard.get() == {"chat"}
        for task in watching:
            task.cancel()
    await other.aclose()


async def test_a_process_does_not_hear_its_own_bell(url: str, clock: FakeClock) -> None:
    heard: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    store = await open_store(url, clock=clock, wake=heard.put_nowait)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        watching = group.create_task(store.watch())
        await heard.get()
        await store.transaction("owe", lambda tx: tx.outbox.owe(a_delivery()))
        assert await heard.get() == {"chat"}
        await store.transaction("noop", lambda tx: tx.facts.get("n"))
        assert heard.empty()
        watching.cancel()
    await store.aclose()


async def test_listening_is_taken_up_again_after_a_lost_connection(
    shared: OpenStore, url: str, clock: FakeClock, postgresql_server: PostgresqlServer, database: str
) -> None:
    heard: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    shared.wake = heard.put_nowait
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        watching = group.create_task(shared.watch())
        await heard.get()
        _cut(postgresql_server, database)
        assert await heard.get() == {"pager", "chat", "timers"}
        watching.cancel()


async def test_listening_begins_with_the_shortest_pause_after_every_success(
    postgresql_server: PostgresqlServer, database: str
) -> None:
    heard: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    where = {"host": str(postgresql_server.socket.parent), "user": "postgres", "database": database}
    bell = Bell(where, pauses=(0.0, 600.0))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        listening = group.create_task(bell.listen(heard.put_nowait))
        for _ in range(3):
            assert await heard.get() == {"pager", "chat", "timers"}
            _cut(postgresql_server, database)
        listening.cancel()


@pytest.mark.parametrize("rounds", range(8))
async def test_listening_ends_when_cancelled_in_the_moment_of_a_ring(
    postgresql_server: PostgresqlServer, database: str, rounds: int
) -> None:
    heard: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    where = {"host": str(postgresql_server.socket.parent), "user": "postgres", "database": database}
    bell = Bell(where)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        listening = group.create_task(bell.listen(heard.put_nowait))
        await heard.get()
        bell.ring(frozenset({"chat"}))
        for _ in range(rounds):
            await asyncio.sleep(0)
        listening.cancel()


async def test_skew_is_how_far_the_database_is_ahead(shared: OpenStore, clock: FakeClock) -> None:
    before = await shared.skew()
    clock.advance(hours=1)
    after = await shared.skew()
    assert timedelta(minutes=59) < before - after <= timedelta(hours=1)


async def test_reading_sees_one_moment(shared: OpenStore, url: str, clock: FakeClock) -> None:
    from sqlalchemy.util import await_only  # noqa: PLC0415 - a body cannot wait; the greenlet under it can

    other = await open_store(url, clock=clock)

    def body(tx: Transaction) -> tuple[str | None, str | None]:
        before = tx.facts.get("n")
        await_only(other.transaction("put", lambda theirs: theirs.facts.put("n", "v")))
        return before, tx.facts.get("n")

    seen = await shared.read(body)
    await other.aclose()
    assert seen == (None, None)
