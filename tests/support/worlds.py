"""Fixtures of whole worlds, to be imported into a conftest beside those of `databases`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.harness import Setup, World, opened_world

OpenWorld = Callable[..., Awaitable[World]]


@pytest.fixture
async def a_world(tmp_path: Path) -> AsyncIterator[OpenWorld]:
    """Makes a world with another setup, or (`started=False`) one whose bot is not running yet."""
    async with AsyncExitStack() as stack:

        async def make(*, started: bool = True, **setup: Any) -> World:
            url = setup.pop("database_url", f"sqlite+aiosqlite:///{tmp_path}/opsbot.db")
            world = await stack.enter_async_context(opened_world(Setup(database_url=url, **setup)))
            if started:
                await world.start()
            return world

        yield make


@pytest.fixture
async def world(a_world: OpenWorld) -> World:
    """Slack, PagerDuty with routing keys and REST, and the bot on SQLite."""
    return await a_world()


@pytest.fixture
async def either_world(a_world: OpenWorld, database_url: str) -> World:
    """The same on SQLite and on PostgreSQL, for the stories that must hold on both."""
    return await a_world(database_url=database_url)
