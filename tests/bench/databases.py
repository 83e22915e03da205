"""Both kinds of databases, each durable: every commit waits for the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.open import migrate
from tests.support.databases import running_postgresql

NewDatabase = Callable[[], str]
"""Makes an empty, migrated database; returns its URL."""


@contextmanager
def both_kinds(folder: Path) -> Iterator[dict[str, NewDatabase]]:
    """Makers of databases, by kind. The files go into `folder`; PostgreSQL ends with the block."""
    made = 0

    def sqlite() -> str:
        nonlocal made
        made += 1
        url = f"sqlite+aiosqlite:///{folder}/bench-{made}.db"
        asyncio.run(migrate(url))
        return url

    with running_postgresql(durable=True) as server:
        yield {"SQLite": sqlite, "PostgreSQL": lambda: server.url(server.fresh())}
