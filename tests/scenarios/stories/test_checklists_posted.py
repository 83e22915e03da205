"""Each checklist is posted at its time, once, whatever is down meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.checklist import AfterOutage, Owner, Whose
from bot.domain.guide import Guide
from bot.ports.store import Transaction
from tests.support.builders import new_york
from tests.support.harness import World, a_staffed_guide
from tests.support.mornings import with_checklist
from tests.support.worlds import OpenWorld

TUESDAY = datetime(2026, 3, 17, 13, 15, tzinfo=UTC)
"""09:15 in New York, the day after stories begin."""
HALF_PAST = TUESDAY + timedelta(minutes=15)
BROKEN = "\ud800"
"""No database takes half a character."""
DAILY = ["Health Check", "Alert Review", "Capacity Review", "Performance Review"]


def shown(world: World) -> list[str]:
    """The titles of what was posted, in order."""
    titles = [one.title for one in world.bot.directory.guide.checklists.values()]
    texts = [card.content.text for card in world.run_cards()]
    return [next(title for title in titles if title in text) for text in texts]


async def test_the_next_morning_each_daily_review_is_posted_at_its_time(either_world: World) -> None:
    world = either_world
    await world.prompts()
    await world.forward_to(TUESDAY - timedelta(seconds=1))
    await world.prompts()
    assert world.run_cards() == []
    await world.forward_to(TUESDAY)
    await world.prompts()
    assert shown(world) == DAILY[:2]
    await world.forward_to(HALF_PAST)
    await world.prompts()
    assert shown(world) == DAILY
    card = world.run_card("Health Check")
    assert card.channel == "platform-alerts"
    assert card.says("Every service answers")
    assert card.says("17:00")


async def test_the_first_start_posts_nothing_that_was_due_before(world: World) -> None:
    await world.prompts()
    await world.forward(minutes=20)
    await world.prompts()
    assert world.run_cards() == []


async def test_a_restart_in_between_posts_nothing_twice(world: World) -> None:
    await world.prompts()
    await world.forward_to(TUESDAY)
    await world.prompts()
    await world.outage(minutes=1)
    await world.prompts()
    await world.prompts()
    assert shown(world) == DAILY[:2]


async def test_what_came_due_during_an_outage_is_posted_late_and_says_so(world: World) -> None:
    await world.prompts()
    await world.stop()
    world.clock.advance_to(TUESDAY + timedelta(hours=2))
    await world.start()
    await world.prompts()
    await world.forward(minutes=1)
    assert sorted(shown(world)) == sorted([*DAILY, "Backup Verification"]), "that is weekly, at ten"
    assert world.run_card("Health Check").says("not running")


async def test_of_a_week_that_was_missed_only_the_last_day_is_asked_for(world: World) -> None:
    await world.prompts()
    await world.stop()
    world.clock.advance_to(TUESDAY + timedelta(days=3))
    await world.start()
    await world.prompts()
    await world.forward(minutes=1)
    assert shown(world).count("Health Check") == 1
    rows = await world.bot.store.read(lambda tx: tx.runs.newest(50, checklist="health-check"))
    assert sorted((run.occurrence, run.state.value) for run in rows) == [
        ("2026-03-17", "skipped"),
        ("2026-03-18", "skipped"),
        ("2026-03-19", "skipped"),
        ("2026-03-20", "open"),
    ]


async def test_after_a_night_without_the_bot_yesterdays_daily_reviews_are_nobodys(world: World) -> None:
    await world.prompts()
    await world.stop()
    world.clock.advance_to(TUESDAY + timedelta(hours=20))
    await world.start()
    await world.prompts()
    await world.forward(minutes=1)
    assert shown(world) == ["Backup Verification"], "that is weekly: late is better than not at all"
    await world.forward_to(TUESDAY + timedelta(days=1))
    await world.prompts()
    assert shown(world)[1:] == DAILY[:2]


async def test_what_is_to_be_skipped_after_an_outage_is_noted_and_not_posted(a_world: OpenWorld) -> None:
    world = await a_world(guide=skipping(a_staffed_guide(), "health-check"))
    await world.prompts()
    await world.stop()
    world.clock.advance_to(TUESDAY + timedelta(minutes=10))
    await world.start()
    await world.prompts()
    assert shown(world) == ["Alert Review"]
    [row] = await world.bot.store.read(lambda tx: tx.runs.newest(50, checklist="health-check"))
    assert row.state == "skipped"


async def test_a_card_that_slack_does_not_take_is_posted_once_it_does(world: World) -> None:
    await world.prompts()
    await world.forward_to(TUESDAY)
    world.slack.faults.add("down")
    await world.prompts()
    assert world.run_cards() == []
    await world.stop()
    world.slack.faults.clear()
    world.clock.advance(minutes=3)
    await world.start()
    await world.forward(minutes=1)
    assert shown(world) == DAILY[:2]
    assert not world.run_card("Health Check").says("not running"), "the bot was there in time"


async def test_a_card_that_somebody_deletes_is_posted_anew(world: World) -> None:
    await world.prompts()
    await world.forward_to(TUESDAY)
    await world.prompts()
    world.slack.workspace.delete(world.run_card("Health Check").message)
    await world.forward_to(TUESDAY + timedelta(days=1))
    await world.prompts()
    await world.forward(minutes=1)
    assert shown(world).count("Health Check") == 2, "one says that it is over, and one is today's"


async def test_a_clock_that_was_wrong_by_years_keeps_nothing_from_being_posted(world: World) -> None:
    await world.bot.store.transaction("wrong", _looked_years_ahead)
    await world.prompts()
    await world.forward_to(TUESDAY)
    await world.prompts()
    assert shown(world) == DAILY[:2]


async def test_a_checklist_whose_owner_takes_turns_is_of_the_next_who_is_no_guest(
    a_world: OpenWorld,
) -> None:
    world = await a_world(guide=rotating(a_staffed_guide(), "health-check"))
    await world.prompts()
    for day in range(3):
        await world.forward_to(TUESDAY + timedelta(days=day))
        await world.prompts()
    rows = await world.bot.store.read(lambda tx: tx.runs.newest(3, checklist="health-check"))
    assert [row.owner.name for row in reversed(rows) if row.owner] == ["ana", "lee", "lee"]
    assert world.run_card("Health Check").says("lee")


async def test_the_morning_after_the_clocks_change_it_is_posted_at_the_same_local_time(
    a_world: OpenWorld,
) -> None:
    world = await a_world(start=new_york(2026, 3, 6, 12, 0))  # the Friday before the change
    await world.prompts()
    await world.forward_to(new_york(2026, 3, 9, 9, 14))
    await world.prompts()
    assert world.run_cards() == []
    await world.forward_to(new_york(2026, 3, 9, 9, 15))
    await world.prompts()
    assert shown(world) == DAILY[:2]
    assert world.run_card("Health Check").says("17:00 EDT")


async def test_on_a_holiday_nothing_is_posted_and_the_weekly_review_comes_a_day_later(
    a_world: OpenWorld,
) -> None:
    world = await a_world(start=new_york(2026, 5, 22, 18, 0))  # before Memorial Day
    await world.prompts()
    await world.forward_to(new_york(2026, 5, 25, 23, 0))
    await world.prompts()
    assert world.run_cards() == []
    await world.forward_to(new_york(2026, 5, 26, 10, 0))
    await world.prompts()
    await world.forward(minutes=1)
    assert sorted(shown(world)) == sorted([*DAILY, "Security Review", "Backup Verification"])


async def test_a_checklist_that_cannot_be_written_keeps_no_other_from_being_posted(
    either_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = either_world
    await world.prompts()
    await world.stop()
    await world.start(with_checklist(a_staffed_guide(), "alert-review", title=BROKEN))
    await world.forward_to(TUESDAY)
    await world.prompts()
    await world.prompts()
    assert [card.content.text[:12] for card in world.run_cards()] == ["Health Check"]
    assert "a checklist's run cannot begin" in caplog.text
    await world.stop()
    await world.start(a_staffed_guide())
    await world.prompts()
    assert shown(world) == DAILY[:2]


async def test_what_cannot_be_written_after_a_long_outage_is_posted_once_it_can(a_world: OpenWorld) -> None:
    """Though so much has come since that it is not of the last that is written."""
    world = await a_world(start=new_york(2026, 3, 31, 20, 0))
    await world.prompts()
    await world.stop()
    world.clock.advance_to(new_york(2026, 4, 16, 12, 0))
    await world.start(with_checklist(a_staffed_guide(), "dr-testing", title=BROKEN))
    await world.prompts()
    await world.stop()
    await world.start(a_staffed_guide())
    await world.prompts()
    await world.forward(minutes=1)
    assert "DR Testing" in shown(world)


def skipping(guide: Guide, key: str) -> Guide:
    return with_checklist(guide, key, after_outage=AfterOutage.SKIP)


def rotating(guide: Guide, key: str) -> Guide:
    people = ("U0ANA0001", "U0GUS0001", "U0LEE0001")
    return with_checklist(guide, key, owner=Owner(whose=Whose.ROTATION, people=people))


def _looked_years_ahead(tx: Transaction) -> None:
    tx.facts.put("checklists/looked", datetime(2031, 1, 1, tzinfo=UTC).isoformat())


async def test_what_comes_due_between_the_first_start_and_the_first_look_is_posted(world: World) -> None:
    await world.forward_to(TUESDAY)
    await world.prompts()
    assert shown(world) == DAILY[:2]
