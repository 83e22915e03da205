from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.delivery import Recipient
from bot.ports.store import Transaction
from storage import migrate as schema
from storage.gate import SCHEMA
from storage.open import OpenStore, migrate, open_store
from storage.refusal import CodeOutdated, SchemaOutdated
from storage.schema import metadata
from tests.integration.storage.rows import NOW, a_delivery
from tests.support.clock import FakeClock
from tests.support.databases import PostgresqlServer

Result = TypeVar("Result")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two databases with nothing in them."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/a.db", f"sqlite+aiosqlite:///{tmp_path}/b.db"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    names = [server.fresh(migrated=False), server.fresh(migrated=False)]
    yield server.url(names[0]), server.url(names[1])
    for name in names:
        server.drop(name)


async def _run(url: str, body: Callable[[Connection], Result]) -> Result:
    engine = create_async_engine(make_url(url))
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(body)
    finally:
        await engine.dispose()


def _differences(connection: Connection) -> Any:
    return compare_metadata(MigrationContext.configure(connection), metadata)


def _shape(connection: Connection) -> list[str]:
    """The database's own account of its tables and indexes."""
    if connection.dialect.name == "sqlite":
        written = "SELECT name || ' ' || sql FROM sqlite_master WHERE sql IS NOT NULL"
        return sorted(_plain(line) for line in connection.scalars(text(written)))
    columns = """SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
        || is_identity || coalesce(identity_generation, '') || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'"""
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    checks = """SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace"""
    triggers = """SELECT pg_get_triggerdef(pg_trigger.oid) || pg_get_functiondef(tgfoid)
        FROM pg_trigger WHERE NOT tgisinternal"""
    queries = (columns, indexes, checks, triggers)
    return sorted(line for query in queries for line in connection.scalars(text(query)))


def _plain(sql: str) -> str:
    """SQL without its layout, and without the order in which a table's constraints are written."""
    return " ".join(sorted(re.findall(r"[\w']+", sql)))


async def test_migrations_lead_to_the_tables_that_the_code_knows(empty_urls: tuple[str, str]) -> None:
    url, _ = empty_urls
    await _run(url, schema.upgrade)
    assert await _run(url, _differences) == []


async def test_a_new_database_is_what_migrations_lead_to(empty_urls: tuple[str, str]) -> None:
    migrated, created = empty_urls
    await _run(migrated, schema.upgrade)
    await migrate(created)
    assert await _run(created, _shape) == await _run(migrated, _shape)


async def test_a_new_database_may_be_claimed_from_by_the_code_that_migrations_name(
    empty_urls: tuple[str, str],
) -> None:
    migrated, created = empty_urls
    await _run(migrated, schema.upgrade)
    await migrate(created)
    rows = [await _run(url, lambda c: c.execute(text("SELECT * FROM meta")).all()) for url in empty_urls]
    assert rows[0] == rows[1]


def test_the_newest_migration_is_the_schema_that_the_code_knows() -> None:
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert scripts.get_current_head() == f"{SCHEMA:04}"


async def test_migrating_twice_changes_nothing(empty_urls: tuple[str, str]) -> None:
    url, _ = empty_urls
    assert [await migrate(url), await migrate(url)] == [True, False]
    assert await _run(url, schema.schema_version) == SCHEMA


async def test_an_empty_postgresql_is_refused_with_what_to_do(postgresql_server: PostgresqlServer) -> None:
    name = postgresql_server.fresh(migrated=False)
    with pytest.raises(SchemaOutdated, match="Run `opsbot migrate`"):
        await open_store(postgresql_server.url(name), clock=FakeClock())
    postgresql_server.drop(name)


async def test_an_older_schema_is_refused_with_what_to_do(database_url: str) -> None:
    await migrate(database_url)
    await _run(database_url, lambda c: c.execute(text("UPDATE alembic_version SET version_num = '0000'")))
    with pytest.raises(SchemaOutdated, match="this opsbot needs schema"):
        await _run(database_url, schema.check)


async def _demand_newer_code(url: str) -> None:
    await _run(url, lambda c: c.execute(text(f"UPDATE meta SET min_code = {SCHEMA + 1}")))


async def test_code_that_is_too_old_does_not_start(database_url: str) -> None:
    await migrate(database_url)
    await _demand_newer_code(database_url)
    with pytest.raises(CodeOutdated, match="Start the newer version"):
        await open_store(database_url, clock=FakeClock())


async def test_code_that_became_too_old_while_running_claims_nothing(
    store: OpenStore, database_url: str
) -> None:
    await store.transaction("owe", lambda tx: tx.outbox.owe(a_delivery()))
    await _demand_newer_code(database_url)

    def claim(tx: Transaction) -> tuple[object, ...]:
        return (*tx.outbox.ready(Recipient.CHAT, NOW, 5), *tx.timers.due(NOW, 5))

    assert await store.transaction("claim", claim) == ()
    with pytest.raises(CodeOutdated):
        await store.check()


async def test_a_newer_schema_that_still_takes_this_code_is_fine(database_url: str) -> None:
    await migrate(database_url)
    newer = f"{SCHEMA + 1:04}"
    await _run(database_url, lambda c: c.execute(text(f"UPDATE alembic_version SET version_num = '{newer}'")))
    store = await open_store(database_url, clock=FakeClock())
    await store.aclose()
