"""What was noisiest: told each business day in each channel in which something fired, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.guide import Guide
from bot.services.alert_summary import AlertSummaries
from tests.support.builders import new_york
from tests.support.harness import World, a_staffed_guide
from tests.support.people import OPS, readable
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"
TUESDAY_NINE = new_york(2026, 3, 17, 9, 0)


def _summaries(world: World, channel: str = OPS) -> list[str]:
    said = world.slack.messages_in(channel)
    texts = [readable(one.content) for one in said]
    return [text for text in texts if "since the last summary" in text or "Security alerts fired" in text]


async def _noise(world: World, times: int = 3) -> None:
    await world.sums_up()
    for _ in range(times):
        await world.fires("HighErrorRate", service="api-gateway")
        await world.resolves("HighErrorRate", service="api-gateway")
        await world.forward(minutes=30)
    await world.fires("DiskFull", severity="critical")
    await world.forward(minutes=5)


async def test_in_the_morning_the_noisiest_are_told_once(either_world: World) -> None:
    world = either_world
    await _noise(world)
    await world.forward_to(TUESDAY_NINE - timedelta(minutes=1))
    await world.sums_up()
    assert _summaries(world) == []
    await world.forward(minutes=1)
    await world.sums_up()
    [summary] = _summaries(world)
    assert "fired 4 times, 0 pages; acknowledged by nobody. Noisiest: HighErrorRate, 3 times" in summary
    assert "1. *HighErrorRate* (API Gateway)  3 times · acknowledged by nobody" in summary
    assert "2. *DiskFull*" in summary
    for _ in range(3):
        await world.forward(hours=2)
        await world.sums_up()
    assert len(_summaries(world)) == 1
    assert _summaries(world, SECURITY) == []
    await world.forward(days=1)
    await world.sums_up()
    assert len(_summaries(world)) == 1, "a quiet day says nothing"


async def test_on_days_on_which_nobody_works_nothing_is_said_and_monday_tells_of_them(world: World) -> None:
    await world.sums_up()
    await world.forward_to(new_york(2026, 3, 20, 15, 0))
    await world.sums_up()
    await _noise(world)
    for day in (21, 22):
        await world.forward_to(new_york(2026, 3, day, 12, 0))
        await world.sums_up()
    assert _summaries(world) == []
    await world.forward_to(new_york(2026, 3, 23, 9, 0))
    await world.sums_up()
    [summary] = _summaries(world)
    assert "fired 4 times" in summary


async def test_after_an_outage_it_is_told_once_and_not_for_the_days_that_were_missed(world: World) -> None:
    await _noise(world)
    await world.stop()
    world.clock.advance_to(new_york(2026, 3, 19, 15, 0))
    await world.start()
    await world.sums_up()
    await world.sums_up()
    [summary] = _summaries(world)
    assert "fired 4 times" in summary


async def test_a_crash_between_the_commit_and_the_post_loses_none_and_doubles_none(world: World) -> None:
    await _noise(world)
    await world.forward_to(TUESDAY_NINE)
    [look] = [job.do for job in world.bot.jobs if job.name == "sum up alerts"]
    await look()
    await world.stop()
    await world.start()
    await world.sums_up()
    assert len(_summaries(world)) == 1


async def test_a_post_that_may_have_been_taken_is_looked_for_before_another_goes(world: World) -> None:
    await _noise(world)
    await world.forward_to(TUESDAY_NINE)
    world.slack.faults.add("cut", "chat.postMessage", count=1)
    await world.sums_up()
    await world.forward(minutes=2)
    assert len(_summaries(world)) == 1


async def test_a_slack_that_refuses_it_is_tried_again(world: World) -> None:
    await _noise(world)
    await world.forward_to(TUESDAY_NINE)
    world.slack.faults.add("error", "chat.postMessage", error="internal_error", count=2)
    await world.sums_up()
    assert _summaries(world) == []
    await world.forward(minutes=2)
    assert len(_summaries(world)) == 1


async def test_two_replicas_that_look_at_once_tell_it_once(either_world: World) -> None:
    world = either_world
    await _noise(world)
    await world.forward_to(TUESDAY_NINE)
    bot = world.bot
    other = AlertSummaries(store=bot.store, clock=world.clock, directory=bot.directory)
    stale = await bot.store.read(lambda tx: tx.facts.get("alerts/summary"))
    await world.sums_up()
    assert await other.look() == 0
    assert not await bot.store.transaction("s", lambda tx: tx.facts.swap("alerts/summary", stale, "late"))
    await world.forward(minutes=1)
    assert len(_summaries(world)) == 1


async def test_security_alerts_are_summed_up_in_their_own_channel_and_named_while_it_is_private(
    world: World,
) -> None:
    await world.sums_up()
    await world.fires("TokenLeaked", team="security-team")
    await world.forward_to(TUESDAY_NINE)
    await world.sums_up()
    assert _summaries(world) == []
    [summary] = _summaries(world, SECURITY)
    assert "TokenLeaked" in summary
    world.slack.workspace.find_channel(SECURITY).private = False
    await world.bot.watch.refresh("slack/workspace")
    await world.fires("KeyCopied", team="security-team")
    await world.forward(days=1)
    await world.sums_up()
    assert "KeyCopied" not in str([m.to_json() for m in world.slack.messages_in(SECURITY)])
    assert "Security alerts fired once" in _summaries(world, SECURITY)[-1]


async def test_a_guide_without_a_time_tells_none(a_world: OpenWorld) -> None:
    world = await a_world(guide=_without())
    await _noise(world)
    await world.forward_to(TUESDAY_NINE)
    await world.sums_up()
    assert _summaries(world) == []


def _without() -> Guide:
    guide = a_staffed_guide()
    return replace(guide, alerting=replace(guide.alerting, summary_at=None))
