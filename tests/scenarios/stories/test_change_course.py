"""A change's whole life: asked for, approved, tested, started, validated, done; or taken back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.support.change_stories import FILLED, TUESDAY, a_guide_with_roles, asks, started, wrong
from tests.support.harness import World
from tests.support.people import Card
from tests.support.worlds import OpenWorld


async def test_a_standard_change_by_its_cards_buttons(world: World) -> None:
    await asks(world.ana)
    await world.lee.presses("Approve", card=world.change_card())
    await world.ana.presses("Testing begins", card=world.change_card())
    await world.forward_to(TUESDAY)
    await world.ana.presses("Start", card=world.change_card())
    await world.ana.presses("Deployed", card=world.change_card())
    await world.ana.presses("Done", card=world.change_card())
    card = world.change_card()
    assert card.says("Done")
    assert world.ana.sees == [], "the card says it all"
    assert any("started" in line.lower() for line in card.loud)
    assert len(card.loud) == 1, "one line for all who read the channel"


async def test_a_standard_change_by_lines_with_notes(world: World) -> None:
    await asks(world.ana)
    await world.lee.types("/change approve")
    await world.ana.types("/change next staging first")
    await world.forward_to(TUESDAY)
    reply = await world.ana.types("/change start CH1 all tests green")
    assert "CH1" in reply.text
    await world.ana.types("/change next CH1 100 % since 14:00")
    await world.ana.types("/change note first customers are through")
    reply = await world.ana.types("/change done p95 is at 80 ms")
    assert "CH1" in reply.text
    told = "\n".join(world.change_card().thread)
    for note in ("first customers are through", "p95 is at 80 ms", "100 % since 14:00"):
        assert note in told


async def test_what_was_not_tested_is_not_started(world: World) -> None:
    await asks(world.ana)
    await world.lee.types("/change approve")
    await world.forward_to(TUESDAY)
    reply = await world.ana.types("/change start")
    assert "CH1 has not been tested: `next CH1` begins that" in reply.text


async def test_what_is_not_approved_is_not_started_whatever_is_overridden(world: World) -> None:
    await asks(world.ana, kind="emergency")
    reply = await world.lee.types("/change start CH1 override: it must be now")
    assert "CH1 lacks 1 approval" in reply.text
    assert "Without approval nothing starts." in reply.text


async def test_outside_its_window_it_is_not_started_and_the_answer_says_when(world: World) -> None:
    await asks(world.ana)
    await world.lee.types("/change approve")
    await world.ana.types("/change next")
    reply = await world.ana.types("/change start")
    assert "window" in reply.text
    assert reply.text.count("Tue 14:00") == 1, "once is enough"
    assert "A lead may start it nevertheless: `start CH1 override: why`." in reply.text
    assert world.change_card().says("Testing")


async def test_a_lead_starts_it_nevertheless_and_that_is_said_aloud(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_with_roles())
    await asks(world.ana)
    await world.dia.types("/change approve")
    await world.ana.types("/change next")
    reply = await world.ana.types("/change start CH1 override: we lose orders")
    assert "the guide leaves that to the team leads" in reply.text
    await world.lee.types("/change start CH1 override: we lose orders")
    assert world.change_card().says("Testing"), "a line alone starts nothing"
    await world.lee.presses("Start it now", card=_asked(world))
    assert any("we lose orders" in line for line in world.change_card().loud)
    assert len(world.change_card().loud) == 1
    assert world.change_card().says("we lose orders")


def _asked(world: World) -> Card:
    """The question that Lee was asked last."""
    return Card.of(world.slack, world.slack.ephemerals("lee")[-1])


async def _tested(a_world: OpenWorld) -> World:
    """Ana's change outside its window, tested, which only leads start."""
    world = await a_world(guide=a_guide_with_roles())
    await asks(world.ana)
    await world.dia.types("/change approve")
    await world.ana.types("/change next")
    return world


async def test_who_overrides_by_a_line_is_asked_once_more_and_may_leave_it(a_world: OpenWorld) -> None:
    world = await _tested(a_world)
    await world.lee.types("/change override CH1 we lose orders")
    asked = _asked(world)
    assert asked.says("Start CH1 New checkout against the gate?")
    assert asked.says("window")
    await world.lee.presses("Leave it", card=asked)
    assert _asked(world).says("Left as it is. The line was: `/change start CH1 override: we lose orders`")
    assert world.change_card().says("Testing")
    assert not world.change_card().loud


async def test_a_start_against_the_gate_that_comes_again_starts_once(a_world: OpenWorld) -> None:
    world = await _tested(a_world)
    await world.lee.types("/change start override: we lose orders")
    asked = _asked(world)
    await world.lee.presses("Start it now", card=asked)
    await world.slack.redeliver()
    await world.settle()
    assert len(world.change_card().loud) == 1
    await world.lee.presses("Start it now", card=asked)
    assert _asked(world).says("Nothing to do: CH1 is being deployed")
    assert len(world.change_card().loud) == 1


async def test_of_a_plan_that_was_edited_since_nothing_starts(a_world: OpenWorld) -> None:
    world = await _tested(a_world)
    await world.lee.types("/change start CH1 override: we lose orders")
    asked = _asked(world)
    await world.ana.types("/change edit CH1")
    await world.ana.sends(**{**FILLED, "title": "Another checkout"})
    await world.lee.presses("Start it now", card=asked)
    assert _asked(world).says("has been edited since")
    assert not world.change_card().loud


async def test_the_question_of_an_hour_ago_starts_nothing(a_world: OpenWorld) -> None:
    world = await _tested(a_world)
    await world.lee.types("/change start CH1 override: we lose orders")
    asked = _asked(world)
    await world.forward(hours=1)
    await world.lee.presses("Start it now", card=asked)
    assert _asked(world).says("nothing is started by it any more")
    assert world.change_card().says("Testing")


async def test_a_lead_overrides_by_the_cards_menu(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_with_roles())
    await asks(world.ana)
    await world.dia.types("/change approve")
    await world.ana.types("/change next")
    await world.ana.presses("Override", card=world.change_card())
    assert "the guide leaves that to the team leads" in world.ana.sees[-1]
    await world.lee.presses("Override", card=world.change_card())
    await world.lee.sends(words="we lose orders")
    assert any("we lose orders" in line for line in world.change_card().loud)


async def test_an_emergency_starts_at_any_time_and_untested(world: World) -> None:
    await asks(world.ana, kind="emergency", starts=int(world.clock.now().timestamp()))
    reply = await world.lee.types("/change approve")
    assert "`start CH1` starts it: it need not be tested." in reply.text
    await world.ana.presses("Start", card=world.change_card())
    assert any(
        "not tested" in line.lower() for line in [*world.change_card().thread, world.change_card().text]
    )
    await world.ana.types("/change next")
    await world.ana.types("/change done")
    assert world.change_card().says("Done")


async def test_a_major_change_starts_in_a_window_that_a_lead_has_planned(world: World) -> None:
    await asks(world.ana, kind="major", starts=int((TUESDAY + timedelta(hours=8)).timestamp()))
    await world.lee.types("/change approve")
    await world.dia.types("/change approve")
    await world.ana.types("/change next")
    await world.forward_to(TUESDAY + timedelta(hours=8))
    reply = await world.ana.types("/change start")
    assert "window" in reply.text
    await world.lee.types("/change calendar add major 2026-03-17 21:00 for 4h Database upgrade")
    reply = await world.ana.types("/change start")
    assert any("started" in line.lower() for line in world.change_card().loud), reply.text


async def test_it_is_rolled_back_while_it_is_validated(world: World) -> None:
    await started(world)
    await world.ana.presses("Deployed", card=world.change_card())
    await world.lee.presses("Roll back", card=world.change_card())
    await world.lee.sends(words="errors at 5 %")
    assert any("errors at 5 %" in line for line in world.change_card().loud)
    await world.ana.presses("Rolled back", card=world.change_card())
    assert world.change_card().says("Rolled back")
    assert world.change_card().says("errors at 5 %")


async def test_where_slack_opens_no_form_the_line_that_does_it_is_told(world: World) -> None:
    await started(world)
    world.slack.faults.add("error", "views.open", error="internal_error")
    await world.lee.presses("Roll back", card=world.change_card())
    assert "Slack does not open the form" in world.lee.sees[-1]
    assert "In one line: `/change rollback CH1 why`." in world.lee.sees[-1]


async def test_shortly_after_it_was_done_it_can_be_rolled_back(world: World) -> None:
    await started(world)
    await world.ana.types("/change next CH1")
    await world.ana.types("/change done CH1")
    await world.forward(minutes=20)
    reply = await world.lee.types("/change rollback CH1 p95 rises")
    assert "CH1" in reply.text
    assert any("p95 rises" in line for line in world.change_card().loud)
    await world.lee.types("/change done CH1")
    await world.forward(minutes=40)
    reply = await world.lee.types("/change rollback CH1")
    assert "Nothing to do: CH1 was rolled back" in reply.text


async def test_long_after_it_was_done_that_is_a_change_of_its_own(world: World) -> None:
    await started(world)
    await world.ana.types("/change next CH1")
    await world.ana.types("/change done CH1")
    await world.forward(minutes=31)
    reply = await world.lee.types("/change rollback CH1 p95 rises")
    assert "now that is a change of its own" in reply.text


async def test_one_that_is_not_started_is_cancelled_and_not_rolled_back(world: World) -> None:
    await asks(world.ana)
    reply = await world.ana.types("/change rollback CH1 no")
    assert "`cancel CH1` calls it off" in reply.text
    await world.ana.presses("Cancel", card=world.change_card())
    await world.ana.sends(words="the supplier moved")
    assert world.change_card().says("Called off")
    assert "the supplier moved" in "\n".join([*world.change_card().thread, world.change_card().text])


async def test_only_whose_it_is_or_a_lead_cancels_it(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_with_roles())
    await asks(world.ana)
    reply = await world.ana.types("/change cancel CH1")
    assert "Why? `" in reply.text
    assert not world.change_card().says("Called off")
    reply = await world.kim.types("/change cancel CH1")
    assert "CH1 is ana's: they or a lead may cancel it." in reply.text
    await world.lee.types("/change cancel CH1 no capacity")
    assert world.change_card().says("Called off")


async def test_one_that_runs_is_not_cancelled(world: World) -> None:
    await started(world)
    reply = await world.ana.types("/change cancel CH1")
    assert "too late to cancel" in reply.text
    assert "`rollback CH1`" in reply.text


async def test_a_note_is_written_in_its_form(world: World) -> None:
    await asks(world.ana)
    await world.kim.presses("Note", card=world.change_card())
    reply = await world.kim.sends(words="   ")
    assert "What is to be noted?" in str(wrong(reply))
    await world.kim.sends(words="support knows")
    assert "support knows" in world.change_card().thread[-1]


async def test_that_it_takes_too_long_is_told_whoever_leads_it(world: World) -> None:
    await started(world)
    await world.forward(minutes=31)
    late = [line for line in world.change_card().loud if "<@U0ANA0001>" in line]
    assert len(late) == 1
    await world.forward(hours=1)
    assert len([line for line in world.change_card().loud if "<@U0ANA0001>" in line]) == 2


async def test_that_its_time_has_come_is_told_whoever_asked(world: World) -> None:
    await asks(world.ana)
    await world.forward_to(TUESDAY + timedelta(seconds=5))
    assert "<@U0ANA0001>" in world.change_card().thread[-1]
    assert "1 approval" in world.change_card().thread[-1]


async def test_two_who_start_at_once_start_it_once(either_world: World) -> None:
    world = either_world
    await asks(world.ana)
    await world.lee.types("/change approve")
    await world.ana.types("/change next")
    await world.forward_to(TUESDAY)
    card = world.change_card()
    action, value = card.find("Start")
    before = [*world.ana.sees, *world.lee.sees]
    where = (card.message.channel, card.message.ts)
    await asyncio.gather(*(world.slack.click(name, *where, action, value) for name in ("ana", "lee")))
    await world.settle()
    seen = [line for line in [*world.ana.sees, *world.lee.sees] if line not in before]
    assert len(seen) == 1
    assert "Nothing to do: CH1 is being deployed" in seen[0]
    assert len(world.change_card().loud) == 1


@pytest.mark.parametrize(
    "line", ["next CH1", "start CH1", "done CH1", "approve CH1", "reject CH1 no", "cancel CH1"]
)
async def test_what_is_over_stays_over(world: World, line: str) -> None:
    await started(world)
    await world.ana.types("/change next CH1")
    await world.ana.types("/change done CH1")
    told = len(world.change_card().thread)
    reply = await world.lee.types(f"/change {line}")
    assert "CH1 is done" in reply.text
    assert len(world.change_card().thread) == told


async def test_a_press_that_comes_again_does_nothing_twice(world: World) -> None:
    await asks(world.ana)
    await world.lee.types("/change approve")
    await world.ana.types("/change next")
    await world.forward_to(TUESDAY)
    seen = world.ana.sees
    pressed = await world.ana.presses("Start", card=world.change_card())
    told = world.change_card().thread
    await world.slack.redeliver(pressed)
    await world.settle()
    assert world.change_card().thread == told
    assert world.ana.sees == seen


async def test_a_restart_between_the_commit_and_the_card_loses_nothing(world: World) -> None:
    await world.ana.types("/change")
    await world.slack.submit("ana", dict(FILLED))
    await world.outage(minutes=5)
    assert world.change_card().says("New checkout")
