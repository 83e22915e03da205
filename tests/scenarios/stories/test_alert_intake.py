"""Alertmanager tells; what it tells is on disk before it is answered, once, whoever tells it how often."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from bot.domain.alert import AlertState
from bot.domain.severity import Severity
from tests.support.alert_news import alerts_of, groups_of, hears, news, post, the_group, told
from tests.support.harness import World
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"


async def test_a_group_that_fires_is_routed_by_the_guide(either_world: World) -> None:
    world = either_world
    await world.fires(
        "HighErrorRate",
        service="payment",
        severity="critical",
        annotations={"summary": "5 % of requests fail"},
    )
    group = await the_group(world)
    assert (group.label, group.title) == ("A1", "HighErrorRate: 5 % of requests fail")
    assert (group.channel, group.team, group.service) == ("platform-alerts", "platform-team", "payment")
    assert (group.severity, group.state, group.security) == (Severity.P1, AlertState.FIRING, False)
    assert (group.firing, group.resolved) == (1, 0)
    await world.resolves("HighErrorRate")
    group = await the_group(world)
    assert (group.state, group.firing, group.resolved) == (AlertState.RESOLVED, 0, 1)
    assert not world.paged(), "Alertmanager may page by itself"
    await world.forward(seconds=3)
    assert world.alert_card().says("Resolved")


async def test_security_alerts_go_to_their_own_channel(world: World) -> None:
    await world.fires("LoginFailures", team="security-team", severity="critical")
    group = await the_group(world)
    assert group.channel == SECURITY
    assert group.security
    assert group.public_title == "Security alert A1"


async def test_what_is_told_again_changes_nothing(either_world: World) -> None:
    world, now = either_world, either_world.clock.now()
    for _ in range(3):
        await hears(world, told(now, service="payment"), told(now, service="identity"))
    before = await the_group(world)
    assert before.firing == 2
    await world.forward(seconds=30)
    await hears(world, told(now, service="identity"), told(now, service="payment"))
    assert await the_group(world) == before
    assert len(await alerts_of(world, before)) == 2
    assert len(world.alert_cards()) == len(world.slack.messages) == 1


async def test_a_firing_that_comes_after_its_end_is_late(world: World) -> None:
    since = world.clock.now()
    await hears(world, told(since))
    await world.forward(minutes=2)
    await hears(world, told(since, world.clock.now()))
    over = await the_group(world)
    await hears(world, told(since))
    assert await the_group(world) == over


async def test_an_end_that_comes_first_makes_no_noise(world: World) -> None:
    since = world.clock.now()
    await world.forward(minutes=1)
    await hears(world, told(since, world.clock.now()))
    await hears(world, told(since))
    group = await the_group(world)
    assert group.state is AlertState.RESOLVED
    assert not world.slack.messages


async def test_what_alertmanager_leaves_out_is_counted(world: World) -> None:
    now = world.clock.now()
    await hears(world, told(now), truncatedAlerts=7)
    assert (await the_group(world)).truncated == 7
    await hears(world, told(now), truncatedAlerts=8)
    assert (await the_group(world)).truncated == 8


async def test_later_it_is_another_episode(world: World) -> None:
    since = world.clock.now()
    await hears(world, told(since))
    await hears(world, told(since, since + timedelta(minutes=1)))
    await world.forward(minutes=30)
    await hears(world, told(world.clock.now()))
    first, second = await groups_of(world)
    assert (first.state, second.state) == (AlertState.RESOLVED, AlertState.FIRING)
    assert second.flaps == 0


async def test_what_fewer_may_read_leaves_a_group_that_everybody_reads(world: World) -> None:
    now = world.clock.now()
    await hears(world, told(now))
    await hears(world, told(now), told(now, team="security-team", host="secret-host"))
    first, second = await groups_of(world)
    assert (first.state, first.security, first.firing) == (AlertState.RESOLVED, False, 0)
    assert (second.state, second.security, second.firing) == (AlertState.FIRING, True, 2)
    assert all("secret-host" not in alert.labels.values() for alert in await alerts_of(world, first))
    await hears(world, told(now))
    assert len(await groups_of(world)) == 2


async def test_only_who_knows_the_token_is_heard(world: World) -> None:
    body = news(told(world.clock.now()))
    for token in ("wrong", None, ""):
        status, answer = await post(world, body, token=token)
        assert status == HTTPStatus.UNAUTHORIZED
        assert "ALERTMANAGER_WEBHOOK_TOKEN" in answer["error"]
    assert not await groups_of(world)


async def test_an_odd_body_is_refused_with_the_place(world: World) -> None:
    status, answer = await post(world, news({**told(world.clock.now()), "startsAt": "soon"}))
    assert status == HTTPStatus.BAD_REQUEST
    assert answer["error"].startswith("alerts[0].startsAt: expected a time such as")
    status, answer = await post(world, b"x" * (1024 * 1024 + 1))
    assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "max_alerts" in answer["error"]


async def test_what_is_told_is_counted(world: World) -> None:
    now = world.clock.now()
    await hears(world, told(now))
    await hears(world, told(now))
    await post(world, b"{}")
    _, text = await world.get("/metrics")
    for line in (
        'opsbot_alert_news_total{outcome="new"} 1.0',
        'opsbot_alert_news_total{outcome="nothing"} 1.0',
        'opsbot_alert_news_total{outcome="malformed"} 1.0',
        'opsbot_alert_groups{severity="P1",state="firing"} 1.0',
    ):
        assert line in text


async def test_the_bot_that_was_down_is_told_later(a_world: OpenWorld) -> None:
    world = await a_world()
    await world.stop()
    world.clock.advance(timedelta(minutes=1))
    await world.start()
    await world.fires("HighErrorRate", severity="warning")
    assert (await the_group(world)).severity is Severity.P2
