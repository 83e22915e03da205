"""`/alerts`: what is firing, looked at and acted on in a line."""

from __future__ import annotations

from typing import Any

from bot.domain.alert import AlertGroup
from bot.domain.severity import Severity
from tests.support.builders import ANA, an_alert, an_alert_group
from tests.support.harness import World
from tests.support.silencing import remote
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"


async def _fires(world: World, number: int, **changes: Any) -> AlertGroup:
    """A group that fires, as it stands in the database."""
    key = f"key-{number}"

    def body(tx: Any) -> AlertGroup:
        group: AlertGroup = tx.alert_groups.add(an_alert_group(id=f"g{number}", key=key, **changes))
        tx.alerts.tell(group.id, [an_alert()])
        return group

    return await world.bot.store.transaction("a_group", body)


async def test_what_fires_is_listed_by_severity_service_and_age(world: World) -> None:
    reply = await world.kim.types("/alerts")
    assert reply.text.startswith("No alert is firing.")
    await _fires(world, 1)
    await _fires(world, 2, severity=Severity.P0, service="payment", name="CardsRefused")
    await _fires(world, 3, acknowledged_by=ANA, acknowledged_at=world.clock.now())
    reply = await world.kim.types("/alerts")
    assert "3 alerts firing: A2 CardsRefused" in reply.text
    for line, named, unnamed in (
        ("/alerts p0", "A2", "A1"),
        ("/alerts api gateway", "A1", "A2"),
        ("/alerts API", "A1", "A2"),
        ("/alerts pay", "A2", "A1"),
    ):
        text = (await world.kim.types(line)).text
        assert named in text, line
        assert unnamed not in text, line


async def test_one_is_shown_with_its_alerts(world: World) -> None:
    await _fires(world, 1)
    for line in ("/alerts show A1", "/alerts a1", "/alerts 1", "/alerts show"):
        assert "P1 A1 HighErrorRate: 5 % of requests fail" in (await world.kim.types(line)).text
    refused = (await world.kim.types("/alerts show A7")).text
    assert "There is no alert A7. Firing: A1 HighErrorRate" in refused
    assert "Did you mean `silences`" in (await world.kim.types("/alerts silencess")).text
    assert "There is no service “cheese”" in (await world.kim.types("/alerts cheese")).text
    assert "`#1` is an incident" in (await world.kim.types("/alerts show #1")).text


async def test_a_security_alert_is_counted_elsewhere_and_shown_in_its_own_channel(world: World) -> None:
    await _fires(world, 1, security=True, channel=SECURITY, name="TokenLeaked", summary="a secret")
    outside = (await world.kim.types("/alerts")).text
    assert "1 security alert is firing; its channel shows it" in outside
    shown = (await world.kim.types("/alerts show A1")).text
    assert "Security alert A1" in shown
    assert "TokenLeaked" not in outside + shown
    assert "TokenLeaked" not in (await world.kim.types("/alerts show")).text
    assert "TokenLeaked" in (await world.sam.types("/alerts", channel=SECURITY)).text
    assert "TokenLeaked" in (await world.sam.types("/alerts show A1", channel=SECURITY)).text


async def test_what_there_is_none_of_is_said(world: World) -> None:
    assert "No alert is silenced." in (await world.kim.types("/alerts silences")).text
    assert "No storm goes on." in (await world.kim.types("/alerts storm")).text
    assert "No alert is firing. Say which" in (await world.kim.types("/alerts show")).text
    assert "`/alerts p1`" in str((await world.kim.types("/alerts help")).body)


async def test_what_was_noisiest_is_counted_and_security_alerts_are_not_named(world: World) -> None:
    assert "none fired" in (await world.kim.types("/alerts noisy")).text
    await _fires(world, 1)
    await _fires(world, 2, acknowledged_by=ANA, acknowledged_at=world.clock.now())
    await _fires(world, 3, security=True, channel=SECURITY, name="TokenLeaked")
    await world.forward(minutes=1)
    said = (await world.kim.types("/alerts noisy 24h")).text
    assert "2 times, 0 pages; 1 of 2 acknowledged by nobody" in said
    assert "3 times" in (await world.sam.types("/alerts noisy", channel=SECURITY)).text
    assert "none fired" in (await world.kim.types("/alerts noisy payment")).text
    assert "1 hour to 90 days" in (await world.kim.types("/alerts noisy 100w")).text


async def _three(world: World) -> None:
    for service in ("api-gateway", "payment", "identity"):
        await world.fires("HighErrorRate", service=service, severity="critical")


async def test_alerts_are_taken_and_given_back_in_a_line(world: World) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical")
    assert "A1 was acknowledged by ana" in (await world.ana.types("/alerts ack")).text
    assert "Acknowledged" in world.alert_card(1).text
    assert "Nothing to do" in (await world.lee.types("/alerts ack 1")).text
    assert "by ana" in str((await world.kim.types("/alerts")).body)
    await world.lee.types("/alerts unack a1")
    assert "Acknowledged" not in world.alert_card(1).text
    await world.lee.types("/alerts escalate A1")
    assert world.paged() == ["on-call"]


async def test_several_are_taken_at_once_and_each_is_answered(world: World) -> None:
    await _three(world)
    refused = (await world.ana.types("/alerts ack")).text
    assert "3 alerts are firing; say which: `ack A" in refused
    await world.lee.types("/alerts ack A2")
    reply = (await world.ana.types("/alerts ack A1, A2 and a3 A77")).text
    assert "A1 was acknowledged by ana" in reply
    assert "A2: Nothing to do: A2 was acknowledged by lee" in reply
    assert "A3 was acknowledged by ana" in reply
    assert "A77: There is no alert A77" in reply


async def test_a_line_that_slack_sends_twice_does_nothing_twice(world: World) -> None:
    await _three(world)
    first = await world.ana.types("/alerts ack A1 A2 A77")
    await world.lee.types("/alerts unack A1")
    again = await world.slack.redeliver(first)
    await world.forward(seconds=10)
    assert "nothing was done twice" in str(again.body)
    assert "Acknowledged" not in world.alert_card(1).text


async def test_in_the_thread_of_a_card_the_same_words_need_no_number(world: World) -> None:
    await _three(world)
    await world.ana.mentions("ack", thread=world.alert_card(2))
    assert "Acknowledged" in world.alert_card(2).text
    assert "Acknowledged" not in world.alert_card(1).text


async def test_anywhere_else_a_mention_says_that_it_is_about_alerts(world: World) -> None:
    await _three(world)
    await world.ana.mentions("alerts ack A2")
    assert "Acknowledged" in world.alert_card(2).text
    await world.ana.mentions("alerts ack", thread=world.alert_card(1))
    assert "Acknowledged" in world.alert_card(1).text


async def test_guests_may_look_but_not_take(world: World) -> None:
    await _three(world)
    assert "3 alerts firing" in (await world.gus.types("/alerts", channel="general")).text
    assert "Guests" in (await world.gus.types("/alerts ack A1", channel="general")).text
    assert "Acknowledged" not in world.alert_card(1).text


async def test_alerts_are_silenced_in_alertmanager_and_listed_and_heard_again(world: World) -> None:
    await _three(world)
    reply = (await world.ana.types("/alerts silence A1 A2 4h a deploy goes on")).text
    assert "A1 is silenced until Mon 16:00 EDT" in reply
    assert "A2 is silenced" in reply
    await world.forward(seconds=10)
    assert len(remote(world)) == 2
    listed = str((await world.kim.types("/alerts silences")).body)
    assert "2 silences" in listed
    assert "a deploy goes on" in listed
    assert "by ana" in listed
    assert "Silenced (2)" in str((await world.kim.types("/alerts")).body)
    await world.lee.types("/alerts unsilence A1 A2")
    await world.forward(seconds=10)
    assert "No alert is silenced." in (await world.kim.types("/alerts silences")).text
    assert "from 1 min to 30 d" in (await world.ana.types("/alerts silence A3 8w")).text
    assert "For how long" in (await world.ana.types("/alerts silence A3 4x")).text


async def test_without_an_alertmanager_silencing_says_so(a_world: OpenWorld) -> None:
    world = await a_world(alertmanager=False)
    await world.fires("HighErrorRate", service="payment", severity="critical")
    assert "ALERTMANAGER_URL" in (await world.ana.types("/alerts silence A1 4h")).text


async def test_a_storm_is_listed_and_taken_with_all_that_it_stands_for(world: World) -> None:
    world.alertmanager.storm(40, groups=40)
    await world.forward(minutes=2)
    listed = str((await world.kim.types("/alerts")).body)
    assert "40 alerts firing" in listed
    assert "Storms (1)" in listed
    assert "In storms: 20 of them" in listed
    shown = (await world.kim.types("/alerts storm")).text
    assert "a storm of 20 alerts" in shown
    storm = shown.partition(":")[0]
    assert f"{storm} was acknowledged by ana" in (await world.ana.types(f"/alerts ack {storm}")).text
    after = str((await world.kim.types("/alerts p1")).body) + str((await world.kim.types("/alerts p2")).body)
    assert "Acknowledged (" in after
    assert "is no storm" in (await world.kim.types("/alerts storm A1")).text


async def test_an_incident_is_declared_for_an_alert(world: World) -> None:
    await _three(world)
    reply = await world.ana.types("/alerts declare A2")
    assert reply.text == ""
    await world.ana.sends()
    incident = world.card(1)
    assert "HighErrorRate" in incident.text
    assert "A2" in incident.text
    assert "Guests" in (await world.gus.types("/alerts declare A1", channel="general")).text
    assert "There is no alert A77" in (await world.ana.types("/alerts declare A77")).text
    await world.ana.mentions("declare", thread=world.alert_card(1))
    assert "A mention opens no form" in world.ana.sees[-1]


async def test_each_leads_to_its_card(world: World) -> None:
    await world.fires("HighErrorRate", service="api-gateway", severity="critical")
    card = world.alert_card(1)
    link = f"/archives/{card.message.channel}/p{card.message.ts.replace('.', '')}|A1>"
    assert link in str((await world.kim.types("/alerts")).body)
    assert link in str((await world.kim.types("/alerts show A1")).body)
