"""What is still open when the next review begins, and a guide that is edited meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.clock import RandomIds
from bot.domain.checklist import ChecklistItem, Unfinished
from bot.domain.checklists.run import Run, RunState
from bot.ports.store import Transaction
from bot.services.record import Record
from bot.services.run_writing import ask_run
from tests.support.begun_runs import settled, with_item
from tests.support.builders import ANA, LEE
from tests.support.harness import World, a_staffed_guide
from tests.support.homes import opens_home
from tests.support.mornings import DAY, TUESDAY, only, passes_to, runs_of, until_tuesday, with_checklist
from tests.support.worlds import OpenWorld

HEALTH = "health-check"


async def keeps(world: World, run: Run) -> None:
    """The run is so from now on."""

    def body(tx: Transaction) -> None:
        tx.runs.save(run)

    await world.bot.store.transaction("keep", body)


async def asks_for(world: World, checklist: str) -> None:
    """Ana wants a run off schedule."""
    ids, directory, now = RandomIds(), world.bot.directory, world.clock.now()

    def body(tx: Transaction) -> None:
        record = Record(tx=tx, now=now, actor=ANA, directory=directory)
        assert ask_run(record, directory.guide.checklists[checklist], run_id=ids.new_id()) is not None
        assert ask_run(record, directory.guide.checklists[checklist], run_id=ids.new_id()) is None

    await world.bot.store.transaction("ask", body)
    await world.settle()


async def test_open_items_go_on_in_the_next_run_with_who_has_them(world: World) -> None:
    await until_tuesday(world)
    [old] = await runs_of(world, HEALTH)
    await keeps(world, with_item(settled(old, 1, world.clock.now()), 2, owner=LEE))
    await passes_to(world, TUESDAY + DAY)
    old, new = await runs_of(world, HEALTH)
    assert (old.state, new.state) == ("carried", "open")
    assert [item.since for item in new.items] == [None, TUESDAY, TUESDAY]
    assert [item.owner for item in new.items] == [None, LEE, None]
    first, second = (card for card in world.run_cards() if "Health Check" in card.content.text)
    assert f"It is over: 2 open items went on to {new.label}." in first.thread[-1]
    assert "<@" not in first.thread[-1], "nobody is mentioned for it"
    assert first.labels == [], "nothing can be pressed any more"
    assert second.says("Open Service Health")


async def test_what_was_handed_over_as_a_whole_is_not_lost_with_the_next_run(world: World) -> None:
    await until_tuesday(world)
    [old] = await runs_of(world, HEALTH)
    await world.ana.types(f"/checklist give {old.label} <@U0LEE0001|lee>")
    await passes_to(world, TUESDAY + DAY)
    _, new = await runs_of(world, HEALTH)
    assert {item.owner.name for item in new.items if item.owner} == {"lee"}
    assert all(item.owner for item in new.items)
    assert new.owner is not None
    assert new.owner.name == "ana", "she is on call now"
    assert world.run_card("Health Check").says("lee has it")
    assert (await opens_home(world, world.lee)).says(f"|Health Check {new.label}>* · due ")
    assert world.run_card("Health Check").says("ana, lee")
    assert (await opens_home(world, world.kim)).says("ana, lee"), "both say whose it is alike"


async def test_an_old_card_of_what_was_carried_over_says_so_before_anything_is_filled_in(
    world: World,
) -> None:
    await until_tuesday(world)
    shown = world.run_card("Health Check")
    await passes_to(world, TUESDAY + DAY)
    for label in ("Done", "Take it", "Problem…", "Not applicable…", "Hand over…"):
        await world.lee.presses(label, card=shown)
        assert " Health Check is over: what was open is in the next run now." in world.lee.sees[-1], label
    assert len(world.lee.sees) == 5
    assert world.slack.views("lee") == []


async def test_what_is_closed_as_missed_is_asked_for_anew(a_world: OpenWorld) -> None:
    guide = with_checklist(a_staffed_guide(), HEALTH, unfinished=Unfinished.CLOSE)
    world = await a_world(guide=guide)
    await until_tuesday(world)
    await passes_to(world, TUESDAY + DAY)
    old, new = await runs_of(world, HEALTH)
    assert (old.state, new.state) == ("missed", "open")
    assert {item.since for item in new.items} == {None}
    assert any("were not done" in line for line in world.run_cards()[0].thread)


async def test_a_run_keeps_its_items_while_the_guide_is_edited_and_the_next_has_the_new(
    either_world: World,
) -> None:
    world = either_world
    await until_tuesday(world)
    given = a_staffed_guide()
    kept, *_ = given.checklists[HEALTH].items
    fresh = ChecklistItem(key="fresh", title="Look at the new gateway")
    await world.stop()
    await world.start(with_checklist(given, HEALTH, items=(fresh, kept), title="Morning Check"))
    [open_one] = await runs_of(world, HEALTH)
    assert len(open_one.items) == 3
    assert world.run_card("Health Check").says("Every service answers")
    await passes_to(world, TUESDAY + DAY)
    _, new = await runs_of(world, HEALTH)
    assert [item.title for item in new.items[:2]] == ["Look at the new gateway", kept.title]
    assert [item.key for item in new.items[2:]] == [item.key for item in open_one.items[1:]]
    assert world.run_card("Morning Check").says("Look at the new gateway")


async def test_a_run_whose_checklist_is_gone_from_the_guide_ends_by_itself(world: World) -> None:
    await until_tuesday(world)
    await world.stop()
    await world.start(only(a_staffed_guide(), "alert-review"))
    await passes_to(world, TUESDAY + 2 * DAY - timedelta(minutes=5))
    [run] = await runs_of(world, HEALTH)
    assert run.state == "open"
    await world.forward(minutes=10)
    [run] = await runs_of(world, HEALTH)
    assert run.state == "missed"
    assert any("were not done" in line for line in world.run_card("Health Check").thread)


async def test_after_days_without_the_bot_what_is_open_is_still_carried_over(world: World) -> None:
    await until_tuesday(world)
    await world.outage(days=6)
    await world.forward(minutes=1)
    await world.prompts()
    await world.forward(minutes=1)
    runs = await runs_of(world, HEALTH)
    assert [run.state for run in runs] == ["carried", "skipped", "skipped", "skipped", "open"]
    assert {item.since for item in runs[-1].items} == {TUESDAY}
    thread = world.run_cards()[0].thread
    assert len(thread) == 1, thread
    assert "went on to" in thread[0], "nobody is nudged for what goes on elsewhere"


async def test_the_run_after_one_that_was_skipped_takes_over_what_is_open(world: World) -> None:
    await until_tuesday(world)
    await world.stop()
    world.clock.advance_to(TUESDAY + DAY + timedelta(hours=20))
    await world.start()
    await world.prompts()
    await passes_to(world, TUESDAY + 2 * DAY)
    runs = await runs_of(world, HEALTH)
    assert [run.state for run in runs] == ["carried", "skipped", "open"]


async def test_what_was_done_is_opened_again_though_the_next_one_was_skipped(world: World) -> None:
    await until_tuesday(world)
    [run] = await runs_of(world, HEALTH)
    await world.ana.types(f"/checklist done {run.label} all")
    await world.stop()
    world.clock.advance_to(TUESDAY + DAY + timedelta(hours=20))
    await world.start()
    await world.prompts()
    assert [one.state for one in await runs_of(world, HEALTH)] == ["done", "skipped"]
    reply = await world.ana.types(f"/checklist open {run.label} 2")
    assert "Item 2 is open again." in reply.text


@pytest.mark.parametrize("unfinished", list(Unfinished))
async def test_one_off_schedule_makes_way_for_the_one_on_schedule(
    a_world: OpenWorld, unfinished: Unfinished
) -> None:
    world = await a_world(guide=with_checklist(a_staffed_guide(), HEALTH, unfinished=unfinished))
    await world.prompts()
    await asks_for(world, HEALTH)
    [asked] = await runs_of(world, HEALTH)
    assert asked.asked_by is not None
    await passes_to(world, TUESDAY)
    asked, planned = await runs_of(world, HEALTH)
    assert asked.state == {Unfinished.CARRY: "carried", Unfinished.CLOSE: "missed"}[unfinished]
    assert planned.is_open


async def test_what_had_no_items_left_is_not_carried(world: World) -> None:
    await until_tuesday(world)
    [run] = await runs_of(world, HEALTH)
    for item in run.items:
        run = settled(run, item.position, world.clock.now())
    await keeps(world, replace(run, state=RunState.DONE))
    await passes_to(world, TUESDAY + DAY)
    done, new = await runs_of(world, HEALTH)
    assert (done.state, new.state) == ("done", "open")
    assert world.run_cards()[0].thread == []
