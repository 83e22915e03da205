from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.bot_process import Installation, installation
from tests.support.databases import database_url, postgresql_server
from tests.support.nursery import running_nursery
from tests.support.worlds import a_world, either_world, world

__all__ = ["a_world", "database_url", "either_world", "postgresql_server", "world"]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Path]:
    """Where bots are started without importing everything again."""
    with running_nursery() as socket:
        yield socket


@pytest.fixture
async def home(nursery: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Installation]:
    """What a bot's process works with; nothing runs yet."""
    async with installation(nursery, tmp_path, database_url) as made:
        yield made
