from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.bot_process import Installation, installation
from tests.support.databases import database_url, postgresql_server
from tests.support.nursery import running_nursery

__all__ = ["database_url", "postgresql_server"]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Path]:
    with running_nursery() as socket:
        yield socket


@pytest.fixture
async def home(nursery: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Installation]:
    async with installation(nursery, tmp_path, database_url) as made:
        yield made
