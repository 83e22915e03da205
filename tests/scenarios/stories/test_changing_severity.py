"""It is worse than we thought, or not as bad; and the next tier, now."""

from __future__ import annotations

from tests.support.harness import World


async def test_raising_takes_the_acknowledgement_away_and_pages_from_the_start(either_world: World) -> None:
    world = either_world
    await world.kim.types("/incident p1 search is slow")
    await world.lee.presses("Acknowledge")
    await world.ana.changes_severity("P0")
    assert world.card().says("P0 #1")
    assert world.card().says("Not acknowledged")
    assert world.paged() == ["on-call", "on-call"]
    old, new = world.alerts()
    assert (old.status, new.status) == ("resolved", "triggered")
    assert old.key != new.key
    await world.forward(minutes=15)
    assert world.paged()[2:] == ["team-lead"]


async def test_the_old_page_rings_on_until_the_new_one_is_accepted(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    world.pagerduty.faults.add("down", "events")
    await world.ana.types("/incident sev 1 p0")
    await world.forward(seconds=20)
    assert [alert.status for alert in world.alerts()] == ["triggered"]
    world.pagerduty.faults.clear()
    await world.forward(minutes=1)
    assert [alert.status for alert in world.alerts()] == ["resolved", "triggered"]
    assert world.paged() == ["on-call", "on-call"]


async def test_a_button_of_before_the_raise_does_nothing_and_says_what_is_true(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    seen = world.card()
    await world.ana.changes_severity("P0")
    await world.lee.presses("Acknowledge", card=seen)
    assert world.card().says("Not acknowledged")
    assert "That button is from an earlier state. Now: P0 #1 is not acknowledged yet." in world.lee.sees[0]


async def test_lowering_keeps_an_acknowledgement(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.lee.presses("Acknowledge")
    await world.lee.changes_severity("P1")
    await world.forward(hours=5)
    assert world.card().says("*Acknowledged* by *lee*")
    assert world.card().says("P1 #1")
    assert world.paged() == ["on-call"]


async def test_lowering_what_nobody_has_waits_the_new_response_time_from_now(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=10)
    reply = await world.lee.types("/incident sev p1")
    assert "Team Lead is paged in 1 h unless somebody acknowledges." in reply.text
    await world.forward(minutes=59)
    assert world.paged() == ["on-call"]
    await world.forward(minutes=1)
    assert world.paged() == ["on-call", "team-lead"]


async def test_lowering_to_p3_ends_paging_at_once_and_waits_for_business_time(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=15)
    await world.lee.types("/incident sev p3")
    assert {alert.status for alert in world.alerts()} == {"resolved"}
    assert world.card().says("Next: *Platform Team* is mentioned")
    await world.forward(days=1)
    assert world.paged() == ["on-call", "team-lead"]
    assert any("Platform Team: P3 #1" in line for line in world.card().loud)


async def test_the_same_severity_again_is_nothing_to_do(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.lee.types("/incident sev p0")
    assert "#1 is P0 already" in reply.text
    assert world.paged() == ["on-call"]


async def test_escalating_now_reaches_the_next_tier_and_the_rest_waits_from_there(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=5)
    await world.ana.presses("Escalate now to Team Lead")
    assert world.paged() == ["on-call", "team-lead"]
    assert world.alerts()[1].title == "P0 #1 checkout is down · step 2 of 3, asked for by ana"
    await world.forward(minutes=14)
    assert len(world.paged()) == 2
    await world.forward(minutes=1)
    assert world.paged() == ["on-call", "team-lead", "director"]


async def test_escalating_after_an_acknowledgement_pages_and_takes_nothing_away(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.ana.types("/incident escalate")
    assert world.paged() == ["on-call", "team-lead"]
    assert world.card().says("*Acknowledged* by *ana*")
    await world.forward(hours=2)
    assert world.paged() == ["on-call", "team-lead"]


async def test_escalating_a_p3_asks_the_team_now(world: World) -> None:
    await world.kim.types("/incident p3 a typo")
    await world.kim.types("/incident escalate")
    assert "kim asks Platform Team to look at P3 #1." in world.card().loud[0]
    assert not world.paged()
