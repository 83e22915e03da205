"""The alert that always fires: its absence is told and paged, and nobody cries wolf."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert import AlertGroup, AlertSource
from bot.domain.alert_policy import WatchdogPolicy
from bot.domain.guide import Guide
from bot.domain.severity import Severity
from tests.support.harness import World, a_staffed_guide
from tests.support.worlds import OpenWorld

POLICY = WatchdogPolicy(
    alert="Watchdog",
    within=timedelta(minutes=5),
    channel="platform-alerts",
    team="platform-team",
    severity=Severity.P1,
    page=True,
)


def _guide(policy: WatchdogPolicy | None = POLICY) -> Guide:
    guide = a_staffed_guide()
    return replace(guide, alerting=replace(guide.alerting, watchdog=policy))


@pytest.fixture
async def watching(a_world: OpenWorld) -> World:
    """A world in which Alertmanager gives signs of life every minute."""
    world = await a_world(guide=_guide())
    world.alertmanager.watchdog(on=True)
    await world.watches(minutes=3)
    return world


async def _silent(world: World) -> list[AlertGroup]:
    groups = await world.bot.store.read(lambda tx: tx.alert_groups.firing())
    return [one for one in groups if one.source is AlertSource.WATCHDOG]


async def test_as_long_as_it_comes_nothing_is_said(watching: World) -> None:
    await watching.watches(minutes=20)
    assert not await watching.bot.store.read(lambda tx: tx.alert_groups.firing())
    assert watching.paged() == []
    said = (await watching.kim.types("/alerts")).body
    assert "last sign of life" in str(said)


async def test_where_it_is_silent_people_are_paged_and_told_when_it_is_back(watching: World) -> None:
    watching.alertmanager.watchdog(on=False)
    await watching.watches(minutes=4)
    assert await _silent(watching) == []
    await watching.watches(minutes=2)
    [group] = await _silent(watching)
    assert watching.paged() == ["on-call"]
    assert "No sign of life from Alertmanager" in watching.pages()[0].summary
    assert "Watchdog has not come for 5 min" in watching.alert_card(group.number).text
    assert "🔴 *Firing" in watching.alert_card(group.number).text
    assert "No sign of life from Alertmanager for" in str((await watching.kim.types("/alerts")).body)
    await watching.watches(minutes=10)
    assert [one.id for one in await _silent(watching)] == [group.id], "one group, however long it lasts"
    watching.alertmanager.watchdog(on=True)
    await watching.watches(minutes=1)
    assert await _silent(watching) == []
    assert watching.alerts()[0].status == "resolved"
    assert "✅ *Resolved" in watching.alert_card(group.number).text


async def test_soon_again_is_the_same_group_and_later_a_new_one(watching: World) -> None:
    numbers = []
    for pause in (1, 1, 20):
        watching.alertmanager.watchdog(on=False)
        await watching.watches(minutes=6)
        numbers += [one.number for one in await _silent(watching)]
        watching.alertmanager.watchdog(on=True)
        await watching.watches(minutes=pause)
    watching.alertmanager.watchdog(on=False)
    await watching.watches(minutes=6)
    numbers += [one.number for one in await _silent(watching)]
    assert numbers == [1, 1, 1, 2]


async def test_an_alertmanager_that_can_be_asked_but_tells_nothing_is_missed(watching: World) -> None:
    await watching.fires("HighErrorRate", severity="critical")
    watching.alertmanager.teller.webhook = None
    for _ in range(7):
        await watching.watches(minutes=1)
        await watching.looks()
    assert len(await _silent(watching)) == 1


async def test_who_was_never_heard_is_not_missed(a_world: OpenWorld) -> None:
    world = await a_world(guide=_guide())
    await world.watches(minutes=20)
    assert await _silent(world) == []


async def test_an_outage_of_the_bot_itself_cries_no_wolf(watching: World) -> None:
    await watching.outage(hours=2)
    await watching.watches(minutes=20)
    assert await _silent(watching) == []
    await watching.outage(hours=2)
    watching.alertmanager.watchdog(on=False)
    await watching.watches(minutes=4)
    assert await _silent(watching) == []
    await watching.watches(minutes=2)
    assert len(await _silent(watching)) == 1


async def test_a_silence_that_was_told_stays_told_over_a_restart(watching: World) -> None:
    watching.alertmanager.watchdog(on=False)
    await watching.watches(minutes=6)
    await watching.outage(minutes=30)
    await watching.watches(minutes=20)
    assert [one.number for one in await _silent(watching)] == [1]
    watching.alertmanager.watchdog(on=True)
    await watching.watches(minutes=1)
    assert await _silent(watching) == []


async def test_a_watchdog_that_is_taken_out_of_the_guide_is_forgotten(watching: World) -> None:
    watching.alertmanager.watchdog(on=False)
    await watching.watches(minutes=6)
    assert len(await _silent(watching)) == 1
    await watching.stop()
    await watching.start(_guide(replace(POLICY, alert="Another")))
    await watching.watches(minutes=10)
    assert await _silent(watching) == []
    assert await watching.bot.store.read(lambda tx: tx.heartbeats.all()) == ()


async def test_two_replicas_make_one_group(watching: World) -> None:
    watching.alertmanager.watchdog(on=False)
    looks = [job.do for job in watching.bot.jobs if "signs of life" in job.name]
    await watching.watches(minutes=5)
    beats = await watching.bot.store.read(lambda tx: tx.heartbeats.all())
    await watching.watches(minutes=2)

    def as_the_other_saw_it(tx: object) -> None:
        tx.heartbeats.miss(beats[0].name, None)  # type: ignore[attr-defined]

    await watching.bot.store.transaction("replica", as_the_other_saw_it)
    await looks[0]()
    assert len(await _silent(watching)) == 1
