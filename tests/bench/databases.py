"""Both kinds of databases, each durable: every commit waits for the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from storage.open import migrate
from tests.support.databases import running_postgresql

NewDatabase = Callable[[], str]
"""Makes an empty, migrated database; returns its URL."""


@contextmanager
def kinds_of(folder: Path, *, quick: bool) -> Iterator[dict[str, NewDatabase]]:
    """Both kinds; where it is to be quick, only SQLite, which needs no server."""
    if quick:
        yield {"SQLite": _sqlite_files(folder)}
        return
    with both_kinds(folder) as kinds:
        yield kinds


@contextmanager
def both_kinds(folder: Path) -> Iterator[dict[str, NewDatabase]]:
    """Makers of databases, by kind. The files go into `folder`; PostgreSQL ends with the block."""
    with running_postgresql(durable=True) as server:
        yield {"SQLite": _sqlite_files(folder), "PostgreSQL": lambda: server.url(server.fresh())}


def _sqlite_files(folder: Path) -> NewDatabase:
    numbers = count(1)

    def new() -> str:
        url = f"sqlite+aiosqlite:///{folder}/bench-{next(numbers)}.db"
        asyncio.run(migrate(url))
        return url

    return new
