"""How a database means to carry out a statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event


def plan_of(connection: Connection, statement: Any, parameters: dict[str, Any]) -> str:
    """The plan of a statement as the store sends it."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, _many: bool) -> None:
        sent.append((sql, values))

    event.listen(connection, "before_cursor_execute", note)
    connection.execute(statement, parameters)
    event.remove(connection, "before_cursor_execute", note)
    prefix = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{prefix} {sent[0][0]}", sent[0][1])
    return "\n".join(str(row[-1]) for row in rows)
