"""The bot is killed at each point of its way; nobody is paged twice, and nobody is forgotten."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.support.bot_process import Installation, replica
from tests.support.keeper import Keeper
from tests.support.killable import POINTS
from tests.support.story import Plan, Story, tell
from tests.support.verdict import judge

ON_ITS_WAY = [tuple(points) for _, points in groupby(POINTS, lambda point: point.partition(".")[0])]
"""The points before and after each thing: one story dies at both."""


@pytest.mark.parametrize("points", ON_ITS_WAY, ids=[points[0].partition(".")[0] for points in ON_ITS_WAY])
async def test_a_kill_on_the_way_loses_nothing_and_doubles_nothing(
    home: Installation, points: tuple[str, ...]
) -> None:
    if home.shared and points[0].startswith("release"):
        pytest.skip("only SQLite gives leases back at the start")
    async with replica(home) as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot, points)
        story = Story(Plan(title="checkout is down"), home, keeper)
        await tell(story)
        assert keeper.killed == list(points)
        assert await bot.terminate() == 0
    verdict = await judge(home, [story])
    assert verdict.well, verdict
