"""A store in PostgreSQL, shared by as many processes as you like."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from typing_extensions import override

from bot.ports.clock import Clock
from bot.ports.probe import Probe
from bot.ports.store import Store, StoreUnavailable, Transaction
from storage import migrate
from storage.bell import Bell
from storage.faults import Fault, name_of, sort
from storage.schema import to_json
from storage.transaction import SqlTransaction
from storage.wake import Wake

Result = TypeVar("Result")
Outcome = TypeVar("Outcome")

_POOL: Final = 10
_PAUSES: Final = (0.0, 0.05, 0.2, 0.5)
"""Before each further try, in seconds."""
_GIVE_UP_AFTER: Final = 10.0
"""No further try is begun so many seconds after the first."""
_TIMEOUTS: Final = {"timeout": 5.0, "command_timeout": 8.0}
_SERVER_SETTINGS: Final = {
    "application_name": "opsbot",
    "statement_timeout": "7000",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "15000",
    "jit": "off",  # every statement here takes less time than compiling it
    # Every statement here has its index. A plan made while the outbox was empty would read it from end to
    # end, and go on doing so when thousands of rows are owed at once.
    "enable_seqscan": "off",
}


class PostgresqlStore(Store):
    """One database.

    Connections are not tried out before each use, which would cost three round trips: a transaction that
    meets a lost one is run again on a new one.
    """

    def __init__(self, url: URL, *, clock: Clock, wake: Wake, probe: Probe, read_only: bool) -> None:
        self.wake = wake
        self.notes: tuple[str, ...] = ()
        self._clock = clock
        self._probe = probe
        self._read_only = read_only
        self._name = f"{url.host or url.query.get('host', 'localhost')}/{url.database}"
        self._engine = _engine(url)
        self._snapshots = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._bell = Bell(_connect_with(self._engine))
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    @override
    async def transaction(self, name: str, body: Callable[[Transaction], Result]) -> Result:
        if self._read_only:
            raise StoreUnavailable(f"{self._name} was opened for reading only.")
        return await asyncio.shield(self._carry_out(name, body))

    @override
    async def read(self, body: Callable[[Transaction], Result]) -> Result:
        return await self._look(lambda connection: body(SqlTransaction(connection)))

    async def check(self) -> None:
        """Raise StoreUnavailable or StoreRefused unless the database answers and its schema fits."""
        await self._look(migrate.check)

    async def skew(self) -> timedelta:
        """How far the database's clock is ahead of ours."""
        there = await self._look(lambda connection: connection.scalar(select(func.clock_timestamp())))
        if there is None:
            raise StoreUnavailable(f"{self._name} does not tell the time.")
        skew: timedelta = there - self._clock.now()
        return skew

    async def watch(self) -> None:
        """Wake on what other processes commit, and tell them of ours. Runs until cancelled."""
        await self._bell.listen(self._pass_on)

    def _pass_on(self, touched: frozenset[str]) -> None:
        self.wake(touched)

    async def aclose(self) -> None:
        """Finish what was begun, and close the connections."""
        self._closed = True
        if self._running:
            await asyncio.wait(self._running)
        await self._engine.dispose()

    async def _carry_out(self, name: str, body: Callable[[Transaction], Result]) -> Result:
        """Run a transaction to its end, whatever becomes of whoever waits for it."""
        if self._closed:
            raise StoreUnavailable("The store is closed.")
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)  # the event loop itself holds tasks only weakly
            task.add_done_callback(self._running.discard)
        result, touched = await self._with_patience(lambda: self._once(name, body))
        if touched:
            self.wake(touched)
            self._bell.ring(touched)
        return result

    async def _once(self, name: str, body: Callable[[Transaction], Result]) -> tuple[Result, frozenset[str]]:
        def whole(connection: Connection) -> tuple[Result, frozenset[str]]:
            with connection.begin():
                transaction = SqlTransaction(connection)
                result = body(transaction)
                self._probe(f"{name}.before_commit")
            self._probe(f"{name}.after_commit")
            return result, frozenset(transaction.touched)

        async with self._engine.connect() as connection:
            return await connection.run_sync(whole)

    async def _look(self, body: Callable[[Connection], Result]) -> Result:
        async def once() -> Result:
            async with self._snapshots.connect() as connection:
                return await connection.run_sync(body)

        return await self._with_patience(once)

    async def _with_patience(self, attempt: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Try again after faults that pass, and after a commit whose outcome nobody knows."""
        began = time.monotonic()
        pauses = iter(_PAUSES)
        while True:
            try:
                return await attempt()
            except (DBAPIError, PoolTimeout, OSError) as error:
                fault = sort(error)
                pause = next(pauses, None)
                if fault is Fault.OURS or (fault is Fault.RACE and pause is None):
                    raise
                if fault is Fault.LASTING or pause is None or time.monotonic() - began > _GIVE_UP_AFTER:
                    raise StoreUnavailable(
                        f"The database {self._name} does not answer as it should: {name_of(error)}."
                    ) from error
                if fault is Fault.MOVED:
                    await self._engine.dispose()
            await asyncio.sleep(pause)


async def open_postgresql(
    url: URL, *, clock: Clock, wake: Wake, probe: Probe, read_only: bool
) -> PostgresqlStore:
    """Open the database. Raises SchemaOutdated where it has to be migrated first."""
    store = PostgresqlStore(url, clock=clock, wake=wake, probe=probe, read_only=read_only)
    try:
        await store.check()
    except BaseException:
        await store.aclose()
        raise
    return store


async def migrate_postgresql(url: URL) -> bool:
    """Bring the database's schema up to date; a second process doing the same waits for the first."""
    engine = _engine(url, statement_timeout="0", lock_timeout="0")
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(migrate.bring_up)
    except (DBAPIError, OSError) as error:
        if sort(error) is Fault.OURS:
            raise
        raise StoreUnavailable(f"The database does not answer as it should: {name_of(error)}.") from error
    finally:
        await engine.dispose()


def _engine(url: URL, **settings: str) -> AsyncEngine:
    url = url.set(drivername="postgresql+asyncpg")
    if len(url.normalized_query.get("host", ())) > 1 and "target_session_attrs" not in url.query:
        url = url.update_query_dict({"target_session_attrs": "read-write"})
    return create_async_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=_POOL,
        max_overflow=0,
        pool_timeout=8.0,
        pool_use_lifo=True,
        hide_parameters=True,
        json_serializer=to_json,
        connect_args={**_TIMEOUTS, "server_settings": {**_SERVER_SETTINGS, **settings}},
    )


def _connect_with(engine: AsyncEngine) -> dict[str, Any]:
    """What asyncpg itself needs to reach the same database."""
    _, arguments = engine.dialect.create_connect_args(engine.url)
    own = ("prepared_statement_cache_size", "prepared_statement_name_func", "async_creator_fn")
    return {
        **{name: value for name, value in arguments.items() if name not in own},
        **_TIMEOUTS,
        "server_settings": _SERVER_SETTINGS,
    }
