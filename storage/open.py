"""Opens the store that a URL names."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.ports.clock import Clock
from bot.ports.probe import Probe, no_probe
from bot.ports.store import Store
from storage.wake import Wake, no_wake

_POSTGRESQL = {"postgresql", "postgres", "postgresql+asyncpg"}
_SQLITE = {"sqlite", "sqlite+aiosqlite"}


class OpenStore(Store, Protocol):
    """A store and what its owner needs of it. Close it with `aclose`."""

    wake: Wake
    """Called on the event loop after a commit; may be set at any time."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings for the operator, to be logged at start-up."""

    async def check(self) -> None:
        """Raise StoreUnavailable or StoreRefused unless the database answers and its schema fits."""

    async def skew(self) -> timedelta:
        """How far the database's clock is ahead of ours."""

    async def watch(self) -> None:
        """Wake on what other processes commit. Runs until cancelled, or returns where nobody else can."""

    async def aclose(self) -> None:
        """Finish what was begun and close. Nothing may be started afterwards."""


async def open_store(
    url: str, *, clock: Clock, wake: Wake = no_wake, probe: Probe = no_probe, read_only: bool = False
) -> OpenStore:
    """Open the database of `url`.

    SQLite is migrated on the way and locked against a second process; with `read_only` neither, and
    transactions are refused. Raises ValueError for a URL that names no database we know, StoreRefused
    where this process may not work with it, StoreUnavailable where it does not answer.
    """
    parsed = parse(url)
    if parsed.drivername in _SQLITE:
        from storage.sqlite import open_sqlite  # noqa: PLC0415 - the other database's driver stays unloaded

        return await open_sqlite(parsed, wake=wake, probe=probe, read_only=read_only)
    from storage.postgresql import open_postgresql  # noqa: PLC0415 - the same

    return await open_postgresql(parsed, clock=clock, wake=wake, probe=probe, read_only=read_only)


async def migrate(url: str) -> bool:
    """Bring the database of `url` to this code's schema. Returns whether anything changed."""
    parsed = parse(url)
    if parsed.drivername in _SQLITE:
        from storage.sqlite import migrate_sqlite  # noqa: PLC0415 - the same

        return await migrate_sqlite(parsed)
    from storage.postgresql import migrate_postgresql  # noqa: PLC0415 - the same

    return await migrate_postgresql(parsed)


def parse(url: str) -> URL:
    """Read a URL. Raises ValueError, which never quotes the URL: it may hold a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(
            "DATABASE_URL is no URL. Write sqlite+aiosqlite:///opsbot.db or "
            "postgresql+asyncpg://user:password@host/database."
        ) from None
    if parsed.drivername not in _SQLITE | _POSTGRESQL:
        raise ValueError(
            f"DATABASE_URL begins with {parsed.drivername!r}. opsbot knows sqlite+aiosqlite and "
            "postgresql+asyncpg."
        )
    return parsed
