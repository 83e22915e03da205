"""What breaks while production is being changed, or soon after, points at the change, and that at it."""

from __future__ import annotations

from bot.views.changes.buttons import ROLLBACK
from tests.support.change_stories import ANA, started
from tests.support.harness import World
from tests.support.people import Card

DECLARED = "/incident p1 service:payment orders are lost"


def asked(card: Card) -> list[str]:
    """What asks whether something comes of the change."""
    return [line for line in card.thread if "this change cause it?" in line]


async def test_an_incident_while_it_runs_is_told_its_lead_with_a_button_to_take_it_back(world: World) -> None:
    await started(world)
    await world.forward(minutes=4)
    await world.kim.types(DECLARED)
    await world.watches_changes()
    change, incident = world.change_card(), world.card()
    [line] = asked(change)
    assert "P1 #1 (orders are lost) began 4 min after it was started" in line
    assert f"<@{ANA}>" in line
    assert line in change.loud
    [told] = [line for line in incident.thread if "CH1" in line]
    assert "Change CH1 (New checkout) of Payment Service was started 4 min before this began." in told
    assert world.card().says("CH1")
    assert world.card().says("started 4 min before")
    await world.forward(seconds=2)
    assert world.change_card().says("orders are lost"), "the change's card names it, too"


async def test_the_button_in_the_thread_takes_it_back(world: World) -> None:
    await started(world)
    await world.kim.types(DECLARED)
    await world.watches_changes()
    [line] = [one for one in world.change_card().prompts if "this change cause it" in one.text]
    assert line.find("Roll back")[0] == ROLLBACK
    await world.ana.presses("Roll back", card=line)
    await world.ana.sends(words="orders are lost")
    assert world.change_card().says("being rolled back by ana")


async def test_it_is_told_once_whoever_looks_again(world: World) -> None:
    await started(world)
    await world.kim.types(DECLARED)
    for _ in range(3):
        await world.watches_changes()
    assert len(asked(world.change_card())) == 1
    assert len([line for line in world.card().thread if "CH1" in line]) == 1


async def test_an_alert_that_pages_points_at_it(world: World) -> None:
    await started(world)
    await world.forward(minutes=1)
    await world.fires("HighErrorRate", service="payment", severity="critical", team="platform-team")
    await world.watches_changes()
    assert "HighErrorRate" in asked(world.change_card())[0]
    await world.forward(seconds=3)
    assert world.alert_card().says("CH1")


async def test_what_began_before_or_is_of_another_service_or_a_drill_or_secret_points_at_nothing(
    world: World,
) -> None:
    await world.kim.types("/incident p1 service:payment it began before")
    await world.kim.types("/incident resolve 1")
    await started(world)
    await world.kim.types("/incident p1 service:identity nobody can log in")
    await world.kim.types("/incident drill p0 service:payment a drill")
    await world.kim.types("/incident p2 service:payment a bit slow")
    await world.sam.types("/incident p0 zebra token leaked", channel="security-incidents")
    await world.watches_changes()
    assert asked(world.change_card()) == []
    assert not any("zebra" in line for line in world.change_card().thread)


async def test_soon_after_its_end_it_still_points_at_it_and_later_no_more(world: World) -> None:
    await started(world)
    await world.ana.types("/change next CH1")
    await world.ana.types("/change done CH1")
    await world.forward(minutes=20)
    await world.kim.types(DECLARED)
    await world.watches_changes()
    assert "began 20 min after it was over" in asked(world.change_card())[0]
    await world.forward(minutes=15)
    await world.kim.types("/incident p0 service:payment all is lost")
    await world.watches_changes()
    assert len(asked(world.change_card())) == 1


async def test_after_an_outage_it_is_found_nevertheless(world: World) -> None:
    await started(world)
    await world.kim.types(DECLARED)
    await world.outage(minutes=3)
    await world.watches_changes()
    assert len(asked(world.change_card())) == 1
