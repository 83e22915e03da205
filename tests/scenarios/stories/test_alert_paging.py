"""Alert groups reach people as incidents do: paged, acknowledged, escalated, by the same engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert import AlertGroup, AlertSource, AlertState
from bot.domain.delivery import Recipient
from bot.domain.errors import AlreadyError
from bot.domain.severity import Severity
from bot.services.alert_writing import (
    acknowledge_alert,
    carry_alert,
    end_alert_silence,
    escalate_alert,
    refire_alert,
    resolve_alert,
    silence_alert,
    unacknowledge_alert,
    worsen_alert,
)
from bot.services.record import Record
from tests.support.alert_engine import begins, now_of, says
from tests.support.builders import ANA, LEE
from tests.support.harness import World, a_staffed_guide
from tests.support.worlds import OpenWorld

QUARTER = timedelta(minutes=15)


async def test_a_route_that_pages_reaches_on_call_and_then_the_team_lead(either_world: World) -> None:
    world = either_world
    await begins(world, escalate_after=QUARTER)
    assert world.paged() == ["on-call"]
    (alert,) = world.alerts()
    assert alert.title == ("P1 A1 HighErrorRate: 5 % of requests fail · api-gateway · step 1 of 2")
    await world.forward(minutes=15)
    assert world.paged() == ["on-call", "team-lead"]
    assert world.alerts()[1].title.endswith("step 2 of 2, on-call did not acknowledge in 15 min")


async def test_a_route_that_does_not_page_reaches_on_call_when_nobody_has_acknowledged(world: World) -> None:
    await begins(world, page=False, escalate_after=QUARTER)
    assert world.paged() == []
    await world.forward(minutes=15)
    assert world.paged() == ["on-call"]


async def test_acknowledging_stops_what_comes_and_what_rings(world: World) -> None:
    group = await begins(world, escalate_after=QUARTER)
    await says(world, group, acknowledge_alert, by=ANA)
    await world.forward(hours=3)
    assert world.paged() == ["on-call"]
    assert world.alerts()[0].status == "acknowledged"
    with pytest.raises(AlreadyError, match="A1 was acknowledged by Ana 3 h ago"):
        await says(world, group, acknowledge_alert, by=LEE)
    await says(world, group, resolve_alert)
    assert world.alerts()[0].status == "resolved"
    await world.forward(seconds=2)  # what machines say may share an edit of the card
    assert await world.waiting() == 0


async def test_who_acknowledges_in_pagerduty_has_the_group(a_world: OpenWorld, database_url: str) -> None:
    world = await a_world(webhook=True, database_url=database_url)
    group = await begins(world, escalate_after=QUARTER)
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    await world.settle()
    taken = await now_of(world, group)
    assert (taken.state, taken.acknowledged_by and taken.acknowledged_by.name) == (
        AlertState.ACKNOWLEDGED,
        "Ana Ortiz (PagerDuty)",
    )
    await world.forward(hours=2)
    assert world.paged() == ["on-call"]


async def test_without_a_webhook_a_look_at_pagerduty_finds_the_answer(either_world: World) -> None:
    world = either_world
    group = await begins(world, escalate_after=QUARTER)
    await world.forward(minutes=1)
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    assert await world.polls() == 1
    assert (await now_of(world, group)).state is AlertState.ACKNOWLEDGED


async def test_who_resolves_it_in_pagerduty_while_it_fires_has_the_group(a_world: OpenWorld) -> None:
    world = await a_world(webhook=True)
    group = await begins(world, escalate_after=QUARTER)
    world.pagerduty.resolve(world.alerts()[0].key, "Ana Ortiz")
    await world.forward(minutes=20)
    assert (await now_of(world, group)).state is AlertState.ACKNOWLEDGED
    assert world.paged() == ["on-call"]


async def test_an_answer_that_comes_just_before_the_next_step_spares_it(world: World) -> None:
    group = await begins(world, escalate_after=QUARTER)
    await world.forward(minutes=14)
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    await world.forward(minutes=2)
    assert world.paged() == ["on-call"]
    assert (await now_of(world, group)).state is AlertState.ACKNOWLEDGED


async def test_what_is_over_before_it_is_sent_pages_nobody(world: World) -> None:
    world.pagerduty.faults.add("down", "events")
    group = await begins(world)
    await says(world, group, resolve_alert)
    world.pagerduty.faults.clear()
    await world.forward(minutes=5)
    assert world.paged() == []
    assert await world.waiting() == 0


async def test_a_page_that_pagerduty_does_not_take_is_told_in_the_thread(world: World) -> None:
    world.pagerduty.faults.add("down", "events")
    await begins(world)
    await world.forward(minutes=2)
    told = [message.text for message in world.slack.messages if "does not take the page" in message.text]
    assert len(told) == 1


async def test_a_silence_ends_the_ringing_and_what_fires_after_it_rings_anew(world: World) -> None:
    group = await begins(world, escalate_after=QUARTER)
    until = world.clock.now() + timedelta(hours=1)
    await says(world, group, lambda record, one: silence_alert(record, one, until), by=ANA)
    await world.forward(hours=1)
    assert world.paged() == ["on-call"]
    group = await says(world, group, lambda record, one: end_alert_silence(record, one, expired=True))
    assert (group.epoch, world.paged()) == (2, ["on-call", "on-call"])
    await world.forward(minutes=1)
    assert [alert.status for alert in world.alerts()] == ["resolved", "triggered"]


async def test_a_group_that_nobody_has_any_more_rings_anew(world: World) -> None:
    group = await begins(world, escalate_after=QUARTER)
    await says(world, group, acknowledge_alert, by=ANA)
    await says(world, group, unacknowledge_alert, by=ANA)
    assert world.paged() == ["on-call", "on-call"]


async def test_escalating_goes_past_an_acknowledgement(world: World) -> None:
    group = await begins(world, page=False, escalate_after=QUARTER)
    await says(world, group, acknowledge_alert, by=ANA)
    await says(world, group, escalate_alert, by=LEE)
    assert world.paged() == ["on-call"]
    assert world.alerts()[0].title.endswith("asked for by Ben")
    assert (await now_of(world, group)).state is AlertState.ACKNOWLEDGED


async def test_a_flapping_group_pages_once_in_a_while(world: World) -> None:
    group = await begins(world, escalate_after=timedelta(hours=1))
    for _ in range(6):
        await world.forward(minutes=1)
        await says(world, group, resolve_alert)
        await world.forward(minutes=1)
        group = await says(world, group, refire_alert)
    assert group.flaps == 6
    assert len(world.paged()) == 3, "the first three times; then it flaps"
    await world.forward(minutes=10)
    assert len(world.paged()) == 4
    assert [alert.status for alert in world.alerts()] == ["resolved"] * 3 + ["triggered"]


async def test_what_gets_worse_pages_by_the_worse_severity(world: World) -> None:
    group = await begins(world, severity=Severity.P2)
    await says(world, group, acknowledge_alert, by=ANA)
    path = world.bot.directory.alert_path(Severity.P0, page=True, escalate_after=QUARTER)
    group = await says(world, group, lambda record, one: worsen_alert(record, one, Severity.P0, path))
    assert (group.state, world.paged()) == (AlertState.FIRING, ["on-call", "on-call"])
    assert world.alerts()[1].title.startswith("P0 A1 ")


async def test_what_an_incident_as_severe_is_paged_for_is_quiet(world: World) -> None:
    group = await begins(world, escalate_after=QUARTER)
    await world.kim.types("/incident p1 checkout is down")

    def join(record: Record, one: AlertGroup) -> AlertGroup:
        (incident,) = record.tx.incidents.open()
        return carry_alert(record, replace(one, incident=incident.id))

    await says(world, group, join)
    await world.forward(minutes=30)
    assert world.paged() == ["on-call", "on-call"], "the group's, and then the incident's"
    assert [alert.status for alert in world.alerts()] == ["acknowledged", "triggered"]


async def test_an_incident_that_is_lowered_below_its_alert_leaves_the_alert_to_page(world: World) -> None:
    await world.kim.types("/incident p1 checkout is down")
    (incident,) = await world.bot.store.read(lambda tx: tx.incidents.open())
    group = await begins(world, escalate_after=QUARTER, incident=incident.id)
    assert world.paged() == ["on-call"], "the incident's"
    await world.kim.types("/incident sev 1 p2")
    assert (await now_of(world, group)).epoch == 2
    assert world.paged() == ["on-call", "on-call"], "and now the alert's"
    await world.kim.types("/incident sev 1 p0")
    await world.forward(seconds=5)
    ringing = [alert.title for alert in world.alerts() if alert.status == "triggered"]
    assert [title.partition(" ")[0] for title in ringing] == ["P0"], "the incident's, in its place"
    await world.forward(minutes=15)
    assert world.paged()[-1] == "team-lead"
    assert len(world.paged()) == 4


async def test_who_takes_a_storm_takes_all_that_it_stands_for(world: World) -> None:
    storm = await begins(world, id="storm", source=AlertSource.STORM)
    members = [await begins(world, id=f"member-{n}", storm=storm.id) for n in range(3)]
    assert world.paged() == ["on-call"]
    await says(world, storm, acknowledge_alert, by=ANA)
    states = {(await now_of(world, one)).state for one in [storm, *members]}
    assert states == {AlertState.ACKNOWLEDGED}


async def test_a_security_group_tells_pagerduty_no_more_than_its_number(world: World) -> None:
    await begins(world, security=True, channel="security-incidents")
    assert world.alerts()[0].title == "P1 A1 Security alert A1 · step 1 of 2"


async def test_a_page_leads_to_what_came_with_the_alerts_where_it_may_be_followed(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    world = await a_world(
        guide=replace(guide, alerting=replace(guide.alerting, link_hosts=("runbooks.example.com",)))
    )
    await begins(
        world,
        runbook_url="https://runbooks.example.com/errors",
        dashboard_url="https://elsewhere.example.net/",
    )
    links = [link["href"] for link in world.alerts()[0].links]
    assert "https://runbooks.example.com/errors" in links
    assert not any("elsewhere" in link for link in links)


async def test_what_alerts_tell_comes_after_what_an_incident_owes(world: World) -> None:
    world.slack.faults.add("down", "chat.postMessage")
    group = await begins(world, escalate_after=QUARTER)
    await says(world, group, acknowledge_alert, by=ANA)
    await world.kim.types("/incident p3 a typo on the page of prices")
    rows = await world.bot.store.read(
        lambda tx: tx.outbox.ready(Recipient.CHAT, world.clock.now() + timedelta(minutes=4), 50)
    )
    subjects = [row.subject == group.id for row in rows]
    assert subjects == sorted(subjects)
    assert any(subjects)


async def test_an_outage_between_the_commit_and_the_page_loses_nothing(either_world: World) -> None:
    world = either_world
    world.pagerduty.faults.add("down", "events")
    group = await begins(world, escalate_after=QUARTER)
    await world.stop()
    world.pagerduty.faults.clear()
    await world.start()
    await world.forward(seconds=40)
    assert world.paged() == ["on-call"]
    await world.outage(minutes=20)
    assert world.paged() == ["on-call", "team-lead"]
    assert "late after an outage of opsbot" in world.alerts()[1].title
    await says(world, group, resolve_alert)
    assert {alert.status for alert in world.alerts()} == {"resolved"}
