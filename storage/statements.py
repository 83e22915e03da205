"""Runs the store's own statements, each compiled once.

SQLAlchemy finds out anew at every call what of a statement differs this time, which takes several times
as long as the database itself (docs/performance.md). Nothing differs here: the statements are constants of
their modules, and each is always given the same names.
"""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler

Statement = Select[Any] | Insert | Update | Delete
Values = Mapping[str, Any]

_NOTHING: Final[Values] = MappingProxyType({})

_Process = Callable[[Any], Any]
_Slot = tuple[str | None, _Process | None, Any]
"""A place in the text: the name whose value goes there and its conversion, or None and the value itself."""


class Rows:
    """What a statement gave back: its rows, all of them read, and how many rows it changed."""

    def __init__(self, rows: Sequence[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def first(self) -> Any:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:
        """The first row's first value, or None."""
        return self._rows[0][0] if self._rows else None


class Statements:
    """Runs statements over one connection. Rows have their columns' names as attributes.

    A statement with an expanding parameter differs from call to call: that is for `connection` itself.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        if not connection.in_transaction():
            connection.begin()  # as SQLAlchemy does at the first statement; closing the connection ends it
        self._prepared = _PREPARED[connection.dialect.name]

    def execute(self, statement: Statement, values: Values | Sequence[Values] = _NOTHING) -> Rows:
        """Run it: once with a mapping, once for each of a sequence of them. Raises DBAPIError."""
        prepared = self._prepared.get(statement)
        if prepared is None:
            first = values if isinstance(values, Mapping) else values[0]
            prepared = _Prepared(statement, self.connection.dialect, list(first))
            self._prepared[statement] = prepared
        return prepared.run(self.connection, values)

    def scalar(self, statement: Statement, values: Values = _NOTHING) -> Any:
        """Run it; the first row's first value, or None."""
        return self.execute(statement, values).scalar()

    def scalars(self, statement: Statement, values: Values = _NOTHING) -> Iterator[Any]:
        """Run it; each row's first value."""
        return (row[0] for row in self.execute(statement, values))


class _Prepared:
    """A statement's text for one dialect, and how its values and columns are converted."""

    def __init__(self, statement: Statement, dialect: Dialect, names: list[str]) -> None:
        if isinstance(statement, Insert) and not _makes_rows(statement):
            statement = statement.inline()  # else the numbers that the database draws would be fetched
        compiled = statement.compile(dialect=dialect, column_keys=names)
        assert isinstance(compiled, SQLCompiler)
        assert compiled.positional
        self._text = compiled.string
        self._slots = [_slot(compiled, name, names) for name in compiled.positiontup or ()]
        self._columns = list(statement.exported_columns) if _makes_rows(statement) else []
        self._readers = list(_readers(self._columns, dialect))
        names = [column.key or "" for column in self._columns]
        self._make: _Process = getattr(namedtuple("Row", names, rename=True), "_make")  # noqa: B009, PYI024

    def run(self, connection: Connection, values: Values | Sequence[Values]) -> Rows:
        """Hand text and values to the driver."""
        if isinstance(values, Mapping):
            result = connection.exec_driver_sql(self._text, self._bound(values))
        else:
            result = connection.exec_driver_sql(self._text, [self._bound(one) for one in values])
        rows = [self._row(row) for row in result.fetchall()] if self._columns else ()
        return Rows(rows, result.rowcount)

    def _bound(self, values: Values) -> tuple[Any, ...]:
        return tuple(
            [
                fixed if name is None else values[name] if process is None else process(values[name])
                for name, process, fixed in self._slots
            ]
        )

    def _row(self, row: Sequence[Any]) -> Any:
        if self._readers:
            row = list(row)
            for index, read in self._readers:
                row[index] = read(row[index])
        return self._make(row)


def _makes_rows(statement: Statement) -> bool:
    return isinstance(statement, Select) or bool(statement.returning_column_descriptions)


def _readers(columns: Sequence[Any], dialect: Dialect) -> Iterator[tuple[int, _Process]]:
    """The conversions of the columns that need one, by the column's place."""
    for index, column in enumerate(columns):
        read = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if read is not None:
            yield index, read


def _slot(compiled: SQLCompiler, name: str, names: Sequence[str]) -> _Slot:
    bind = compiled.binds[name]
    process = bind.type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
    if bind.key in names or bind.required:
        return bind.key, process, None
    return None, None, bind.value if process is None else process(bind.value)


_PREPARED: Final[defaultdict[str, dict[Statement, _Prepared]]] = defaultdict(dict)
"""By dialect, for the life of the process: there are as many as statements in this package."""
