"""Prometheus takes connections and never answers: whoever asks it waits, and nobody else."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from bot.adapters.clock import OffsetClock
from bot.sandbox.slack import Message
from tests.support.bot_process import Installation, replica
from tests.support.keeper import Keeper
from tests.support.reviewed import seconds_until_due, shipped_with_only
from tests.support.silence import silent_server
from tests.support.story import CHANNEL, DECLARER, Plan, Story, delivery_key

PAGE_SECONDS = 5.0
"""A page is accepted before Prometheus is given up (after 5.5 s): it cannot have waited for that."""
ACK_SECONDS = 3.0
"""How long Slack waits for the answer to a command: all are answered in that time."""
FIRST_LOOK = "begin_runs.after_commit"
REVIEW, REVIEW_SECONDS = "health-check", 10.0
"""A review waits 8 s for what it looks at, and no longer."""
ASKED = 20
THREADS = 8


async def test_a_prometheus_that_hangs_delays_no_ack_no_page_and_no_end(alone: Installation) -> None:
    """People ask of it, and each incident owes a look at it: there it hangs, and others page."""
    async with silent_server() as silence:
        home = replace(alone, more={"PROMETHEUS_URL": silence.url})
        async with replica(home) as bot:
            home.reached_at(bot.url)
            assert await bot.start()
            keeper = Keeper(home, bot)
            await Story(Plan(title="checkout is down"), home, keeper).declare()
            home.forward(minutes=1)
            await silence.until_called(1)

            began = time.monotonic()
            asked = await asyncio.gather(
                *(home.slack.command(DECLARER, CHANNEL, "/slo", "") for _ in range(ASKED))
            )
            acked = time.monotonic() - began
            await silence.until_called(2)
            await Story(Plan(title="search is down"), home, keeper).declare()

            assert time.monotonic() - began < PAGE_SECONDS
            assert all(reply.ok for reply in asked)
            assert acked < ACK_SECONDS
            assert silence.callers <= THREADS
            assert await bot.terminate() == 0
            assert '"level": "error"' not in bot.log()


async def test_a_review_is_posted_in_time_though_prometheus_hangs(alone: Installation) -> None:
    async with silent_server() as silence:
        guide = alone.folder / "guide.yaml"
        guide.write_text(shipped_with_only(REVIEW), encoding="utf-8")
        home = replace(alone, more={"PROMETHEUS_URL": silence.url, "OPSBOT_GUIDE": str(guide)})
        async with replica(home, "reviewing") as bot:
            home.reached_at(bot.url)
            keeper = Keeper(home, bot, [FIRST_LOOK])
            await keeper.until(lambda: keeper.killed, "the first look, which asks for nothing")
            home.forward(seconds=seconds_until_due(REVIEW, OffsetClock(home.clock_file).now()))
            await silence.until_called(1)
            began = time.monotonic()
            await keeper.until(lambda: _reviews(home), "the review")
            assert time.monotonic() - began < REVIEW_SECONDS
            await keeper.until(
                lambda: "Prometheus" in str(_reviews(home)[0].content.blocks), "why it is bare"
            )
            assert await bot.terminate() == 0
            assert '"level": "error"' not in bot.log()


def _reviews(home: Installation) -> list[Message]:
    """The cards of reviews."""
    messages = home.slack.messages_in(CHANNEL)
    return [one for one in messages if (delivery_key(one) or "").startswith("run/")]
