"""What came of many kills, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.support.keeper import ANYWHERE
from tests.support.kill_points import POINTS

PROPERTY = "chaos"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One database's share: how often the bot was killed at which point, and what people got."""

    database: str
    seed: int
    seconds: float
    killed: dict[str, int]
    incidents: int
    pages: int
    lost: int
    doubled: int

    def to_json(self) -> dict[str, Any]:
        """As a test's property carries it."""
        return asdict(self)


def table(columns: Sequence[Column]) -> Iterator[str]:
    """The lines of the table, a column a database."""
    yield _line("", [column.database for column in columns])
    for point in (*POINTS, ANYWHERE):
        counts = [column.killed.get(point, 0) for column in columns]
        if any(counts):
            yield _line(point, counts)
    yield ""
    yield _line("kills", [sum(column.killed.values()) for column in columns])
    for name in ("incidents", "pages", "lost", "doubled"):
        yield _line(name, [getattr(column, name) for column in columns])
    yield _line("seconds", [round(column.seconds) for column in columns])
    yield _line("SEED", [column.seed for column in columns])


def _line(name: str, values: Sequence[object]) -> str:
    return f"{name:<36}" + "".join(f"{value!s:>12}" for value in values)
