"""The bot is killed at each point of its way; nobody is paged twice, and nobody is forgotten."""

from __future__ import annotations

import asyncio
from itertools import groupby
from pathlib import Path

import pytest

from tests.support.bot_process import BotProcess, Installation, installation, replica, was_killed
from tests.support.databases import PostgresqlServer
from tests.support.keeper import LEASE_SECONDS, Keeper
from tests.support.kill_points import POINTS
from tests.support.story import Plan, Story, tell
from tests.support.verdict import judge

GIVING_BACK = ("release.before_commit", "release.after_commit")
"""Where a start gives back what the process before had claimed: on SQLite, at which nobody else works."""

ON_ITS_WAY = [
    points
    for _, group in groupby(POINTS, lambda point: point.partition(".")[0])
    if (points := tuple(group)) != GIVING_BACK
]
"""The points before and after each thing: one story dies at both."""

HALF_WAY = (
    "claim_pager.after_commit",
    "pager.before_send",
    "pager.after_send",
    "settle_pager.before_commit",
    "claim_chat.after_commit",
    "chat.after_send",
)
"""Where a replica holds what it has not sent, or has sent what it has not written down."""


@pytest.mark.parametrize("points", ON_ITS_WAY, ids=[points[0].partition(".")[0] for points in ON_ITS_WAY])
async def test_a_kill_on_the_way_loses_nothing_and_doubles_nothing(
    home: Installation, points: tuple[str, ...]
) -> None:
    await _live_through(home, points)


async def test_a_kill_while_starting_again_keeps_what_was_claimed(alone: Installation) -> None:
    await _live_through(alone, ("claim_pager.after_commit", *GIVING_BACK))


async def _live_through(home: Installation, points: tuple[str, ...]) -> None:
    """One incident from declaration to end, with a kill at each of the points, in turn."""
    async with replica(home) as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot, points)
        story = Story(Plan(title="checkout is down"), home, keeper)
        await tell(home, [story])
        assert keeper.killed == list(points)
        assert await bot.terminate() == 0
    verdict = await judge(home, [story])
    assert verdict.well, verdict


@pytest.mark.postgresql
@pytest.mark.parametrize("point", HALF_WAY)
async def test_another_replica_finishes_what_a_killed_one_has_begun(
    nursery: Path, tmp_path: Path, postgresql_server: PostgresqlServer, point: str
) -> None:
    url = postgresql_server.url(postgresql_server.emptied())
    async with (
        installation(nursery, tmp_path, url) as home,
        replica(home, "first") as first,
        replica(home, "second") as second,
        asyncio.TaskGroup() as group,
    ):
        home.reached_at(second.url)
        assert await first.start(point)
        assert await second.start()
        home.slack_sends_to(first.url)
        group.create_task(_fail_over(home, first, second))
        story = Story(Plan(title="checkout is down"), home, Keeper(home, second))
        await tell(home, [story])
        assert was_killed(first.exit_code)
        assert await second.terminate() == 0
    verdict = await judge(home, [story])
    assert verdict.well, verdict


async def _fail_over(home: Installation, first: BotProcess, second: BotProcess) -> None:
    """Once the first replica is dead, Slack reaches the second one, and the leases run out."""
    await first.ended()
    home.slack_sends_to(second.url)
    home.forward(seconds=LEASE_SECONDS)
