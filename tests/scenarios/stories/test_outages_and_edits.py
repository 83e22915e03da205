"""The bot itself is away, or its guide is changed, while an incident runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.severity import Severity
from bot.ports.store import Transaction
from tests.support.harness import World, a_staffed_guide
from tests.support.worlds import OpenWorld


async def test_after_an_outage_each_missed_step_comes_once_and_missed_repeats_fold(
    either_world: World,
) -> None:
    world = either_world
    await world.kim.types("/incident p0 checkout is down")
    await world.outage(hours=2, minutes=5)
    assert sorted(world.paged()) == ["director", "on-call", "team-lead"]
    assert not world.card().loud, "the director has only just been paged"
    assert "Team Lead paged late: opsbot was away when it was time." in "\n".join(world.card().thread)
    assert world.pages()[-1].summary.endswith("late after an outage of opsbot")
    await world.forward(minutes=14)
    assert len(world.paged()) == 3
    await world.forward(minutes=1)  # the director has had the whole response time
    assert len(world.paged()) == 4
    assert len(world.card().loud) == 1
    await world.outage(hours=1, minutes=5)
    assert len(world.paged()) == 5, "missed repeats are one"
    await world.forward(minutes=10)  # their rhythm goes on
    assert len(world.paged()) == 6


async def test_what_was_owed_before_an_outage_is_sent_after_it(world: World) -> None:
    world.slack.faults.add("down")
    world.pagerduty.faults.add("down")
    await world.kim.types("/incident p0 checkout is down")
    await world.stop()
    world.slack.faults.clear()
    world.pagerduty.faults.clear()
    world.clock.advance(minutes=1)
    await world.start()
    assert world.paged() == ["on-call"]
    assert world.card().says("checkout is down")


async def test_an_acknowledgement_in_pagerduty_during_an_outage_is_seen_before_the_missed_step(
    world: World,
) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.stop()
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    world.clock.advance(minutes=20)
    await world.start()
    await world.forward(hours=1)
    assert world.paged() == ["on-call"]
    assert world.card().says("*Acknowledged* by *Ana Ortiz (PagerDuty)*")


async def test_a_bot_that_starts_while_slack_is_down_pages_and_shows_the_card_later(
    a_world: OpenWorld,
) -> None:
    world = await a_world(started=False)
    world.slack.faults.add("down")
    await world.start()
    await world.kim.types("/incident p0 checkout is down")
    assert world.paged() == ["on-call"]
    world.slack.faults.clear()
    await world.bot.watch.refresh_if_troubled()
    await world.forward(minutes=1)
    assert world.card().says("checkout is down")


async def test_a_running_incident_keeps_the_path_that_it_was_declared_with(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    guide = a_staffed_guide()
    quicker = replace(
        guide.severities[Severity.P0], path=("on-call", "director"), response=timedelta(minutes=5)
    )
    await world.stop()
    await world.start(replace(guide, severities={**guide.severities, Severity.P0: quicker}))
    await world.forward(minutes=14)
    assert world.paged() == ["on-call"]
    await world.forward(minutes=1)
    assert world.paged() == ["on-call", "team-lead"]

    await world.kim.presses("Resolve")
    await world.kim.presses("Reopen")
    await world.forward(minutes=5)
    assert world.paged()[2:] == ["on-call", "director"]


async def test_a_tier_that_is_gone_from_the_guide_is_said_to_be_not_paged(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    guide = a_staffed_guide()
    tiers = {key: tier for key, tier in guide.tiers.items() if key != "team-lead"}
    await world.stop()
    await world.start(replace(guide, tiers=tiers))
    await world.forward(minutes=30)
    assert world.paged() == ["on-call", "director"]
    assert world.card().says("Team Lead: not paged")


async def test_an_incident_that_cannot_be_read_does_not_hold_up_the_steps_of_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p0 payments fail")
    await world.forward(minutes=1)

    def spoil(tx: Transaction) -> None:
        connection = tx.facts._connection  # type: ignore[attr-defined]
        connection.exec_driver_sql("UPDATE incidents SET path = '{}' WHERE number = 1")

    await world.bot.store.transaction("spoil", spoil)
    await world.forward(minutes=15)
    assert world.paged() == ["on-call", "on-call", "team-lead"]
    assert "payments fail" in world.pages()[-1].summary
    assert "the others go on" in caplog.text
