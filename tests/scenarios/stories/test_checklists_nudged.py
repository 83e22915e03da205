"""Who is nudged for a review that nobody finishes."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.checklist import Owner, Whose
from bot.ports.store import Transaction
from bot.services.record import Record
from bot.services.run_prompts import LOOKED
from bot.services.run_writing import write_run
from tests.support.begun_runs import with_problem
from tests.support.builders import ANA
from tests.support.harness import TEAM_LEAD, World, a_staffed_guide
from tests.support.mornings import DAY, TUESDAY, only, passes_to, runs_of, until_tuesday, with_checklist
from tests.support.worlds import OpenWorld

HEALTH = "health-check"
HALF, DUE = timedelta(hours=3, minutes=53), timedelta(hours=7, minutes=46)
"""From 09:15 to when half of the time is gone, and just after closing time, at five."""
ANA_ID = "U0ANA0001"


async def test_the_team_is_mentioned_at_half_time_and_loudly_when_it_is_due(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_checklist(a_staffed_guide(), HEALTH, owner=Owner()))
    await until_tuesday(world)
    card = world.run_card("Health Check")
    await world.forward_to(TUESDAY + HALF)
    assert len(card.thread) == 1
    assert "Half of the time is over" in card.thread[0]
    assert f"<!subteam^{TEAM_LEAD}>" in card.thread[0]
    assert card.loud == []
    await world.forward_to(TUESDAY + DUE)
    assert len(card.thread) == 2
    assert "was to be done by now" in card.loud[0]
    assert f"<!subteam^{TEAM_LEAD}>" in card.loud[0]


async def test_who_has_it_is_mentioned_at_half_time_and_named_when_it_is_due(a_world: OpenWorld) -> None:
    owner = Owner(whose=Whose.ROTATION, people=(ANA_ID,))
    world = await a_world(guide=with_checklist(a_staffed_guide(), HEALTH, owner=owner))
    await until_tuesday(world)
    card = world.run_card("Health Check")
    await world.forward_to(TUESDAY + DUE)
    half, due = card.thread
    assert f"<@{ANA_ID}>" in half
    assert "subteam" not in half
    assert "ana" in due
    assert f"<@{ANA_ID}>" not in due
    assert f"<!subteam^{TEAM_LEAD}>" in due


async def test_after_an_outage_over_both_times_there_is_one_word(world: World) -> None:
    await until_tuesday(world)
    await world.outage(hours=9)
    await world.forward(minutes=1)
    [line] = world.run_card("Health Check").thread
    assert "was to be done by now" in line


async def test_what_ended_during_an_outage_is_closed_and_nobody_is_nudged_for_it(world: World) -> None:
    await until_tuesday(world)
    await world.stop()
    world.clock.advance(timedelta(days=3))
    await world.start(only(a_staffed_guide(), "alert-review"))
    await world.forward(minutes=1)
    [line] = world.run_card("Health Check").thread
    assert "were not done" in line


async def test_people_are_nudged_though_another_checklist_cannot_begin(world: World) -> None:
    await until_tuesday(world)
    stuck = (TUESDAY - timedelta(hours=1)).isoformat()  # all that came since is looked at again and again
    await world.bot.store.transaction("stick", lambda tx: tx.facts.put(LOOKED, stuck))
    await world.forward_to(TUESDAY + DUE)
    half, due = world.run_card("Health Check").thread
    assert "half of the time is over" in half
    assert "was to be done by now" in due


async def test_nobody_is_nudged_twice_by_a_restart(world: World) -> None:
    await until_tuesday(world)
    await world.forward_to(TUESDAY + HALF)
    await world.outage(minutes=1)
    await world.prompts()
    assert len(world.run_card("Health Check").thread) == 1


async def finds_a_problem(world: World, *, incident: str | None = None) -> None:
    """Somebody has looked, and something is wrong."""
    [run] = await runs_of(world, HEALTH)
    now = world.clock.now()
    found = with_problem(run, 2, now, incident=incident)

    def body(tx: Transaction) -> None:
        record = Record(tx=tx, now=now, actor=ANA, directory=world.bot.directory)
        write_run(record, run, found)

    await world.bot.store.transaction("find", body)
    await world.settle()


async def test_a_problem_is_brought_to_mind_the_next_morning_and_then_weekly(world: World) -> None:
    await until_tuesday(world)
    await finds_a_problem(world)
    card = world.run_card("Health Check")

    def reminders() -> int:
        return sum("the disk is full" in line for line in card.thread)

    before = reminders()
    await passes_to(world, TUESDAY + DAY)
    assert reminders() == before + 1
    assert ANA.name in "\n".join(card.thread)
    await passes_to(world, TUESDAY + 7 * DAY)
    assert reminders() == before + 1
    await passes_to(world, TUESDAY + 8 * DAY)
    assert reminders() == before + 2
    assert world.run_card("Health Check").says("the disk is full"), "it stands on the newest card, too"


async def test_the_end_of_its_incident_closes_a_problem_and_nobody_is_reminded(world: World) -> None:
    await until_tuesday(world)
    await world.kim.types("/incident p2 disk is full")
    [incident] = await world.bot.store.read(lambda tx: tx.incidents.open())
    await finds_a_problem(world, incident=incident.id)
    card = world.run_card("Health Check")
    assert card.says("P2 #1")
    await world.ana.types("/incident resolve 1 more disk")
    assert "P2 #1 was resolved" in card.thread[-1]
    told = len(card.thread)
    await passes_to(world, TUESDAY + DAY)
    assert not any("the disk is full" in line for line in card.thread[told:])
    assert not world.run_card("Health Check").says("the disk is full")


async def test_a_problem_that_is_solved_leaves_the_newest_card_as_well(world: World) -> None:
    await until_tuesday(world)
    await finds_a_problem(world)
    await passes_to(world, TUESDAY + DAY)
    assert world.run_card("Health Check").says("the disk is full")
    [found, _] = await runs_of(world, HEALTH)
    await world.ana.types(f"/checklist solved {found.label} 2 more disk")
    await world.forward(minutes=1)
    assert not world.run_card("Health Check").says("the disk is full")
    assert any("more disk" in line for line in world.run_cards()[0].thread)


async def test_a_false_alarm_closes_the_problem_as_well(world: World) -> None:
    await until_tuesday(world)
    await world.kim.types("/incident p2 disk is full")
    [incident] = await world.bot.store.read(lambda tx: tx.incidents.open())
    await finds_a_problem(world, incident=incident.id)
    await world.ana.types("/incident cancel 1 it was not")
    assert "P2 #1 was a false alarm" in world.run_card("Health Check").thread[-1]
    [run] = await runs_of(world, HEALTH)
    assert run.open_problems == ()


async def test_a_problem_follows_its_incident_into_another(world: World) -> None:
    await until_tuesday(world)
    await world.kim.types("/incident p2 disk is full")
    [incident] = await world.bot.store.read(lambda tx: tx.incidents.open())
    await finds_a_problem(world, incident=incident.id)
    await world.kim.types("/incident p1 storage is full")
    await world.ana.types("/incident merge 1 into 2")
    [run] = await runs_of(world, HEALTH)
    assert len(run.open_problems) == 1
    await world.ana.types("/incident resolve 2 more disk")
    await world.forward(minutes=1)
    assert "P1 #2 was resolved" in world.run_card("Health Check").thread[-1]


async def test_nobody_is_asked_for_what_was_done_while_slack_was_away(world: World) -> None:
    await until_tuesday(world)
    [run] = await runs_of(world, HEALTH)
    card = world.run_card("Health Check")
    world.slack.faults.add("down")
    await world.forward_to(TUESDAY + DUE)
    await world.ana.types(f"/checklist done {run.label} all")
    world.slack.faults.clear()
    await world.forward(minutes=15)
    assert world.run_card("Health Check").says("Done")
    assert not any("of the time is over" in line or "to be done by now" in line for line in card.thread)


async def test_what_is_still_open_after_slack_was_away_is_asked_for_once(world: World) -> None:
    await until_tuesday(world)
    card = world.run_card("Health Check")
    world.slack.faults.add("down")
    await world.forward_to(TUESDAY + DUE)
    world.slack.faults.clear()
    await world.forward(minutes=15)
    [line] = card.thread
    assert "was to be done by now" in line


async def test_nobody_is_reminded_of_a_problem_that_was_solved_while_slack_was_away(world: World) -> None:
    await until_tuesday(world)
    await finds_a_problem(world)
    [run] = await runs_of(world, HEALTH)
    card = world.run_card("Health Check")
    world.slack.faults.add("down")
    await passes_to(world, TUESDAY + DAY)
    await world.ana.types(f"/checklist solved {run.label} 2 more disk")
    world.slack.faults.clear()
    await world.forward(minutes=15)
    assert not any("is still open" in line for line in card.thread)
    assert any("is solved, says ana: more disk" in line for line in card.thread)
