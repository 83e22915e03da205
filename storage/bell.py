"""Tells other processes, by PostgreSQL's NOTIFY, that something was committed.

On a connection of its own and after the commit: NOTIFY within a transaction would make every commit
wait for the one before. A notice that is lost costs at most one tick.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import asyncpg

from storage.wake import Wake

CHANNEL: Final = "opsbot_wake"
_ALL: Final = frozenset({"pager", "chat", "timers"})
_QUIET_SECONDS: Final = 30.0
"""After so long without a word the connection is tried, so that a dead one is found."""
_PAUSES: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
_LOST: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

_log = logging.getLogger(__name__)


class Bell:
    """Rings other processes' bells, and hears theirs while `listen` runs."""

    def __init__(self, connect_with: dict[str, Any], *, pauses: Sequence[float] = _PAUSES) -> None:
        self._connect_with = connect_with
        self._pauses = pauses
        self._to_ring: set[str] = set()
        self._rung = asyncio.Event()

    def ring(self, touched: frozenset[str]) -> None:
        """Tell the others, soon; several calls become one notice."""
        self._to_ring |= touched
        self._rung.set()

    async def listen(self, wake: Wake) -> None:
        """Pass on the others' notices to `wake` until cancelled, over lost connections."""
        failures = 0
        while True:
            try:
                connection = await asyncpg.connect(**self._connect_with)
                try:
                    await self._take_place(connection, wake)
                    failures = 0
                    await self._attend(connection)
                finally:
                    connection.terminate()
            except _LOST as error:
                # Everybody goes on by the tick meanwhile.
                _log.warning(
                    "The connection for wake-ups between processes is lost (%s).", type(error).__name__
                )
            pause = self._pauses[min(failures, len(self._pauses) - 1)]
            failures += 1
            await asyncio.sleep(pause)

    async def _take_place(self, connection: Any, wake: Wake) -> None:
        """Begin to listen."""

        def heard(_connection: object, sender: int, _channel: str, payload: str) -> None:
            if sender != own:
                wake(frozenset(payload.split(",")) & _ALL)

        own = connection.get_server_pid()
        connection.add_termination_listener(lambda _connection: self._rung.set())
        await connection.add_listener(CHANNEL, heard)
        wake(_ALL)  # what was committed while nobody listened

    async def _attend(self, connection: Any) -> None:
        """Ring, and keep listening, until the connection is lost."""
        while not connection.is_closed():
            with suppress(TimeoutError):
                async with asyncio.timeout(_QUIET_SECONDS):
                    await self._rung.wait()
            self._rung.clear()
            touched, self._to_ring = self._to_ring, set()
            if touched:
                await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, ",".join(sorted(touched)))
            else:
                await connection.execute("SELECT 1")
