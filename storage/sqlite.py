"""A store in one SQLite file, for one process: one thread writes, several connections read."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from typing_extensions import override

from bot.ports.probe import Probe
from bot.ports.store import Store, StoreUnavailable, Transaction
from storage import migrate
from storage.lock import FileLock
from storage.refusal import StoreRefused
from storage.schema import to_json
from storage.transaction import SqlTransaction
from storage.wake import Wake
from storage.writer import Writer, begin_writing

Result = TypeVar("Result")

_READERS: Final = 4
_TROUBLE = (sqlite3.DatabaseError, PoolTimeout)
_MISTAKES = (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.ProgrammingError)
_PRAGMAS = ("busy_timeout=10000", "foreign_keys=ON", "synchronous=FULL")


class SqliteStore(Store):
    """One file. `notes` are warnings for the operator at start-up."""

    def __init__(self, path: Path, *, wake: Wake, probe: Probe, lock: FileLock | None) -> None:
        self.wake = wake
        self.notes = tuple(note for note in (_reset_bug(sqlite3.sqlite_version_info),) if note)
        self._path = path
        self._lock = lock
        self._readers = _reading_engine(path)
        self._writer: Writer | None = None
        if lock is not None:
            self._writer = Writer(
                _writing_engine(path),
                probe=probe,
                committed=self._committed,
                translate=self._translated,
            )

    @override
    async def transaction(self, name: str, body: Callable[[Transaction], Result]) -> Result:
        if self._writer is None:
            raise StoreUnavailable(f"{self._path} was opened for reading only.")
        return await self._writer.run(name, body)

    @override
    async def read(self, body: Callable[[Transaction], Result]) -> Result:
        return await self._look(lambda connection: body(SqlTransaction(connection)))

    async def check(self) -> None:
        """Raise StoreUnavailable or StoreRefused unless the database answers and its schema fits."""
        await self._look(migrate.check)

    async def skew(self) -> timedelta:
        """How far the database's clock is ahead of ours: SQLite has none of its own."""
        return timedelta()

    async def watch(self) -> None:
        """Return at once: nobody else writes to the file, so that there is nothing to listen to."""

    async def aclose(self) -> None:
        """Finish what was begun, close the file, and let the next process in."""
        await self._readers.dispose()  # readers first: whoever closes last folds the log into the file
        if self._writer is not None:
            await self._writer.aclose()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _committed(self, touched: frozenset[str]) -> None:
        self.wake(touched)

    async def _look(self, body: Callable[[Connection], Result]) -> Result:
        try:
            async with self._readers.connect() as connection:
                return await connection.run_sync(body)
        except (DBAPIError, PoolTimeout) as error:
            raise self._translated(error) from error

    def _translated(self, error: BaseException) -> BaseException:
        """What the caller is told: our mistakes as they are, the file's trouble as StoreUnavailable."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, _TROUBLE) and not isinstance(cause, _MISTAKES):
            unavailable = StoreUnavailable(f"{self._path} cannot be used: {cause}.")
            unavailable.__cause__ = error
            return unavailable
        return error


async def open_sqlite(url: URL, *, wake: Wake, probe: Probe, read_only: bool) -> SqliteStore:
    """Open the file, bring its schema up to date, and give back the leases of the process before."""
    path = file_of(url)
    if read_only:
        if not path.exists():
            raise StoreUnavailable(f"There is no database at {path}.")
        store = SqliteStore(path, wake=wake, probe=probe, lock=None)
        await _or_close(store, store.check())
        return store
    lock = FileLock(path)
    try:
        await asyncio.to_thread(bring_up, path)
    except BaseException:
        lock.release()
        raise
    store = SqliteStore(path, wake=wake, probe=probe, lock=lock)
    await _or_close(store, store.transaction("release", lambda tx: tx.outbox.release()))
    return store


def file_of(url: URL) -> Path:
    """The file that a URL names. Raises ValueError for what is no plain file."""
    name = url.database
    if not name or name == ":memory:" or name.startswith("file:") or url.query:
        raise ValueError(
            "DATABASE_URL must name a file, as in sqlite+aiosqlite:///opsbot.db, without options: a database "
            "in memory would lose every deadline with the process."
        )
    path = Path(name).absolute()
    if not path.parent.is_dir():
        raise ValueError(f"DATABASE_URL names {path}, but there is no directory {path.parent}.")
    return path


def bring_up(path: Path) -> bool:
    """Create or migrate the file. Returns whether anything changed. The caller holds its lock."""
    engine = _writing_engine(path)
    try:
        with engine.connect() as connection:
            mode = connection.connection.cursor().execute("PRAGMA journal_mode=WAL").fetchone()[0]
            if mode != "wal":
                raise StoreRefused(
                    f"{path} lies on a file system where SQLite cannot keep a write-ahead log (it answers "
                    f"{mode!r}). Put it on a local disk."
                )
            with begin_writing(connection):
                return migrate.bring_up(connection)
    except (DBAPIError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(f"{path} cannot be opened: {cause}.") from error
    finally:
        engine.dispose()


def _writing_engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        hide_parameters=True,
        json_serializer=to_json,
    )
    event.listen(engine, "connect", lambda connection, _record: _prepare(connection))
    return engine


def _reading_engine(path: Path) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        pool_size=_READERS,
        max_overflow=0,
        hide_parameters=True,
        json_serializer=to_json,
    )
    sync = engine.sync_engine
    event.listen(sync, "connect", lambda connection, _record: _prepare(connection, "query_only=ON"))
    event.listen(sync, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))  # a snapshot
    return engine


def _prepare(connection: Any, *more: str) -> None:
    """Make a new connection ours. Transactions are begun by the engines' own events, not by the driver."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (*_PRAGMAS, *more):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _reset_bug(version: tuple[int, int, int]) -> str | None:
    """A warning where this SQLite can lose data in a rare race (https://sqlite.org/wal.html#walresetbug)."""
    mended = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    if mended or version < (3, 7):
        return None
    name = ".".join(map(str, version))
    return (
        f"SQLite {name} has a rare bug that can damage a database when two connections write or checkpoint "
        "at the same moment. opsbot writes from one connection only, which keeps clear of it; other programs "
        "should not write to the file. SQLite 3.51.3 has it mended."
    )


async def _or_close(store: SqliteStore, first: Awaitable[Any]) -> None:
    """Await a store's first step, and close it where that fails."""
    try:
        await first
    except BaseException:
        await store.aclose()
        raise


async def migrate_sqlite(url: URL) -> bool:
    """Bring the file's schema up to date. Raises StoreBusy where a running opsbot has it."""
    path = file_of(url)
    lock = FileLock(path)
    try:
        return await asyncio.to_thread(bring_up, path)
    finally:
        lock.release()
