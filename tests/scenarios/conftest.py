from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.bot_process import Installation, installation
from tests.support.chaos_table import PROPERTY, Column, table
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


@pytest.fixture
async def alone(nursery: Path, tmp_path: Path) -> AsyncIterator[Installation]:
    """The same on SQLite, which serves one process."""
    async with installation(nursery, tmp_path, f"sqlite+aiosqlite:///{tmp_path}/opsbot.db") as made:
        yield made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what came of the kills; the figures come as properties, from other processes too."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    found = [value for one in reports for name, value in one.user_properties if name == PROPERTY]
    if found:
        terminalreporter.section("kills")
        for line in table([Column(**value) for value in found]):
            terminalreporter.write_line(line)
