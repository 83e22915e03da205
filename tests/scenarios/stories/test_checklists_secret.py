"""What people write in the security team's review is read in its channel only, while that is private."""

from __future__ import annotations

from datetime import timedelta

from bot.ports.store import Transaction
from bot.services.record import Record
from bot.services.run_writing import write_run
from tests.support.begun_runs import with_problem
from tests.support.builders import ANA
from tests.support.harness import World, a_staffed_guide
from tests.support.mornings import TUESDAY, passes_to, runs_of, with_checklist

REVIEW, CHANNEL = "security-review", "security-incidents"
NEXT_MONDAY_AT_TEN = TUESDAY + timedelta(days=6, minutes=45)


async def until_a_problem_is_found(world: World) -> None:
    await world.prompts()
    await passes_to(world, NEXT_MONDAY_AT_TEN)
    [run] = await runs_of(world, REVIEW)
    now = world.clock.now()

    def body(tx: Transaction) -> None:
        record = Record(tx=tx, now=now, actor=ANA, directory=world.bot.directory)
        write_run(record, run, with_problem(run, 1, now))

    await world.bot.store.transaction("find", body)
    await world.forward(minutes=1)


async def test_its_people_read_what_was_found(world: World) -> None:
    await until_a_problem_is_found(world)
    card = world.run_card("Security Review")
    assert card.channel == CHANNEL
    assert card.says("the disk is full")


async def test_when_its_channel_turns_public_the_card_loses_what_people_wrote(world: World) -> None:
    await until_a_problem_is_found(world)
    world.slack.workspace.find_channel(CHANNEL).private = False
    await world.bot.watch.refresh()
    await world.forward(minutes=1)
    card = world.run_card("Security Review")
    assert not card.says("the disk is full")
    assert card.says("Security Review"), "its title is the guide's"
    await passes_to(world, NEXT_MONDAY_AT_TEN + timedelta(days=2))
    assert not any("the disk is full" in line for line in card.thread), "reminders tell it no more than that"


async def test_a_review_that_leaves_the_channel_leaves_behind_what_was_found_there(world: World) -> None:
    await until_a_problem_is_found(world)
    await world.stop()
    await world.start(with_checklist(a_staffed_guide(), REVIEW, channel="platform-alerts"))
    await world.sam.types("/checklist done all", channel=CHANNEL)
    await passes_to(world, NEXT_MONDAY_AT_TEN + timedelta(days=7))
    first, second = await runs_of(world, REVIEW)
    assert first.open_problems
    assert second.channel == "platform-alerts"
    assert not any(
        "the disk is full" in str(card.content.blocks)
        for card in world.run_cards()
        if card.channel != CHANNEL
    )
    await world.kim.types(f"/checklist show {second.label}")
    assert "the disk is full" not in world.kim.sees[-1]
