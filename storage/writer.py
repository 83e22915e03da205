"""The one thread that writes to a SQLite file.

Whatever waits when the thread comes round is one batch: each use case in a savepoint of its own, one
commit (one wait for the disk) for all of them.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction

from bot.ports.probe import Probe
from bot.ports.store import StoreUnavailable, Transaction
from storage.transaction import SqlTransaction

Result = TypeVar("Result")

BATCH: Final = 64
"""Use cases per commit at most, so that the first need not wait for ever for the last."""


@dataclass(slots=True, eq=False)
class _Job:
    """One use case on its way through the thread. `future` is resolved on the event loop."""

    name: str
    body: Callable[[Transaction], Any]
    future: asyncio.Future[None]
    result: Any = None
    error: BaseException | None = None
    touched: set[str] = field(default_factory=set)


def begin_writing(connection: Connection) -> RootTransaction:
    """Begin a transaction that is the writer from its first statement on.

    An engine's "begin" event would do the same, and slow down every other statement of the engine.
    """
    transaction = connection.begin()
    connection.connection.cursor().execute("BEGIN IMMEDIATE")
    return transaction


class Writer:
    """Runs bodies one after the other on its thread, and tells the event loop what came of them."""

    def __init__(
        self,
        engine: Engine,
        *,
        probe: Probe,
        committed: Callable[[frozenset[str]], None],
        translate: Callable[[BaseException], BaseException],
    ) -> None:
        self._engine = engine
        self._probe = probe
        self._committed = committed
        self._translate = translate
        self._loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def run(self, name: str, body: Callable[[Transaction], Result]) -> Result:
        """Run `body` and commit. Cancelled before its turn it is left out, afterwards it is finished."""
        if self._closed:
            raise StoreUnavailable("The store is closed.")
        job = _Job(name=name, body=body, future=self._loop.create_future())
        self._jobs.put(job)
        await job.future
        if job.error is not None:
            raise job.error
        result: Result = job.result
        return result

    async def aclose(self) -> None:
        """Finish what waits, then end the thread."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        """Commit batch after batch until None comes."""
        going_on = True
        while going_on:
            batch, going_on = self._next_batch()
            if batch:
                self._write(batch)
                with suppress(RuntimeError):  # the loop is gone, and with it everybody who waits
                    self._loop.call_soon_threadsafe(self._deliver, batch)
        self._disconnect()

    def _next_batch(self) -> tuple[list[_Job], bool]:
        """Wait for a job, then take along what waits behind it; False at the end of all."""
        batch: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == BATCH:
                return batch, True
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _write(self, batch: Sequence[_Job]) -> None:
        """Run and commit a batch. Where the commit itself fails, everybody in it is told."""
        try:
            self._commit(batch)
        except BaseException as error:  # noqa: BLE001 - the thread's boundary: every waiter gets the error
            told = self._translate(error)
            for job in batch:
                job.error = job.error or told
            self._disconnect()

    def _commit(self, batch: Sequence[_Job]) -> None:
        wanted = [job for job in batch if not job.future.cancelled()]
        connection = self._connect()
        with begin_writing(connection) as transaction:
            for job in wanted:
                self._carry_out(job, connection, alone=len(wanted) == 1)
            done = [job for job in wanted if job.error is None]
            if not done:
                transaction.rollback()
            for job in done:
                self._probe(f"{job.name}.before_commit")
        for job in done:
            self._probe(f"{job.name}.after_commit")

    def _carry_out(self, job: _Job, connection: Connection, *, alone: bool) -> None:
        """Run one body. Its exception undoes its own savepoint only; alone it needs none."""
        # Savepoints by hand: SQLAlchemy's cost as much as a whole statement each.
        cursor = connection.connection.cursor()
        transaction = SqlTransaction(connection)
        if not alone:
            cursor.execute("SAVEPOINT use_case")
        try:
            job.result = job.body(transaction)
        except BaseException as error:  # noqa: BLE001 - raised again where the body's caller waits
            job.error = self._translate(error)
            if not alone:
                cursor.execute("ROLLBACK TO use_case")
        else:
            job.touched = transaction.touched
        if not alone:
            cursor.execute("RELEASE use_case")

    def _deliver(self, batch: Sequence[_Job]) -> None:
        """On the event loop: wake whom the commit concerns, then let the waiters go on."""
        touched = frozenset[str]().union(*(job.touched for job in batch if job.error is None))
        if touched:
            self._committed(touched)
        for job in batch:
            if not job.future.done():
                job.future.set_result(None)

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _disconnect(self) -> None:
        """Drop the connection; the next batch opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.invalidate()
                connection.close()
