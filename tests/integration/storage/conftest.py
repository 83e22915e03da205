from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.open import OpenStore, open_store
from tests.support.clock import FakeClock
from tests.support.databases import database_url, postgresql_server

__all__ = ["database_url", "postgresql_server"]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def woken() -> list[frozenset[str]]:
    """What the store said was touched, commit by commit."""
    return []


@pytest.fixture
def points() -> list[str]:
    """The probe points that were passed."""
    return []


@pytest.fixture
async def store(
    database_url: str, clock: FakeClock, woken: list[frozenset[str]], points: list[str]
) -> AsyncIterator[OpenStore]:
    def probe(point: str) -> None:
        points.append(point)

    opened = await open_store(database_url, clock=clock, wake=woken.append, probe=probe)
    points.clear()
    yield opened
    await opened.aclose()
