"""More alerts at once than a channel bears: one card stands for the rest, and pages once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from bot.domain.alert import AlertGroup, AlertSource, AlertState
from bot.domain.alert_policy import AlertRoute, StormPolicy
from bot.domain.guide import Guide
from bot.domain.severity import Severity
from tests.support.alert_news import groups_of, hears, news, post, told
from tests.support.harness import World, a_staffed_guide
from tests.support.worlds import OpenWorld

CARDS = 3
WITHIN = timedelta(minutes=5)
OPS = "platform-alerts"
SECURITY = "security-incidents"

_names = count(1)


def a_guide_of_storms(**changes: object) -> Guide:
    """A guide in which a channel bears three new cards; routes page nobody unless `changes` say so."""
    guide = a_staffed_guide()
    security, *_ = guide.alerts
    rest = AlertRoute(match=(), channel=OPS, team="platform-team")
    return replace(
        guide,
        alerts=(security, replace(rest, **changes)),  # type: ignore[arg-type]
        alerting=replace(guide.alerting, storm=StormPolicy(cards=CARDS, within=WITHIN)),
    )


def paging(severity: Severity | None = Severity.P0) -> Guide:
    return a_guide_of_storms(severity=severity, page=True, escalates=True)


async def groups_fire(world: World, how_many: int, **labels: str) -> list[str]:
    """So many groups begin to fire. Their keys."""
    keys = [f"key-{next(_names)}" for _ in range(how_many)]
    for key in keys:
        await hears(
            world, told(world.clock.now(), None, annotations=None, alertname=f"Alert{key}", **labels), key=key
        )
    await world.forward(seconds=5)
    return keys


async def are_over(world: World, keys: list[str], **labels: str) -> None:
    for key in keys:
        (group,) = [one for one in await groups_of(world) if one.key == key and one.is_open]
        begun = told(group.started_at, world.clock.now(), annotations=None, alertname=f"Alert{key}", **labels)
        await hears(world, begun, key=key)
    await world.forward(seconds=10)


async def storms_of(world: World) -> list[AlertGroup]:
    return [one for one in await groups_of(world) if one.source is AlertSource.STORM]


async def the_storm(world: World) -> AlertGroup:
    (storm,) = await storms_of(world)
    return storm


async def test_what_a_channel_cannot_bear_is_one_card(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_of_storms())
    await groups_fire(world, CARDS)
    assert not await storms_of(world)
    await groups_fire(world, 7, service="payment")
    storm = await the_storm(world)
    assert len(world.alert_cards()) == CARDS + 1
    card = world.alert_card(storm.number)
    assert card.says("Alert storm")
    assert card.says("Payment Service")
    assert (storm.firing, storm.channel, storm.state) == (7, OPS, AlertState.FIRING)
    members = [one for one in await groups_of(world) if one.storm == storm.id]
    assert len(members) == 7
    assert all(one.is_open and one.carded_at is None for one in members), "nothing is lost"


async def test_a_storm_is_over_once_all_of_it_is(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_of_storms())
    await groups_fire(world, CARDS)
    keys = await groups_fire(world, 4)
    await are_over(world, keys[:3])
    storm = await the_storm(world)
    assert (storm.state, storm.firing, storm.resolved) == (AlertState.FIRING, 1, 3)
    await are_over(world, keys[3:])
    storm = await the_storm(world)
    assert (storm.state, storm.firing, storm.resolved) == (AlertState.RESOLVED, 0, 4)
    assert world.alert_card(storm.number).says("Resolved")


async def test_after_a_calm_new_groups_have_cards_of_their_own_again(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_of_storms())
    await groups_fire(world, CARDS + 2)
    await world.forward(minutes=4)
    await groups_fire(world, 1)
    storm = await the_storm(world)
    assert storm.firing == 3, "it has taken something in only just"
    await world.forward(minutes=6)
    await groups_fire(world, 1)
    assert (await the_storm(world)).firing == 3
    assert len(world.alert_cards()) == CARDS + 2
    await groups_fire(world, CARDS)
    assert len(await storms_of(world)) == 1, "a storm that still goes on takes in the next one"
    assert (await the_storm(world)).firing == 4


async def test_a_storm_after_the_storm_is_another_one(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_of_storms())
    keys = await groups_fire(world, CARDS + 1)
    await are_over(world, keys)
    await world.forward(minutes=20)
    await groups_fire(world, CARDS + 1)
    assert [one.state for one in await storms_of(world)] == [AlertState.RESOLVED, AlertState.FIRING]


async def test_what_fires_again_wakes_its_storm(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_of_storms())
    await groups_fire(world, CARDS)
    (key,) = await groups_fire(world, 1)
    await are_over(world, [key])
    assert not (await the_storm(world)).is_open
    await hears(world, told(world.clock.now(), alertname=f"Alert{key}"), key=key)
    await world.forward(seconds=10)
    storm = await the_storm(world)
    assert (storm.state, storm.flaps, storm.firing) == (AlertState.FIRING, 1, 1)
    assert len(world.alert_cards()) == CARDS + 1


async def test_a_storm_pages_once_for_all(a_world: OpenWorld) -> None:
    world = await a_world(guide=paging())
    await groups_fire(world, CARDS)
    assert world.paged() == ["on-call"] * CARDS
    await groups_fire(world, 6)
    assert world.paged() == ["on-call"] * (CARDS + 1)
    assert world.pages()[-1].summary.startswith(f"P0 {(await the_storm(world)).label} Alert storm")
    await world.forward(minutes=15)
    assert world.paged().count("team-lead") == CARDS + 1


async def test_a_storm_gets_as_bad_as_the_worst_that_pages(a_world: OpenWorld) -> None:
    world = await a_world(guide=paging(severity=None))
    await groups_fire(world, CARDS, severity="warning")
    before = len(world.paged())
    await groups_fire(world, 2, severity="info")
    storm = await the_storm(world)
    assert (storm.severity, len(world.paged())) == (Severity.P3, before)
    await groups_fire(world, 2, severity="warning")
    storm = await the_storm(world)
    assert (storm.severity, len(world.paged())) == (Severity.P2, before + 1)
    (key,) = await groups_fire(world, 1, severity="warning")
    await hears(
        world,
        told(world.clock.now(), alertname=f"Alert{key}", severity="warning"),
        told(world.clock.now(), alertname=f"Alert{key}", severity="critical"),
        key=key,
    )
    await world.forward(seconds=5)
    storm = await the_storm(world)
    assert (storm.severity, len(world.paged())) == (Severity.P1, before + 2)


async def test_who_takes_the_storm_takes_all_of_it(a_world: OpenWorld) -> None:
    world = await a_world(guide=paging())
    await groups_fire(world, CARDS + 3)
    storm = await the_storm(world)
    key = next(one.key for one in reversed(world.alerts()) if one.key.startswith(storm.id))
    world.pagerduty.acknowledge(key)
    await world.polls()
    members = [one for one in await groups_of(world) if one.storm == storm.id]
    assert {one.state for one in (await the_storm(world), *members)} == {AlertState.ACKNOWLEDGED}
    pages = len(world.paged())
    await world.forward(minutes=20)
    assert len([one for one in world.pages()[pages:] if one.key.startswith(storm.id)]) == 0


async def test_channels_have_storms_of_their_own(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_of_storms())
    await groups_fire(world, CARDS + 1)
    await groups_fire(world, CARDS + 2, team="security-team", host="secret-host")
    first, second = await storms_of(world)
    assert [(one.channel, one.security, one.firing) for one in (first, second)] == [
        (OPS, False, 1),
        (SECURITY, True, 2),
    ]
    assert second.public_title == f"Security alert {second.label}"


async def test_cards_are_right_in_the_end_though_slack_was_down(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_of_storms())
    await world.stop()
    await world.start()
    keys = await groups_fire(world, CARDS + 4)
    await world.outage(minutes=1)
    await are_over(world, keys)
    storm = await the_storm(world)
    assert not storm.is_open
    for group in await groups_of(world):
        if group.storm is None:
            assert world.alert_card(group.number).says("Resolved")


@pytest.mark.parametrize("how_many", [30])
async def test_a_storm_told_by_many_at_once_is_still_one(either_world: World, how_many: int) -> None:
    """By default a channel bears twenty cards."""
    world, now = either_world, either_world.clock.now()
    bodies = [news(told(now, alertname=f"A{index}"), key=f"k{index}") for index in range(how_many)]
    answers = await asyncio.gather(*(post(world, body) for body in bodies))
    assert {status for status, _ in answers} == {200}
    await world.forward(minutes=1)
    storm = await the_storm(world)
    assert storm.firing == how_many - 20
    assert len(world.alert_cards()) == 21


@pytest.mark.parametrize("after", [timedelta(), timedelta(minutes=15)])
async def test_a_storm_becomes_one_incident_for_all_that_it_stands_for(
    a_world: OpenWorld, after: timedelta
) -> None:
    world = await a_world(guide=a_guide_of_storms(severity=Severity.P1, incident_after=after))
    await groups_fire(world, CARDS + 5)
    await world.forward(minutes=16)
    incidents = await world.bot.store.read(lambda tx: tx.incidents.open())
    assert len(incidents) == CARDS + 1
    assert sum("Alert storm" in one.title for one in incidents) == 1
