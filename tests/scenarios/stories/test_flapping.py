"""What comes and goes is one card, is called flapping, and does not ring at every turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.alert import AlertState
from bot.domain.alert_policy import AlertRoute
from bot.domain.guide import Guide
from bot.domain.severity import Severity
from tests.support.alert_news import groups_of, the_group
from tests.support.harness import World, a_staffed_guide
from tests.support.worlds import OpenWorld

NAME = "HighErrorRate"


def a_paging_guide(**changes: object) -> Guide:
    """A guide in which every alert pages P0's path."""
    route = AlertRoute(
        match=(),
        channel="platform-alerts",
        team="platform-team",
        severity=Severity.P0,
        page=True,
        escalates=True,
    )
    return replace(a_staffed_guide(), alerts=(replace(route, **changes),))  # type: ignore[arg-type]


async def _comes_and_goes(world: World, times: int, *, minutes: int = 2) -> None:
    """It fires; then it is over and fires again, so many times."""
    await world.fires(NAME)
    for _ in range(times):
        await world.forward(minutes=minutes)
        await world.resolves(NAME)
        await world.forward(minutes=minutes)
        await world.fires(NAME)
    await world.forward(seconds=5)


async def test_what_comes_and_goes_is_one_card_and_is_called_so(world: World) -> None:
    await _comes_and_goes(world, 2)
    group = await the_group(world)
    assert (group.flaps, group.state, group.firing, group.resolved) == (2, AlertState.FIRING, 1, 0)
    assert not world.alert_card().says("flapping")
    await world.forward(minutes=2)
    await world.resolves(NAME)
    await world.forward(seconds=5)
    assert world.alert_card().says("Resolved")
    await world.fires(NAME)
    await world.forward(seconds=5)
    assert world.alert_card().says("flapping")
    assert len(world.alert_cards()) == len(world.slack.messages) == 1


async def test_what_fires_again_later_has_a_card_of_its_own(world: World) -> None:
    await world.fires(NAME)
    await world.resolves(NAME)
    await world.forward(minutes=11)
    await world.fires(NAME)
    await world.forward(seconds=5)
    assert len(world.alert_cards()) == 2
    assert [group.flaps for group in await groups_of(world)] == [0, 0]


async def test_a_flapping_group_does_not_page_at_every_turn(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_paging_guide())
    await _comes_and_goes(world, 6, minutes=1)
    assert world.paged() == ["on-call"] * 3, "only until it is known to flap"
    await world.forward(minutes=10)
    assert world.paged() == ["on-call"] * 4, "and then once within ten minutes"


async def test_who_has_acknowledged_it_keeps_it(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_paging_guide())
    await world.fires(NAME)
    world.pagerduty.acknowledge(world.alerts()[0].key)
    await world.polls()
    assert (await the_group(world)).acknowledged_by
    await world.resolves(NAME)
    await world.forward(minutes=2)
    await world.fires(NAME)
    group = await the_group(world)
    assert (group.state, group.flaps) == (AlertState.ACKNOWLEDGED, 1)
    assert world.paged() == ["on-call"]


async def test_a_route_that_only_escalates_pages_later(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_paging_guide(page=False, escalate_after=timedelta(minutes=10)))
    await world.fires(NAME)
    await world.forward(minutes=9)
    assert not world.paged()
    await world.forward(minutes=1)
    assert world.paged() == ["on-call"]
    await world.forward(minutes=10)
    assert world.paged() == ["on-call", "team-lead"]
    await world.resolves(NAME)
    await world.forward(minutes=30)
    assert len(world.paged()) == 2
    assert {one.status for one in world.alerts()} == {"resolved"}


async def test_worse_alerts_of_a_group_page_anew(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_paging_guide(severity=None))
    await world.fires(NAME, severity="warning")
    assert world.paged() == ["on-call"]
    world.pagerduty.acknowledge(world.alerts()[0].key)
    await world.polls()
    await world.fires(NAME, severity="critical", instance="b")
    group = await the_group(world)
    assert (group.severity, group.state, group.epoch) == (Severity.P1, AlertState.FIRING, 2)
    assert world.paged() == ["on-call", "on-call"]
