from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.directory import Directory
from storage.open import OpenStore, open_store
from tests.support.builders import a_directory
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.support.databases import database_url, postgresql_server

__all__ = ["database_url", "postgresql_server"]


@pytest.fixture
def clock() -> FakeClock:
    """Tuesday, 14:10 in New York: the standard window is open."""
    return FakeClock(MONDAY_NOON + timedelta(hours=26, minutes=10))


@pytest.fixture
def directory() -> Directory:
    """Of an installation that measures."""
    return replace(a_directory(), measures=True)


@pytest.fixture
async def store(database_url: str, clock: FakeClock) -> AsyncIterator[OpenStore]:
    opened = await open_store(database_url, clock=clock)
    yield opened
    await opened.aclose()
