"""What a review finds: reported in a form, declared as an incident, closed by hand or with it."""

from __future__ import annotations

import pytest

from tests.support.harness import World
from tests.support.people import Card, Person
from tests.support.worlds import OpenWorld


async def begun(world: World) -> Card:
    """A health check of three items stands, as C1."""
    await world.kim.types("/checklist run health-check")
    return world.run_card("Health Check")


def now(world: World) -> Card:
    """Its card as it is now."""
    return world.run_card("Health Check")


def form(world: World, person: Person) -> str:
    """All of the form that somebody sees."""
    return str(world.slack.views(person.name)[-1].given)


async def reports(world: World, person: Person, text: str, *, item: str = "2", declare: bool = False) -> None:
    """Somebody fills the form behind "Problem…" in, and sends it."""
    await person.presses("Problem…", card=now(world))
    await person.sends(item=item, words=text, declare=["yes"] if declare else [])


async def test_a_problem_is_reported_in_a_form_and_stands_on_the_card(world: World) -> None:
    await begun(world)
    await reports(world, world.ana, "api-gateway is slow")
    assert now(world).says("api-gateway is slow")
    assert now(world).says("1 of 3 done")
    [line] = now(world).thread
    assert "api-gateway is slow" in line
    assert "<@" not in line, "nobody is mentioned for what they do themselves"


async def test_the_only_open_item_is_chosen_already(world: World) -> None:
    await begun(world)
    await world.ana.types("/checklist done 1 3")
    await world.ana.presses("Problem…", card=now(world))
    await world.ana.sends(words="api-gateway is slow")
    assert now(world).says("api-gateway is slow")
    assert now(world).says("3 of 3 done")


async def test_a_form_says_what_is_missing_and_keeps_what_was_filled_in(world: World) -> None:
    await begun(world)
    await world.ana.presses("Problem…", card=now(world))
    reply = await world.ana.sends(item="2", words="  ")
    assert reply.body["errors"] == {"words": "What is wrong?"}
    await world.ana.sends(item="2", words="api-gateway is slow")
    assert now(world).says("api-gateway is slow")


async def test_of_two_who_report_the_same_the_second_learns_of_the_first(world: World) -> None:
    await begun(world)
    await world.ana.presses("Problem…", card=now(world))
    await world.lee.presses("Problem…", card=now(world))
    await world.ana.sends(item="2", words="api-gateway is slow")
    reply = await world.lee.sends(item="2", words="slow, too")
    assert reply.body["errors"] == {
        "words": "ana has found a problem with item 2 of C1 already, 12:00 EDT: api-gateway is slow."
    }


async def test_a_problem_is_closed_from_the_card_with_what_was_done(world: World) -> None:
    await begun(world)
    await reports(world, world.ana, "api-gateway is slow")
    await world.lee.presses("Solved", card=now(world))
    await world.lee.sends(words="scaled up")
    assert now(world).says("scaled up")
    last = now(world).thread[-1]
    assert "scaled up" in last
    assert "<@U0ANA0001>" in last, "whoever found it learns of it"
    assert "Solved" not in now(world).labels


async def test_a_problem_becomes_an_incident_whose_end_closes_it(world: World) -> None:
    await begun(world)
    await reports(world, world.ana, "api-gateway is slow", declare=True)
    assert now(world).says("api-gateway is slow"), "it is on disk before anything is declared"
    await world.ana.sends(severity="P2")
    incident = world.card()
    assert incident.says("api-gateway is slow")
    assert now(world).says("P2 #1")
    assert any("P2 #1" in line for line in now(world).thread)
    await world.ana.types("/incident resolve 1 scaled up")
    await world.forward(seconds=5)
    assert "P2 #1 was resolved" in now(world).thread[-1]
    await world.ana.types("/checklist problems")
    assert "No review has found a problem" in world.ana.sees[-1]


async def test_the_form_that_follows_is_filled_in(world: World) -> None:
    await begun(world)
    await reports(world, world.ana, "api-gateway is slow", declare=True)
    shown = form(world, world.ana)
    assert "Declare an incident" in shown
    assert "api-gateway is slow" in shown
    assert "For the problem of C1 2, which is closed with it." in shown
    assert "Choose how bad it is; the rest is filled in." in shown


async def test_a_problem_that_nobody_goes_on_to_declare_is_reported_all_the_same(world: World) -> None:
    await begun(world)
    await reports(world, world.ana, "api-gateway is slow", declare=True)
    await world.outage(minutes=5)
    assert now(world).says("api-gateway is slow")
    assert not world.cards()


async def test_sending_both_forms_twice_declares_and_links_once(world: World) -> None:
    await begun(world)
    await reports(world, world.ana, "api-gateway is slow", declare=True)
    await world.slack.redeliver()
    await world.settle()
    await world.ana.sends(severity="P2")
    await world.slack.redeliver()
    await world.settle()
    assert len(world.cards()) == 1
    assert sum("P2 #1" in line for line in now(world).thread) == 1


async def test_a_false_alarm_closes_the_problem_too(world: World) -> None:
    await begun(world)
    await reports(world, world.ana, "api-gateway is slow", declare=True)
    await world.ana.sends(severity="P2")
    await world.ana.types("/incident cancel 1 a test")
    await world.forward(seconds=5)
    assert "false alarm" in now(world).thread[-1]


async def test_a_problem_has_one_open_incident(world: World) -> None:
    await begun(world)
    await reports(world, world.ana, "api-gateway is slow", declare=True)
    await world.lee.presses("Solved", card=now(world))
    await world.lee.sends(words="")
    await world.ana.sends(severity="P2")
    assert world.card().says("api-gateway is slow"), (
        "an incident is an incident, whatever became of the problem"
    )
    assert not any("P2 #1" in line for line in now(world).thread)


async def test_what_an_item_has_shown_goes_with_the_incident(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True)
    await begun(world)
    await world.forward(seconds=30)
    await reports(world, world.ana, "a target is down", item="2", declare=True)
    await world.ana.sends(severity="P2")
    await world.forward(seconds=5)
    assert any("Evidence of C1 2" in line for line in world.card().thread)


async def test_notes_and_reasons_are_written_in_forms(world: World) -> None:
    await begun(world)
    await world.ana.presses("Add a note…", card=now(world))
    await world.ana.sends(words="db-2 is at 78 %")
    assert "db-2 is at 78 %" in now(world).thread[-1]
    await world.ana.presses("Not applicable…", card=now(world))
    await world.ana.sends(item="2", words="no deploys")
    assert now(world).says("no deploys")
    await world.ana.presses("Open again…", card=now(world))
    await world.ana.sends(item="2")
    assert now(world).says("0 of 3 done")


async def test_items_are_handed_over_in_a_form(world: World) -> None:
    await begun(world)
    await world.ana.presses("Hand over…", card=now(world))
    with pytest.raises(ValueError, match="required inputs are empty: person"):
        await world.ana.sends(item="2")
    reply = await world.ana.sends(item="2", person="U0GUS0001")
    assert "can check nothing off" in reply.body["errors"]["person"]
    await world.ana.sends(item="2", person="U0LEE0001")
    assert now(world).says("lee has it")
    assert "<@U0LEE0001>" in now(world).thread[-1]


async def test_a_guest_gets_no_form(world: World) -> None:
    await begun(world)
    await world.gus.presses("Problem…", card=now(world))
    assert "may look, but not report a problem of a checklist" in world.gus.sees[-1]


async def test_who_has_reported_a_problem_by_a_command_may_declare_an_incident_for_it(world: World) -> None:
    await begun(world)
    await world.ana.types("/checklist problem 2 api-gateway is slow")
    [answer] = world.slack.ephemerals("ana")
    [element] = [block["elements"][0] for block in answer.content.blocks if block["type"] == "actions"]
    channel = world.run_card("Health Check").message.channel
    await world.slack.click("ana", channel, answer.ts, element["action_id"], element["value"])
    assert "api-gateway is slow" in form(world, world.ana)
    await world.ana.sends(severity="P2")
    assert now(world).says("P2 #1")
    await world.slack.click("ana", channel, answer.ts, element["action_id"], element["value"])
    await world.settle()
    assert "P2 #1 has been declared for it already." in world.ana.sees[-1]


async def test_what_is_declared_for_a_problem_that_was_closed_meanwhile_says_so(world: World) -> None:
    await begun(world)
    await world.ana.presses("Problem…", card=now(world))
    await world.ana.sends(item="2", words="the disk is full", declare=["yes"])
    await world.lee.types("/checklist solved C1 2 cleaned")
    reply = await world.ana.sends(severity="P2")
    assert "P2 #1 is declared" in str(reply.body)
    assert "The problem of item 2 of C1 was closed meanwhile: it is not linked with it." in str(reply.body)
