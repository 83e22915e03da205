"""What there is behind a card's menu: forms for the severity, for roles, and for the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.guide import Mention, Roles
from bot.sandbox.slack.modals import View
from tests.support.harness import TEAM_LEAD, World, a_staffed_guide
from tests.support.worlds import OpenWorld


def form(world: World, name: str = "ana") -> View:
    return world.slack.views(name)[-1]


def part(view: View, name: str) -> dict[str, Any]:
    block: dict[str, Any] = next(block for block in view.blocks if block["block_id"] == name)
    return block


def chosen(view: View, role: str) -> str | None:
    person: str | None = part(view, f"role.{role}")["element"].get("initial_user")
    return person


async def test_the_severity_is_chosen_where_each_says_whom_it_reaches(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    await world.ana.presses("Severity")
    severities = part(form(world), "severity")["element"]
    assert severities["initial_option"]["value"] == "P1"
    assert severities["options"][0]["description"]["text"].startswith("15 min each to acknowledge: On-call")
    await world.ana.sends(severity="P0")
    assert world.slack.views("ana") == [], "the card shows it: there is nothing more to read"
    assert world.card().says("P0 #1")
    assert world.paged() == ["on-call", "on-call"]


async def test_a_form_that_is_sent_twice_changes_once(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    await world.ana.changes_severity("P0")
    await world.slack.redeliver()
    await world.settle()
    assert world.paged() == ["on-call", "on-call"]


async def test_the_same_severity_is_told_in_the_form(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    await world.ana.changes_severity("P1")
    assert "#1 is P1 already" in form(world).errors["severity"]


async def test_roles_are_given_in_one_form_and_only_those_that_changed(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    told = len(world.card().thread)
    await world.ana.presses("Roles")
    assert chosen(form(world), "commander") == "U0ANA0001"
    assert chosen(form(world), "scribe") is None
    await world.ana.sends(**{"role.scribe": "U0LEE0001", "role.communications": "U0KIM0001"})
    assert world.card().says("Incident commander: ana")
    assert world.card().says("Scribe: lee")
    assert world.card().says("Communications: kim")
    assert len(world.card().thread) == told + 2


async def test_who_takes_command_ticks_a_box(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.lee.presses("Roles")
    await world.lee.sends(take=["yes"])
    assert world.card().says("Incident commander: lee")
    assert "lee is Incident commander now in place of ana." in world.card().thread[-1]
    await world.lee.presses("Roles")
    assert all(block["block_id"] != "take" for block in form(world, "lee").blocks), "lee leads already"


async def test_a_role_is_given_up_by_emptying_it(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.ana.presses("Roles")
    await world.ana.sends(**{"role.commander": None})
    assert not world.card().says("Incident commander")


async def test_a_role_that_somebody_else_has_by_now_is_not_taken_from_them_unseen(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.ana.presses("Roles")
    await world.kim.types("/incident role 1 commander <@U0LEE0001|lee>")
    told = len(world.card().thread)
    await world.ana.sends(**{"role.commander": None, "role.scribe": "U0KIM0001"})
    assert len(world.card().thread) == told, "nothing was done"
    view = form(world)
    assert "Incident commander is lee now" in str(view.given)
    assert chosen(view, "commander") is None
    assert chosen(view, "scribe") == "U0KIM0001"
    await world.ana.sends()
    assert not world.card().says("Incident commander")
    assert world.card().says("Scribe: kim")


async def test_what_somebody_else_has_done_to_other_roles_does_not_matter(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Roles")
    await world.kim.types("/incident role 1 commander <@U0LEE0001|lee>")
    await world.ana.sends(**{"role.scribe": "U0KIM0001"})
    assert world.card().says("Incident commander: lee")
    assert world.card().says("Scribe: kim")


async def test_who_leads_from_pagerduty_is_named_and_stays(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    await world.forward(minutes=1)
    await world.lee.presses("Roles")
    assert "Ana Ortiz (PagerDuty) has it." in str(part(form(world, "lee"), "role.commander"))
    await world.lee.sends(**{"role.scribe": "U0LEE0001"})
    assert world.card().says("Incident commander: Ana Ortiz (PagerDuty)")


async def test_a_guest_who_is_chosen_is_told_at_the_role_and_nothing_else_is_done(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Roles")
    await world.ana.sends(**{"role.scribe": "U0GUS0001", "role.commander": "U0LEE0001"})
    assert any("gus is a guest" in text for text in form(world).errors.values())
    assert not world.card().says("lee")


async def test_an_incident_is_resolved_with_a_note(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.does_more("resolve", "Rolled back to 41")
    assert world.card().says("*Resolved* by *ana*")
    assert any("Resolved by ana: Rolled back to 41" in line for line in world.card().thread)


async def test_an_update_with_words_is_written_at_once(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.does_more("update", "Half of the traffic is back")
    assert world.card().says("Latest update: Half of the traffic is back")


async def test_an_update_without_words_is_asked_for_in_its_own_form(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.does_more("update")
    await world.ana.sends(text="Half of the traffic is back", impact="Nobody can pay")
    assert world.slack.views("ana") == []
    assert world.card().says("Latest update: Half of the traffic is back")
    assert world.card().says("Impact: Nobody can pay")


async def test_a_note_without_words_is_told_in_the_form(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.does_more("note")
    assert "A note needs" in form(world).errors["words"]


async def test_a_note_and_the_impact_are_written_behind_more_too(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.does_more("note", "Called the vendor")
    await world.ana.does_more("impact", "Nobody can pay")
    assert world.card().says("Impact: Nobody can pay")
    assert "Called the vendor" in str((await world.kim.types("/incident show 1")).message)


async def test_a_form_of_an_earlier_state_comes_back_with_what_is_true_now_and_what_was_written(
    world: World,
) -> None:
    await world.kim.types("/incident p1 search is slow")
    await world.ana.presses("More")
    await world.lee.changes_severity("P0")
    await world.ana.sends(what="resolve", words="It went away")
    assert world.card().says("Not acknowledged")
    view = form(world)
    assert "Meanwhile it has changed: P0 #1 is not acknowledged yet" in str(view.given)
    assert part(view, "words")["element"]["initial_value"] == "It went away"
    await world.ana.sends()
    assert world.card().says("*Resolved* by *ana*")


async def test_a_menu_of_an_earlier_state_opens_nothing_and_says_what_is_true(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    seen = world.card()
    await world.lee.changes_severity("P0")
    await world.ana.presses("Roles", card=seen)
    assert world.slack.views("ana") == []
    assert "That button is from an earlier state" in world.ana.sees[-1]


async def test_a_guest_is_told_before_a_form_opens(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    for label in ("Severity", "Roles", "More"):
        await world.gus.presses(label)
        assert world.slack.views("gus") == []
        assert "Guests and people of other workspaces may look" in world.gus.sees[-1]


async def test_who_may_not_end_it_is_told_in_the_form_and_keeps_the_words(a_world: OpenWorld) -> None:
    roles = Roles(responders=Mention(groups=(TEAM_LEAD,)))
    world = await a_world(guide=replace(a_staffed_guide(), roles=roles))
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.does_more("cancel", "only a test")
    assert "You may not cancel an incident" in form(world, "kim").errors["words"]
    assert world.card().says("Not acknowledged")


async def test_where_slack_opens_no_form_the_line_that_does_it_is_told(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    world.slack.faults.add("error", "views.open", error="internal_error")
    await world.ana.presses("Severity")
    assert "Slack does not open the form" in world.ana.sees[-1]
    assert "`/incident sev 1 p1`" in world.ana.sees[-1]


async def test_while_the_database_is_away_the_form_keeps_what_was_written(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("More")
    await world.bot.store.aclose()
    await world.slack.submit("ana", {"what": "update", "words": "half is back"})
    assert "The database does not answer" in next(iter(form(world).errors.values()))
