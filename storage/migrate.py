"""Brings a database to this code's schema, and says whether code and schema fit.

Alembic is imported only where an older schema has to be changed; a new database is created from
`storage.schema` at once, and tests hold both ways to the same result.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, inspect, select, text

from storage.append_only import let_events_only_grow
from storage.gate import SCHEMA
from storage.refusal import CodeOutdated, SchemaOutdated
from storage.schema import meta, metadata

MIN_CODE: Final = 1
"""The oldest code that may claim from a database which this code has created."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7220215)")


def schema_version(connection: Connection) -> int:
    """The number of the database's schema, 0 for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return 0
    return int(connection.scalar(text("SELECT version_num FROM alembic_version")) or 0)


def check(connection: Connection) -> None:
    """Raise SchemaOutdated or CodeOutdated where this code may not work with the database."""
    version = schema_version(connection)
    if version < SCHEMA:
        state = f"has schema {version}" if version else "is empty"
        raise SchemaOutdated(
            f"The database {state}, and this opsbot needs schema {SCHEMA}. Run `opsbot migrate` with the "
            "same DATABASE_URL, then start again."
        )
    check_age(connection)


def check_age(connection: Connection) -> None:
    """Raise CodeOutdated where newer code has changed the database beyond what this code knows."""
    min_code = connection.scalar(select(meta.c.min_code)) or 0
    if min_code > SCHEMA:
        raise CodeOutdated(
            f"The database was migrated by a newer opsbot and takes none older than schema {min_code}; this "
            f"one knows schema {SCHEMA}. Start the newer version."
        )


def bring_up(connection: Connection) -> bool:
    """Create or migrate the schema in the connection's transaction. Returns whether anything changed."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_AT_A_TIME)
    version = schema_version(connection)
    if version == 0:
        _create(connection)
    elif version < SCHEMA:
        upgrade(connection)
    else:
        check_age(connection)
    return version < SCHEMA


def upgrade(connection: Connection, target: str = "head") -> None:
    """Run the migrations up to `target` in the connection's transaction."""
    from alembic import command  # noqa: PLC0415 - takes half a second, and is hardly ever needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _create(connection: Connection) -> None:
    metadata.create_all(connection, checkfirst=False)
    let_events_only_grow(connection)
    connection.execute(insert(meta), {"id": 1, "min_code": MIN_CODE})
    connection.execute(
        text(
            "CREATE TABLE alembic_version "
            "(version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(
        text("INSERT INTO alembic_version (version_num) VALUES (:version)"), {"version": f"{SCHEMA:04}"}
    )
