"""An alert becomes an incident: because somebody declares it, or because nobody takes it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from bot.domain.alert import AlertState
from bot.domain.severity import Severity
from tests.support.alert_groups import comes, group_of, joins_unseen, resolves, takes
from tests.support.harness import World
from tests.support.leaks import leaks

SUMMARY = {"summary": "5 % of requests fail"}
QUARTER = timedelta(minutes=15)


async def test_an_alert_that_nobody_takes_becomes_an_incident(world: World) -> None:
    group = await comes(world, incident_after=QUARTER)
    await world.forward(minutes=14)
    assert world.cards() == []
    await world.forward(minutes=2)
    assert world.card().says("P1 #1 · HighErrorRate: 5 % of requests fail")
    assert world.card().says("by opsbot")
    assert (await group_of(world, group)).incident is not None
    reply = await world.kim.types("/incident timeline 1")
    assert reply.text.index("Alert A1 (HighErrorRate) belongs to this incident.") < reply.text.index(
        "Declared"
    )


async def test_one_that_somebody_has_taken_or_that_is_over_becomes_none(world: World) -> None:
    taken = await comes(world, "Taken", incident_after=QUARTER)
    over = await comes(world, "Over", incident_after=QUARTER)
    await takes(world, taken)
    await resolves(world, over)
    await world.forward(hours=1)
    assert world.cards() == []


async def test_one_that_becomes_an_incident_at_once_pages_once(world: World) -> None:
    group = await comes(world, incident_after=timedelta())
    assert world.card().says("P1 #1 · HighErrorRate")
    assert world.paged() == ["on-call"]
    assert world.alerts()[0].title.startswith("P1 #1 HighErrorRate")
    await world.forward(minutes=61)
    assert world.paged() == ["on-call", "team-lead"], "only the incident's path is walked"
    assert (await group_of(world, group)).incident is not None


async def test_what_rings_for_the_alert_stops_once_the_incidents_page_is_taken(world: World) -> None:
    await comes(world, incident_after=QUARTER)
    assert world.paged() == ["on-call"]
    world.pagerduty.faults.add("status", "events", count=3)
    await world.forward(minutes=15)
    assert world.alerts()[0].status == "triggered", "there is no gap"
    await world.forward(minutes=1)
    assert [alert.status for alert in world.alerts()] == ["resolved", "triggered"]
    assert world.paged() == ["on-call", "on-call"]


async def test_it_joins_an_incident_of_its_service_that_came_meanwhile(world: World) -> None:
    await comes(world, service="api-gateway", incident_after=QUARTER)
    await world.kim.types("/incident p1 service:api-gateway nothing is found")
    await world.forward(minutes=16)
    assert len(world.cards()) == 1
    assert world.card().says("1 firing")


async def test_somebody_declares_it_from_the_card(world: World) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical", annotations=SUMMARY)
    alert = world.alert_card(1)
    await world.lee.presses("Declare incident", card=alert)
    await world.lee.sends(impact="customers cannot pay")
    await world.forward(seconds=10)
    card = world.card()
    assert card.says("P1 #1 · HighErrorRate: 5 % of requests fail")
    assert card.says("Payment Service")
    assert card.says("customers cannot pay")
    assert card.says("by lee")
    assert "1 firing" in card.text
    assert world.alert_card(1).says("P1 #1")
    timeline = await world.kim.types("/incident timeline 1")
    assert "Alert A1 (HighErrorRate) belongs to this incident, says lee." in timeline.text
    await world.resolves("HighErrorRate", service="payment")
    await world.forward(seconds=10)
    assert "Its alert is resolved: A1 (HighErrorRate). Is it over?" in world.card().thread[-1]


async def test_two_who_declare_it_make_one_incident(world: World) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical")
    alert = world.alert_card(1)
    await world.lee.presses("Declare incident", card=alert)
    await world.kim.presses("Declare incident", card=alert)
    await world.lee.sends()
    refused = await world.kim.sends()
    assert "A1 belongs to #1 already" in json.dumps(refused.body)
    await world.dia.presses("Declare incident", card=alert)
    assert "A1 belongs to #1 already" in world.dia.sees[-1]
    assert len(world.cards()) == 1


async def test_a_guest_declares_nothing(world: World) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical")
    await world.gus.presses("Declare incident", card=world.alert_card(1))
    assert world.gus.sees
    assert world.cards() == []


async def test_acknowledging_the_incident_acknowledges_its_alerts(world: World) -> None:
    await world.kim.types("/incident p0 service:payment cards are refused")
    groups = [await comes(world, name) for name in ("First", "Second")]
    await resolves(world, groups[1])
    await world.ana.presses("Acknowledge")
    first, second = [await group_of(world, group) for group in groups]
    assert (first.state, second.state) == (AlertState.ACKNOWLEDGED, AlertState.RESOLVED)
    assert first.acknowledged_by is not None
    assert first.acknowledged_by.name == "ana"


async def test_an_acknowledgement_in_pagerduty_reaches_them_too(world: World) -> None:
    await world.kim.types("/incident p0 service:payment cards are refused")
    group = await comes(world)
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    await world.polls()
    taken = await group_of(world, group)
    assert taken.acknowledged_by is not None
    assert taken.acknowledged_by.name == "Ana Ortiz (PagerDuty)"


async def test_whoever_resolves_it_while_alerts_fire_is_warned_and_nobody_is_called_for_them(
    world: World,
) -> None:
    await world.kim.types("/incident p2 service:payment cards are refused")
    worse = await comes(world, severity=Severity.P1)
    assert world.paged() == ["on-call", "on-call"]
    reply = await world.kim.types("/incident resolve 1 rolled back")
    assert "One of its alerts still fires: A1 (HighErrorRate)." in reply.text
    await world.forward(hours=3)
    assert len(world.paged()) == 2
    assert (await group_of(world, worse)).state is AlertState.ACKNOWLEDGED


async def test_the_button_warns_as_well(world: World) -> None:
    await world.kim.types("/incident p2 service:payment cards are refused")
    await comes(world)
    await world.kim.presses("Resolve", card=world.card(1))
    assert "One of its alerts still fires" in world.kim.sees[-1]


async def test_merging_moves_the_alerts(world: World) -> None:
    await world.kim.types("/incident p1 service:payment cards are refused")
    group = await comes(world)
    await world.kim.types("/incident p1 service:api-gateway nothing is found")
    await world.forward(seconds=10)
    await world.kim.types("/incident merge 1 into 2")
    await world.forward(seconds=10)
    assert world.card(2).says("1 firing")
    assert not world.card(1).says("1 firing")
    await resolves(world, group)
    assert "Is it over?" in world.card(2).thread[-1]
    assert (await group_of(world, group)).incident is not None


async def test_an_alert_that_is_taken_from_its_incident_pages_for_itself_again(world: World) -> None:
    await world.kim.types("/incident p0 service:payment cards are refused")
    await comes(world)
    assert world.paged() == ["on-call"]
    await world.kim.types("/incident unlink A1")
    await world.forward(seconds=5)
    assert world.paged() == ["on-call", "on-call"]
    assert world.alerts()[1].title.startswith("P1 A1 HighErrorRate")


async def test_one_that_joins_while_its_incident_is_being_resolved_is_by_itself(world: World) -> None:
    await world.kim.types("/incident p0 service:payment cards are refused")
    group = await comes(world, service="user")
    await world.kim.types("/incident resolve 1")
    paged = len(world.paged())
    await joins_unseen(world, group, 1)
    assert (await group_of(world, group)).incident is None, "whoever resolved it knew nothing of it"
    assert len(world.paged()) == paged + 1, "so it pages for itself"


async def test_one_that_joins_while_its_incident_is_being_merged_goes_where_that_goes(world: World) -> None:
    await world.kim.types("/incident p1 service:payment cards are refused")
    group = await comes(world, service="user")
    await world.kim.types("/incident p1 service:api-gateway nothing is found")
    await world.kim.types("/incident merge 1 into 2")
    await joins_unseen(world, group, 1)
    assert world.card(2).says("1 firing")


async def test_a_security_alert_becomes_a_security_incident_and_tells_no_outsider(world: World) -> None:
    secret: dict[str, Any] = {
        "security": True,
        "channel": "security-incidents",
        "summary": "the quagga key is used",
    }
    first = await comes(world, "Zebra", id="g1", incident_after=timedelta(), **secret)
    second = await comes(world, "Okapi", id="g2", severity=Severity.P0, **secret)
    assert world.card(1).channel == "security-incidents"
    assert "2 firing" in world.card(1).text
    await world.kim.types("/incident alerts 1")
    await world.kim.types("/incident unlink A1")
    await world.sam.types("/incident ack 1", channel="security-incidents")
    await resolves(world, first, second)
    assert "Is it over?" in world.card(1).thread[-1]
    await world.kim.types("/incident show 1")
    await world.sam.types("/incident resolve 1", channel="security-incidents")
    await world.forward(minutes=1)
    assert (await group_of(world, first)).incident is not None, "an outsider takes no alert away"
    assert leaks(world) == []


async def test_a_bot_that_dies_after_the_alert_was_heard_tells_the_incident_of_it_later(world: World) -> None:
    await world.kim.types("/incident p0 service:payment cards are refused")
    await comes(world, settled=False)
    await world.outage(minutes=1)
    await world.forward(seconds=10)
    told = [line for line in world.card().thread if "belongs to this incident" in line]
    assert len(told) == 1
