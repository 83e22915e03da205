"""Whatever happens to alerts and incidents, in any order or at once: both know the same of each other."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.severity import Severity
from storage.open import OpenStore, open_store
from tests.support.clock import FakeClock
from tests.support.linking import Linking

DEEDS = ("acknowledge", "resolve", "reopen", "merge", "link", "unlink", "over", "not yet")
ROUNDS = 12

numbers = st.integers(1, 3)
severities = st.sampled_from([Severity.P0, Severity.P1, Severity.P2])
steps = st.one_of(
    st.tuples(st.just("declares"), severities),
    st.tuples(st.just("comes"), severities),
    st.tuples(st.sampled_from(["resolves", "fires_again", "is_taken"]), numbers),
    st.tuples(st.just("does"), st.sampled_from(DEEDS), numbers, numbers),
    st.tuples(st.just("settles")),
)


@given(st.lists(steps, max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_in_any_order_both_know_the_same(taken: list[tuple[object, ...]]) -> None:
    asyncio.run(_in_order(taken))


async def _in_order(taken: list[tuple[object, ...]]) -> None:
    clock = FakeClock()
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite+aiosqlite:///{Path(folder)}/opsbot.db", clock=clock)
        try:
            linking = Linking(store, clock)
            for name, *arguments in taken:
                await getattr(linking, str(name))(*arguments)
                clock.advance(timedelta(seconds=1))
            await linking.settles()
            assert await linking.wrongs() == []
        finally:
            await store.aclose()


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[OpenStore]:
    opened = await open_store(database_url, clock=FakeClock())
    yield opened
    await opened.aclose()


@pytest.mark.parametrize("deed", ["acknowledge", "resolve", "merge", "unlink"])
async def test_at_once_nothing_hangs_and_nothing_is_lost(store: OpenStore, deed: str) -> None:
    clock = FakeClock()
    linking = Linking(store, clock)
    for number in range(1, ROUNDS, 2):
        await linking.declares()
        known = await linking.comes()
        await linking.declares(Severity.P0)
        await asyncio.gather(
            linking.settles(),
            linking.comes(),
            linking.resolves(known.number),
            linking.does(deed, number, known.number if deed == "unlink" else number + 1),
            linking.comes(),
            linking.settles(),
        )
        await linking.settles()
        assert await linking.wrongs() == []
        await linking.does("resolve", number, 0)
        await linking.does("resolve", number + 1, 0)
        clock.advance(timedelta(hours=2))
