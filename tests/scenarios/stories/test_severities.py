"""How each severity reaches people, from the declaration until somebody answers."""

from __future__ import annotations

from datetime import timedelta

from tests.support.builders import new_york
from tests.support.harness import DIRECTOR, ON_CALL, TEAM_LEAD, World
from tests.support.worlds import OpenWorld


async def test_a_p0_climbs_to_the_director_and_goes_on_until_somebody_answers(either_world: World) -> None:
    world = either_world

    reply = await world.kim.types("/incident p0 checkout is down")
    assert reply.text.startswith("P0 #1 is declared: checkout is down. On-call Engineer is being paged.")
    assert world.paged() == ["on-call"]
    assert world.card().says("Not acknowledged")

    await world.forward(minutes=14, seconds=59)
    assert world.paged() == ["on-call"]

    await world.forward(seconds=1)
    assert world.paged() == ["on-call", "team-lead"]
    assert not world.card().loud

    await world.forward(minutes=15)
    assert world.paged() == ["on-call", "team-lead", "director"]

    await world.forward(minutes=15)
    assert world.paged() == ["on-call", "team-lead", "director", "director"]
    (loud,) = world.card().loud
    assert "Nobody has acknowledged P0 #1. Tried: On-call Engineer, Team Lead, Director." in loud
    assert all(f"<!subteam^{group}>" in loud for group in (ON_CALL, TEAM_LEAD, DIRECTOR))

    await world.forward(minutes=15)
    assert world.paged().count("director") == 3
    assert len(world.card().loud) == 1

    await world.dia.presses("Acknowledge")
    await world.forward(hours=2)
    assert world.card().says("Acknowledged")
    assert len(world.paged()) == 5
    assert {alert.status for alert in world.alerts()} == {"acknowledged"}
    assert await world.waiting() == 0


async def test_a_page_reads_on_a_lock_screen(world: World) -> None:
    await world.ana.types("/incident p0 service:payment checkout is down")
    await world.forward(minutes=15)
    first, second = world.alerts()
    assert first.title == "P0 #1 checkout is down · payment · step 1 of 3"
    assert second.title == (
        "P0 #1 checkout is down · payment · step 2 of 3, on-call did not acknowledge in 15 min"
    )
    assert first.severity == "critical"
    assert first.links[0]["href"] == "https://slack.com/app_redirect?team=T0OPS0001&channel=C0ALERTS1"
    assert "Service Health" in {link["text"] for link in first.links}


async def test_a_p1_reaches_the_team_lead_after_an_hour(world: World) -> None:
    await world.ana.types("/incident p1 search is slow")
    await world.forward(minutes=59)
    assert world.paged() == ["on-call"]
    await world.forward(minutes=1)
    assert world.paged() == ["on-call", "team-lead"]
    await world.forward(hours=1)
    assert world.paged() == ["on-call", "team-lead", "team-lead"]
    assert {alert.severity for alert in world.alerts()} == {"error"}
    assert {page.urgency for page in world.pages()} == {"high"}


async def test_a_p2_pages_on_call_again_after_four_hours(world: World) -> None:
    await world.ana.types("/incident p2 exports are late")
    await world.forward(hours=3, minutes=59)
    assert world.paged() == ["on-call"]
    await world.forward(minutes=1)
    assert world.paged() == ["on-call", "on-call"]


async def test_a_p3_waits_for_the_next_business_day_and_mentions_the_team_until_it_is_taken(
    either_world: World,
) -> None:
    world = either_world
    reply = await world.ana.types("/incident p3 a typo on the status page")
    assert "Nobody is paged for it; it waits for Platform Team." in reply.text
    assert world.card().says("a typo on the status page")

    await world.forward_to(new_york(2026, 3, 17, 8, 59))
    assert not world.card().thread
    await world.forward(minutes=1)
    (opening,) = world.card().loud
    assert opening.startswith(f"Platform Team: P3 #1 is not acknowledged. <!subteam^{TEAM_LEAD}>")

    await world.forward_to(new_york(2026, 3, 17, 17, 0))
    assert len(world.card().loud) == 2
    assert "P3 #1 is still not acknowledged" in world.card().loud[1]
    await world.forward_to(new_york(2026, 3, 18, 17, 0))
    assert len(world.card().loud) == 3

    await world.lee.presses("Acknowledge")
    await world.forward(days=3)
    assert len(world.card().loud) == 3
    assert not world.paged()


async def test_a_p3_of_a_friday_waits_over_the_weekend(a_world: OpenWorld) -> None:
    world = await a_world(start=new_york(2026, 3, 20, 12, 0))
    await world.ana.types("/incident p3 a typo")
    await world.forward_to(new_york(2026, 3, 23, 9, 0) - timedelta(seconds=1))
    assert not world.card().loud
    await world.forward(seconds=1)
    assert len(world.card().loud) == 1


async def test_a_p3_before_a_public_holiday_waits_until_after_it(a_world: OpenWorld) -> None:
    world = await a_world(start=new_york(2026, 11, 25, 12, 0))  # the day before Thanksgiving
    await world.ana.types("/incident p3 a typo")
    await world.forward_to(new_york(2026, 11, 27, 9, 0) - timedelta(seconds=1))
    assert not world.card().loud
    await world.forward(seconds=1)
    assert len(world.card().loud) == 1
