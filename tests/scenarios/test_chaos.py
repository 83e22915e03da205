"""`kill -9` again and again while people go on: `make chaos KILLS=1000`, with SEED=… for the same course."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count, islice

import pytest

from tests.support.bot_process import Installation, replica
from tests.support.chaos_table import PROPERTY, Column
from tests.support.keeper import Keeper
from tests.support.kill_points import COMMANDS, POINTS
from tests.support.story import Plan, Story, tell
from tests.support.verdict import judge

KILLS = int(os.environ.get("KILLS", "50"))
"""Over both databases together."""

MERCY_SECONDS = 3.0
"""A bot that does not come by its point for so long is killed wherever it is."""

AT_ONCE = 3
"""Incidents that are open side by side, at most."""


@pytest.mark.chaos
async def test_people_get_every_page_once_however_often_the_bot_is_killed(
    home: Installation, record_property: Callable[[str, object], None]
) -> None:
    began = time.monotonic()
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    print(f"SEED={seed}")
    chance = random.Random(seed)
    kills = KILLS // 2 if home.shared else KILLS - KILLS // 2
    stories: list[Story] = []
    async with replica(home) as bot:
        home.reached_at(bot.url)
        sentences = islice(_sentences(chance, shared=home.shared), kills)
        keeper = Keeper(home, bot, sentences, mercy=MERCY_SECONDS)
        while len(keeper.killed) < kills:
            together = [Story(_plan(chance), home, keeper) for _ in range(chance.randint(1, AT_ONCE))]
            await tell(home, together, waits=chance.randint(0, 3))
            stories += together
        assert await bot.terminate() == 0
    verdict = await judge(home, stories)
    column = Column(
        database="postgresql" if home.shared else "sqlite",
        seed=seed,
        seconds=time.monotonic() - began,
        killed=dict(Counter(keeper.killed)),
        incidents=verdict.incidents,
        pages=verdict.pages,
        lost=len(verdict.lost),
        doubled=len(verdict.doubled),
    )
    record_property(PROPERTY, column.to_json())
    assert verdict.well, verdict


def _sentences(chance: random.Random, *, shared: bool) -> Iterator[str]:
    """Every point once, in any order; then again. What happens often is not always hit the first time."""
    for turn in count():
        points = [point for point in POINTS if _is_reached(point, turn, shared=shared)]
        for point in chance.sample(points, len(points)):
            often = point.partition(".")[0] not in {*COMMANDS, "release", "remember_workspace", "hear"}
            yield f"{point}:{chance.randint(1, 5 if often else 1)}"


def _is_reached(point: str, turn: int, *, shared: bool) -> bool:
    name = point.partition(".")[0]
    if name == "remember_workspace":
        return False  # only a start that finds something new comes by; test_kill.py has it
    return name != "release" or not shared


def _plan(chance: random.Random) -> Plan:
    return Plan(
        title="checkout is down",
        raised=chance.random() < 0.7,
        escalated=chance.random() < 0.7,
        by_command=chance.random() < 0.5,
        retypes=chance.random() < 0.5,
        reopened=chance.random() < 0.7,
    )
