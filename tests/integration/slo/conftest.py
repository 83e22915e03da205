from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.open import OpenStore, open_store
from tests.support.clock import FakeClock
from tests.support.history_prometheus import told
from tests.support.metric_source import FakeMetrics

__all__ = ["told"]


@pytest.fixture
async def store(tmp_path: Path, clock: FakeClock) -> AsyncIterator[OpenStore]:
    opened = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'slo.db'}", clock=clock)
    yield opened
    await opened.aclose()


@pytest.fixture
def source() -> FakeMetrics:
    return FakeMetrics()
