"""What is true of a SQLite file only."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.delivery import Recipient
from bot.ports.store import StoreUnavailable, Transaction
from storage.open import OpenStore, migrate, open_store
from storage.refusal import StoreBusy
from storage.sqlite import _reset_bug
from tests.integration.storage.rows import NOW, a_delivery, seconds
from tests.support.clock import FakeClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "opsbot.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def file_store(url: str, points: list[str]) -> AsyncIterator[OpenStore]:
    def probe(point: str) -> None:
        points.append(point)

    opened = await open_store(url, clock=FakeClock(), probe=probe)
    points.clear()
    yield opened
    await opened.aclose()


class _Gate:
    """A body that holds the writer until it is let go, so that others pile up behind it."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self._go = threading.Event()

    def __call__(self, _tx: Transaction) -> None:
        self.started.set()
        assert self._go.wait(10)

    def open(self) -> None:
        self._go.set()


async def _pile_up(store: OpenStore, bodies: dict[str, object], gate: _Gate) -> list[object]:
    """Run bodies in one batch: all of them wait while the gate is shut."""
    tasks: list[asyncio.Task[object]] = []
    async with asyncio.TaskGroup() as group:
        group.create_task(store.transaction("gate", gate))
        await asyncio.to_thread(gate.started.wait)
        tasks.extend(group.create_task(_outcome(store, name, body)) for name, body in bodies.items())
        await asyncio.sleep(0)
        gate.open()
    return [task.result() for task in tasks]


async def _outcome(store: OpenStore, name: str, body: object) -> object:
    try:
        return await store.transaction(name, body)  # type: ignore[arg-type]
    except Exception as error:  # noqa: BLE001 - the outcome is what is asked for
        return error


async def test_the_log_is_written_ahead_and_synced(url: str, path: Path, file_store: OpenStore) -> None:
    def pragmas(tx: Transaction) -> list[object]:
        connection = tx.facts._connection  # type: ignore[attr-defined]
        names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert await file_store.transaction("pragmas", pragmas) == ["wal", 2, 10000, 1]


async def test_what_waits_together_is_committed_together(file_store: OpenStore, points: list[str]) -> None:
    bodies: dict[str, object] = {name: lambda tx: tx.facts.put("n", "v") for name in ("a", "b", "c")}
    await _pile_up(file_store, bodies, _Gate())
    assert points[2:] == [
        "a.before_commit",
        "b.before_commit",
        "c.before_commit",
        "a.after_commit",
        "b.after_commit",
        "c.after_commit",
    ]


async def test_a_failure_in_a_batch_undoes_itself_only(file_store: OpenStore) -> None:
    def fail(tx: Transaction) -> None:
        tx.facts.put("bad", "v")
        raise ValueError("no")

    def good(name: str) -> object:
        return lambda tx: tx.facts.put(name, "v")

    bodies = {"first": good("first"), "bad": fail, "last": good("last")}
    outcomes = await _pile_up(file_store, bodies, _Gate())
    facts = await file_store.read(lambda tx: [tx.facts.get(name) for name in bodies])
    assert [type(outcome).__name__ for outcome in outcomes] == ["NoneType", "ValueError", "NoneType"]
    assert facts == ["v", None, "v"]


async def test_a_failed_commit_is_told_to_everybody_in_it(url: str) -> None:
    broken = threading.Event()

    def probe(point: str) -> None:
        if broken.is_set() and point == "b.before_commit":
            raise sqlite3.OperationalError("disk I/O error")

    store = await open_store(url, clock=FakeClock(), probe=probe)
    broken.set()
    bodies: dict[str, object] = {name: lambda tx: tx.facts.put("n", "v") for name in ("a", "b")}
    outcomes = await _pile_up(store, bodies, _Gate())
    broken.clear()
    after = await store.read(lambda tx: tx.facts.get("n"))
    await store.transaction("again", lambda tx: tx.facts.put("n", "later"))
    await store.aclose()
    assert [type(outcome).__name__ for outcome in outcomes] == ["StoreUnavailable"] * 2
    assert after is None


async def test_a_body_whose_waiter_left_before_its_turn_is_left_out(file_store: OpenStore) -> None:
    gate = _Gate()
    async with asyncio.TaskGroup() as group:
        group.create_task(file_store.transaction("gate", gate))
        await asyncio.to_thread(gate.started.wait)
        late = group.create_task(file_store.transaction("late", lambda tx: tx.facts.put("n", "v")))
        await asyncio.sleep(0)
        late.cancel()
        await asyncio.sleep(0)
        gate.open()
    await file_store.transaction("next", lambda _tx: None)
    assert await file_store.read(lambda tx: tx.facts.get("n")) is None


async def test_a_body_whose_waiter_left_after_its_start_is_committed(file_store: OpenStore) -> None:
    gate = _Gate()

    def body(tx: Transaction) -> None:
        tx.facts.put("n", "v")
        gate(tx)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(file_store.transaction("slow", body))
        await asyncio.to_thread(gate.started.wait)
        task.cancel()
        await asyncio.sleep(0)
        gate.open()
    await file_store.transaction("next", lambda _tx: None)
    assert await file_store.read(lambda tx: tx.facts.get("n")) == "v"


async def test_a_second_process_is_refused_with_a_word(url: str, path: Path, file_store: OpenStore) -> None:
    code = (
        "import asyncio, sys\n"
        "from bot.adapters.clock import WallClock\n"
        "from storage.open import open_store\n"
        "asyncio.run(open_store(sys.argv[1], clock=WallClock()))\n"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code, url], capture_output=True, text=True, check=False
    )
    assert "StoreBusy" in done.stderr
    assert f"{path} is in use by another opsbot (process " in done.stderr


async def test_migrating_beside_a_running_bot_is_refused(url: str, file_store: OpenStore) -> None:
    with pytest.raises(StoreBusy, match="stop the other"):
        await migrate(url)


async def test_the_lock_is_free_once_the_store_is_closed(url: str) -> None:
    for _ in range(2):
        store = await open_store(url, clock=FakeClock())
        await store.aclose()


async def test_readers_need_no_lock(url: str, file_store: OpenStore) -> None:
    await file_store.transaction("put", lambda tx: tx.facts.put("n", "v"))
    reader = await open_store(url, clock=FakeClock(), read_only=True)
    value = await reader.read(lambda tx: tx.facts.get("n"))
    with pytest.raises(StoreUnavailable, match="for reading only"):
        await reader.transaction("put", lambda tx: tx.facts.put("n", "w"))
    await reader.aclose()
    assert value == "v"


async def test_reading_a_file_that_is_not_there_creates_none(url: str, path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="no database"):
        await open_store(url, clock=FakeClock(), read_only=True)
    assert not list(path.parent.iterdir())


async def test_leases_of_the_process_before_are_given_back_at_the_start(url: str) -> None:
    store = await open_store(url, clock=FakeClock())

    def claim(tx: Transaction) -> None:
        tx.outbox.owe(a_delivery())
        tx.outbox.lease(["line/1"], "t1", NOW + seconds(15))

    await store.transaction("claim", claim)
    await store.aclose()
    store = await open_store(url, clock=FakeClock())
    (again,) = await store.transaction("ready", lambda tx: tx.outbox.ready(Recipient.CHAT, NOW, 5))
    await store.aclose()
    assert again.uncertain


async def test_a_file_that_is_no_database_is_said_to_be_unusable(url: str, path: Path) -> None:
    await asyncio.to_thread(
        path.write_bytes, b"this is no database at all, only some text that is long enough" * 20
    )
    with pytest.raises(StoreUnavailable, match="not a database"):
        await open_store(url, clock=FakeClock())


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"]
)
async def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="in memory would lose every deadline"):
        await open_store(url, clock=FakeClock())


async def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there is no directory .*/missing"):
        await open_store(f"sqlite+aiosqlite:///{tmp_path}/missing/opsbot.db", clock=FakeClock())


@pytest.mark.parametrize(
    ("version", "warned"),
    [
        ((3, 40, 1), True),
        ((3, 51, 2), True),
        ((3, 50, 6), True),
        ((3, 45, 0), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
        ((3, 50, 7), False),
        ((3, 44, 6), False),
    ],
)
def test_sqlite_with_the_reset_bug_is_warned_of(version: tuple[int, int, int], *, warned: bool) -> None:
    assert (_reset_bug(version) is not None) is warned
