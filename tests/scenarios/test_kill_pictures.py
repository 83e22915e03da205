"""The bot is killed while it hangs charts under its reviews: each hangs once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from bot.adapters.clock import OffsetClock, WallClock
from bot.domain.delivery import DeliveryKind
from bot.sandbox.clock import OffsetClock as PrometheusClock
from storage.open import open_store
from tests.support.bot_process import Installation, replica
from tests.support.keeper import PATIENCE_SECONDS, Keeper
from tests.support.prometheus import served_prometheus
from tests.support.reviewed import seconds_until_due, shipped_with_only

_PAUSE_SECONDS = 0.1
FIRST_LOOK = "begin_runs.after_commit"
REVIEWS = ("capacity-review", "daily-performance-review")
"""Due at the same time, with a chart each; whatever is sent after their looks is one of these."""

DEATHS = (
    FIRST_LOOK,
    f"metrics.after_send:{len(REVIEWS) + 1}",  # it hangs, and nobody has written that down
    "settle_metrics.before_commit",
    "metrics.before_send",
    "metrics.after_send",
    "settle_metrics.after_commit",
)


async def test_a_kill_between_upload_and_settling_hangs_no_chart_twice(home: Installation) -> None:
    async with served_prometheus(clock=PrometheusClock(home.clock_file)) as served:
        guide = home.folder / "guide.yaml"
        guide.write_text(shipped_with_only(*REVIEWS), encoding="utf-8")
        measured = replace(home, more={"PROMETHEUS_URL": served.url, "OPSBOT_GUIDE": str(guide)})
        async with replica(measured) as bot:
            _let_share_files(measured)
            measured.reached_at(bot.url)
            keeper = Keeper(measured, bot, DEATHS)
            await keeper.until(lambda: keeper.killed, "the first look", paced=True)
            measured.forward(seconds=seconds_until_due(REVIEWS[0], OffsetClock(home.clock_file).now()))
            # From now on time goes as it does: drawing takes real seconds, and a lease counts the clock's.
            await keeper.until(lambda: keeper.killed == list(_points()), "the last death")
            await keeper.until(lambda: len(_shared(measured)) == len(REVIEWS), "every chart")
            await _until_settled(measured)
            assert await bot.terminate() == 0
        assert set(_shared(measured).values()) == {1}


def _let_share_files(home: Installation) -> None:
    world = home.slack.world
    world.app = replace(world.app, scopes=world.app.scopes | {"files:write", "files:read"})


def _points() -> Iterator[str]:
    return (point.partition(":")[0] for point in DEATHS)


def _shared(home: Installation) -> Counter[str]:
    """How often each hangs."""
    return Counter(one.name for one in home.slack.workspace.files if one.completed)


async def _until_settled(home: Installation) -> None:
    """Wait until no chart is owed: it is seen in Slack before it is noted that it hangs there."""
    for _ in range(int(PATIENCE_SECONDS / _PAUSE_SECONDS)):
        if not await _owed(home):
            return
        await asyncio.sleep(_PAUSE_SECONDS)
    raise AssertionError("a chart is still owed")


async def _owed(home: Installation) -> int:
    """How many charts are still owed."""
    store = await open_store(home.database_url, clock=WallClock(), read_only=True)
    try:
        rows = await store.read(lambda tx: tx.outbox.backlog())
    finally:
        await store.aclose()
    return sum(count for kind, count, _ in rows if kind == DeliveryKind.PICTURE)
