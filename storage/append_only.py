"""Histories only grow: the database itself refuses to change or remove an entry that is written."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

_SQLITE: Final = (
    (
        "CREATE TRIGGER events_stay_as_they_are BEFORE UPDATE ON events "
        "BEGIN SELECT RAISE(ABORT, 'events only grow: none is changed'); END"
    ),
    (
        "CREATE TRIGGER events_stay BEFORE DELETE ON events "
        "BEGIN SELECT RAISE(ABORT, 'events only grow: none is removed'); END"
    ),
    # INSERT OR REPLACE removes what is in its way without a DELETE that a trigger could see.
    (
        "CREATE TRIGGER events_are_not_replaced BEFORE INSERT ON events "
        "WHEN EXISTS (SELECT 1 FROM events WHERE subject = NEW.subject AND sequence = NEW.sequence) "
        "BEGIN SELECT RAISE(ABORT, 'events only grow: this one is there already'); END"
    ),
)
_POSTGRESQL: Final = (
    (
        "CREATE FUNCTION events_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'events only grow' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    ),
    (
        "CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE ON events "
        "FOR EACH ROW EXECUTE FUNCTION events_only_grow()"
    ),
    (
        "CREATE TRIGGER events_are_not_emptied BEFORE TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION events_only_grow()"
    ),
)


def let_events_only_grow(connection: Connection) -> None:
    """Make the database refuse UPDATE and DELETE of events (PostgreSQL: TRUNCATE as well)."""
    statements = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements:
        connection.exec_driver_sql(statement)
