"""How routine reviews went: told on a month's first business day, once, in each channel that had some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from bot.app.checklist_reports import REPORTS
from bot.domain.checklists.run import ItemState, Run, RunState
from bot.domain.guide import Guide
from bot.sandbox.slack.files import File
from bot.services.monthly_report import LAST, MonthlyReports
from tests.support.builders import new_york
from tests.support.harness import World, a_staffed_guide
from tests.support.people import OPS, readable
from tests.support.reviews import a_problem, an_item, reviewed, were
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"
FIRST_OF_APRIL = new_york(2026, 4, 1, 9, 30)


def a_march(channel: str = OPS, **changes: Any) -> list[Run]:
    """Three runs of a checklist in March: done, missed, and one with a problem."""
    at = new_york(2026, 3, 16, 9, 15)
    key = f"review-of-{channel}"
    found = an_item(state=ItemState.PROBLEM, problem=a_problem(at, text="the zebra disk is full"))
    given: dict[str, Any] = {"checklist": key, "title": "Health Check", "channel": channel, **changes}
    return [
        reviewed(at, items=[found], number=1, **given),
        reviewed(at + timedelta(days=1), RunState.MISSED, number=2, **given),
        reviewed(at + timedelta(days=2), number=3, **given),
    ]


async def looks(world: World) -> None:
    """The bot looks whether a month is to be told, as it does every minute."""
    [look] = [job.do for job in world.bot.jobs if job.name == REPORTS]
    await look()
    await world.settle()


def told(world: World, channel: str = OPS) -> list[str]:
    """The reports that were posted in a channel."""
    texts = [readable(one.content) for one in world.slack.messages_in(channel) if not one.files]
    return [text for text in texts if "Routine reviews in" in text]


async def an_april(world: World, runs: Iterable[Run], at: datetime = FIRST_OF_APRIL) -> None:
    """A month with these runs is over."""
    await looks(world)
    await were(world, runs)
    await world.forward_to(at)


async def test_a_month_is_told_once_where_it_had_reviews(either_world: World) -> None:
    world = either_world
    await an_april(world, a_march(), FIRST_OF_APRIL - timedelta(minutes=1))
    await looks(world)
    assert told(world) == []
    await world.forward(minutes=1)
    await looks(world)
    [report] = told(world)
    assert "Routine reviews in March 2026: 2 of 3 done in time, 1 missed; 1 problem found, all st" in report
    assert "*Health Check*  2 of 3 in time · 1 missed · 1 problem, 1 open" in report
    assert "the zebra disk is full" in report
    assert told(world, "general") == []
    for _ in range(3):
        await world.forward(hours=7)
        await looks(world)
    assert len(told(world)) == 1
    await world.outage(days=1)
    await looks(world)
    assert len(told(world)) == 1


def charts(world: World) -> list[File]:
    """The charts that hang somewhere."""
    return [one for one in world.slack.workspace.files if one.shares]


async def test_a_chart_hangs_under_it_once(either_world: World) -> None:
    world = either_world
    await an_april(world, a_march())
    world.slack.faults.add("cut", "files.completeUploadExternal", count=1)
    await looks(world)
    await world.forward(minutes=3)
    [chart] = charts(world)
    assert chart.name == "reviews-2026-03-platform-alerts.png"
    assert (chart.data or b"").startswith(b"\x89PNG")
    assert chart.alt_text.startswith(
        "Routine reviews in March 2026: 2 of 3 done in time, 1 missed; 1 problem"
    )
    [report] = [one for one in world.slack.messages_in(OPS) if not one.files]
    [said] = [one for one in world.slack.messages if one.files]
    assert said.thread_ts == report.ts
    assert await world.waiting() == 0


async def test_a_crash_between_report_and_chart_loses_none(world: World) -> None:
    await an_april(world, a_march())
    world.slack.faults.add("down", "files.getUploadURLExternal")
    await looks(world)
    assert len(told(world)) == 1
    await world.stop()
    world.slack.faults.clear()
    world.clock.advance(timedelta(minutes=2))
    await world.start()
    await world.forward(minutes=1)
    assert (len(told(world)), len(charts(world))) == (1, 1)


async def test_where_nothing_has_ended_there_is_nothing_to_draw(world: World) -> None:
    skipped = reviewed(new_york(2026, 3, 17, 9, 0), RunState.SKIPPED, number=1)
    await an_april(world, [skipped])
    await looks(world)
    assert "none has ended, 1 skipped" in told(world)[0]
    assert charts(world) == []
    assert await world.waiting() == 0


async def test_each_channel_is_told_its_own(world: World) -> None:
    await an_april(world, [*a_march(), *a_march("leadership", title="Cost Review")])
    await looks(world)
    [ops], [leadership] = told(world), told(world, "leadership")
    assert "Cost Review" not in ops
    assert "Health Check" not in leadership


async def test_a_month_that_was_missed_is_told_late_and_an_older_one_no_more(world: World) -> None:
    await looks(world)
    await were(world, a_march())
    await world.outage(days=25)
    await looks(world)
    assert len(told(world)) == 1
    await world.outage(days=80)
    await looks(world)
    assert len(told(world)) == 1, "nothing was planned in June"


async def test_nothing_is_told_of_the_time_before_the_first_start(world: World) -> None:
    await were(world, a_march())
    await world.forward_to(FIRST_OF_APRIL)
    await looks(world)
    await looks(world)
    assert told(world) == []


async def test_two_replicas_that_look_at_once_tell_it_once(either_world: World) -> None:
    world = either_world
    await an_april(world, a_march())
    bot = world.bot
    other = MonthlyReports(store=bot.store, clock=world.clock, directory=bot.directory)
    stale = await bot.store.read(lambda tx: tx.facts.get(LAST))
    await looks(world)
    assert await other.look() == 0
    assert not await bot.store.transaction("s", lambda tx: tx.facts.swap(LAST, stale, "late"))
    await world.forward(minutes=1)
    assert len(told(world)) == 1


async def test_a_crash_between_the_commit_and_the_post_loses_none_and_doubles_none(world: World) -> None:
    await an_april(world, a_march())
    [look] = [job.do for job in world.bot.jobs if job.name == REPORTS]
    await look()
    await world.stop()
    await world.start()
    await looks(world)
    assert len(told(world)) == 1


async def test_a_post_that_may_have_been_taken_is_looked_for_before_another_goes(world: World) -> None:
    await an_april(world, a_march())
    world.slack.faults.add("cut", "chat.postMessage", count=1)
    await looks(world)
    await world.forward(minutes=2)
    assert len(told(world)) == 1


async def test_what_was_found_wrong_in_secret_is_told_while_its_channel_is_private(world: World) -> None:
    await an_april(world, a_march(SECURITY, security=True, title="Security Review"))
    await looks(world)
    [report] = told(world, SECURITY)
    assert "zebra" in report
    assert told(world) == []


async def test_where_others_can_read_there_figures_alone_are_told(world: World) -> None:
    await an_april(world, a_march(SECURITY, security=True, title="Security Review"))
    world.slack.workspace.find_channel(SECURITY).private = False
    await world.bot.watch.refresh("slack/workspace")
    await looks(world)
    [report] = told(world, SECURITY)
    assert "*Security Review*  2 of 3 in time · 1 missed · 1 problem, 1 open" in report
    assert "told in its own channel only" in report
    assert "zebra" not in str([one.to_json() for one in world.slack.messages_in(SECURITY)])


def _at(report_at: time | None) -> Guide:
    guide = a_staffed_guide()
    return replace(guide, reviews=replace(guide.reviews, report_at=report_at))


async def test_the_guide_says_when_or_that_it_is_not_told(a_world: OpenWorld) -> None:
    world = await a_world(guide=_at(None))
    await an_april(world, a_march())
    await looks(world)
    assert told(world) == []
    await world.stop()
    await world.start(_at(time(11)))
    await looks(world)
    await looks(world)
    assert told(world) == [], "from now on it is counted"
