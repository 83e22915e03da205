"""`/checklist`: every word of its help, wherever it is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.views.checklists.help import CHECKLIST_HELP_EXAMPLES
from tests.support.harness import World

TUESDAY = datetime(2026, 3, 17, 13, 15, tzinfo=UTC)
"""09:15 in New York, the day after stories begin."""


async def morning(world: World) -> None:
    """The first two daily reviews stand: C1 and C2."""
    await world.prompts()
    await world.forward_to(TUESDAY)
    await world.prompts()


async def test_today_lists_what_is_open_what_comes_and_what_was_done(world: World) -> None:
    await morning(world)
    await world.kim.types("/checklist done C1 all")
    await world.kim.types("/checklist")
    seen = world.kim.sees[-1]
    assert "Open (1)" in seen
    assert "C2" in seen
    assert "Later today" in seen
    assert "Capacity Review" in seen
    assert "Done today (1)" in seen
    assert seen.index("Open (1)") < seen.index("Later today") < seen.index("Done today (1)")


async def test_nothing_to_do_is_said_so(world: World) -> None:
    await world.kim.types("/checklist")
    assert "No review is open" in world.kim.sees[-1]


async def test_a_cadence_lists_its_checklists_with_when_each_is_next(world: World) -> None:
    await world.kim.types("/checklist weekly")
    seen = world.kim.sees[-1]
    for title in ("Security Review", "Backup Verification", "Cost Review", "Capacity Planning"):
        assert title in seen
    assert "never run yet" in seen
    await world.kim.types("/checklist run cost-review")
    await world.kim.types("/checklist weekly")
    assert "C1" in world.kim.sees[-1]
    assert "0 of 3 done" in world.kim.sees[-1]


async def test_a_checklist_is_shown_by_its_name_open_or_not(world: World) -> None:
    await world.kim.types("/checklist dr")
    assert "DR Testing" in world.kim.sees[-1]
    assert "next" in world.kim.sees[-1]
    await world.kim.types("/checklist run dr-testing")
    await world.kim.types("/checklist dr testing")
    assert "📋 C1 DR Testing" in world.kim.sees[-1]


async def test_a_run_is_shown_with_all_its_items(world: World) -> None:
    await world.kim.types("/checklist run health-check")
    await world.kim.types("/checklist done 1")
    for line in ("show C1", "C1", "1", "show"):
        await world.kim.types(f"/checklist {line}")
        seen = world.kim.sees[-1]
        assert "Every service answers" in seen
        assert "1 of 3 done" in seen


async def test_a_run_that_is_not_there_is_refused_with_those_that_are(world: World) -> None:
    await world.kim.types("/checklist run health-check")
    await world.kim.types("/checklist show C9")
    assert "There is no run C9. Open: C1 Health Check." in world.kim.sees[-1]


async def test_off_schedule_a_checklist_begins_at_once_and_only_once(world: World) -> None:
    reply = await world.kim.types("/checklist run dr")
    assert "C1 DR Testing begins: " in reply.text
    assert "Its card comes in #platform-alerts." in reply.text
    assert world.run_card("DR Testing").channel == "platform-alerts"
    reply = await world.ana.types("/checklist run dr")
    assert "C1 is open already, in #platform-alerts. C1 DR Testing: 0 of" in reply.text
    assert len(world.run_cards()) == 1


async def test_the_same_command_again_begins_nothing_twice(world: World) -> None:
    await world.kim.types("/checklist run dr")
    await world.slack.redeliver()
    await world.settle()
    assert len(world.run_cards()) == 1


async def test_problems_are_listed_until_they_are_closed(world: World) -> None:
    await world.kim.types("/checklist problems")
    assert "No review has found a problem that is still open." in world.kim.sees[-1]
    await world.kim.types("/checklist run health-check")
    await world.kim.types("/checklist problem 2 api-gateway is slow")
    await world.ana.types("/checklist problems")
    assert "1 open problem" in world.ana.sees[-1]
    assert "api-gateway is slow" in world.ana.sees[-1]
    assert "`/checklist solved C1 2 what was done`" in world.ana.sees[-1]
    await world.gus.types("/checklist problems")
    assert "api-gateway is slow" in world.gus.sees[-1]
    assert "/checklist solved" not in world.gus.sees[-1], "guests only look"
    await world.ana.types("/checklist solved 2 restarted")
    await world.ana.types("/checklist problems")
    assert "No review has found a problem" in world.ana.sees[-1]


@pytest.mark.parametrize("example", [example for example, _ in CHECKLIST_HELP_EXAMPLES])
async def test_every_example_of_the_help_is_answered(world: World, example: str) -> None:
    await world.kim.types("/checklist run health-check")
    if example.startswith("solved"):
        await world.kim.types("/checklist problem 2 it is slow")
    if example.startswith("open"):
        await world.kim.types("/checklist done 2")
    line = example.replace("C12", "C1").replace("@ben", "<@U0LEE0001|lee>")
    before = len(world.ana.sees)
    reply = await world.ana.types(f"/checklist {line}")
    assert reply.body["response_type"] == "ephemeral"
    [seen] = world.ana.sees[before:]
    assert "You typed" not in seen, "nothing of the help is refused"


async def test_a_word_that_is_none_is_answered_with_the_nearest(world: World) -> None:
    reply = await world.kim.types("/checklist dnoe 2")
    assert "There is no command “dnoe”. Did you mean `done`?" in reply.text
    assert "You typed: `/checklist dnoe 2`" in reply.text


async def test_the_help_says_how(world: World) -> None:
    await world.kim.types("/checklist help")
    assert "/checklist done 2" in world.kim.sees[-1]
