"""What people see of alerts: one message a group, as it is now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert import Alert, AlertStatus
from bot.domain.severity import Severity
from bot.ports.store import Transaction
from tests.support.alerting import has_changed, has_fired
from tests.support.builders import ANA, an_alert
from tests.support.harness import World
from tests.support.people import OPS
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"
SECRET = "zebra"


def instances(world: World, count: int) -> list[Alert]:
    """Alerts of so many instances, one after the other, that fire since just now."""
    now = world.clock.now()
    labels = {"alertname": "HighErrorRate", "service": "api-gateway", "severity": "critical"}
    return [
        an_alert(
            fingerprint=f"f{n}",
            labels={**labels, "instance": f"node-{n}"},
            starts_at=now - timedelta(seconds=n),
            seen_at=now,
        )
        for n in range(count)
    ]


async def test_a_group_is_shown_on_one_card_that_says_it_all(either_world: World) -> None:
    world = either_world
    await has_fired(world, *instances(world, 3))
    card = world.alert_card()
    assert card.channel == OPS
    assert card.says("🔴 *Firing · P1 A12 · HighErrorRate*".replace("A12", "A1"))
    assert card.says("5 % of requests fail")
    assert card.says("API Gateway · Platform Team · 3 firing")
    assert card.says("service=api-gateway, severity=critical")
    assert card.says("• instance=node-2 · since")
    assert card.message.text.startswith("Firing: P1 A1 HighErrorRate: 5 % of requests fail · API Gateway")
    assert card.labels[:2] == ["Acknowledge", "Silence 1 h"]


async def test_the_newest_ten_are_listed_and_the_others_counted(world: World) -> None:
    await has_fired(world, *instances(world, 47))
    card = world.alert_card()
    assert card.text.count("• instance=") == 10
    assert card.says("instance=node-0 ")
    assert not card.says("instance=node-10 ")
    assert card.says("and 37 more")


async def test_news_edit_the_card_together_after_a_moment(world: World) -> None:
    group = await has_fired(world)
    before = world.slack.calls.counts["chat.update"]
    for firing in (2, 3, 4):
        await has_changed(world, replace(group, firing=firing))
    assert world.alert_card().says("1 firing")
    await world.forward(seconds=2)
    assert world.alert_card().says("4 firing")
    assert world.slack.calls.counts["chat.update"] == before + 1


async def test_what_is_over_says_so_on_the_same_card_and_offers_nothing(world: World) -> None:
    group = await has_fired(world)
    await world.forward(minutes=42)
    now = world.clock.now()
    over = replace(group, status=AlertStatus.RESOLVED, firing=0, resolved=1, resolved_at=now, changed_at=now)
    await has_changed(world, over)
    await world.forward(seconds=2)
    assert world.alert_card().says("✅ *Resolved · P1 A1 · HighErrorRate*")
    assert world.alert_card().says("after 42 min")
    assert world.alert_card().labels == []


async def test_a_card_that_somebody_deleted_is_posted_anew(world: World) -> None:
    group = await has_fired(world)
    world.slack.workspace.delete(world.alert_card().message)
    await has_changed(world, replace(group, acknowledged_by=ANA, acknowledged_at=world.clock.now()))
    await world.forward(seconds=5)
    assert world.alert_card().says("👀 *Acknowledged · P1 A1")


async def test_a_card_whose_posting_was_left_unclear_is_found_again(world: World) -> None:
    world.slack.faults.add("cut", "chat.postMessage", count=1)
    group = await has_fired(world)
    await world.forward(seconds=30)
    await has_changed(world, replace(group, firing=7))
    await world.forward(seconds=5)
    assert world.alert_card().says("7 firing")


async def test_a_bot_that_dies_before_it_has_posted_posts_once(world: World) -> None:
    world.slack.faults.add("down")
    await has_fired(world)
    await world.stop()
    world.slack.faults.clear()
    world.clock.advance(minutes=1)
    await world.start()
    await world.stop()
    await world.start()
    assert world.alert_card().says("HighErrorRate")


async def test_what_belongs_to_a_storm_has_no_card_of_its_own(world: World) -> None:
    await has_fired(world, storm="s1")
    assert world.alert_cards() == []


async def test_what_an_incident_owes_goes_before_all_cards_of_alerts(world: World) -> None:
    world.slack.faults.add("down")
    for number in range(3):
        await has_fired(world, id=f"g{number}", key=f"k{number}", severity=Severity.P0)
    await world.kim.types("/incident p3 a broken link")

    def ready(tx: Transaction) -> list[tuple[int, str]]:
        rows = tx.outbox.backlog()
        return [(count, kind) for kind, count, _ in rows]

    assert (3, "alert") in await world.bot.store.read(ready)
    posted = len(world.slack.messages)
    world.slack.faults.clear()
    await world.forward(minutes=2)
    new = world.slack.messages[posted:]
    keys = [str(((one.metadata or {}).get("event_payload") or {}).get("key")) for one in new]
    cards = [key.partition("/")[0] for key in keys if key.startswith(("card/", "alert/"))]
    assert cards == ["card", "alert", "alert", "alert"]


async def test_links_from_outside_lead_only_to_hosts_that_the_guide_knows(world: World) -> None:
    await has_fired(
        world,
        an_alert(graph_url="https://evil.example/<!channel>", starts_at=world.clock.now()),
        runbook_url="https://docs.example.com@evil.example/x",
        dashboard_url="javascript:alert(1)",
        external_url="http://alertmanager.local:9093",
    )
    assert "<https://evil" not in world.alert_card().text
    assert "<javascript" not in world.alert_card().text
    assert "9093" not in world.alert_card().text
    assert world.alert_card().says("Not linked: evil.example")


@pytest.mark.parametrize("text", ["<!channel>", "<@U0ANA0001>", "```", "*x*", "\u202e", "&lt;!here&gt;"])
async def test_texts_of_alerts_can_mention_nobody_and_break_out_of_nothing(world: World, text: str) -> None:
    many = {f"{text}{n}": text * 40 for n in range(200)}
    alert = an_alert(labels={"alertname": text, **many}, starts_at=world.clock.now())
    await has_fired(world, alert, name=text * 100, summary=text * 2000)
    shown = str(world.alert_card().message.to_json())
    assert "<!channel>" not in shown
    assert "<@U0ANA0001>" not in shown


async def test_a_security_alert_is_shown_to_its_own_people(world: World) -> None:
    await has_fired(world, security=True, channel=SECURITY, summary=f"{SECRET} logged in as root")
    assert world.alert_card().channel == SECURITY
    assert world.alert_card().says(SECRET)


async def test_a_security_alert_in_a_public_channel_shows_its_number_and_why(a_world: OpenWorld) -> None:
    world = await a_world(started=False)
    world.slack.workspace.find_channel(SECURITY).private = False
    await world.start()
    labels = {"alertname": "RootLogin", "host": SECRET}
    await has_fired(
        world,
        an_alert(labels=labels, starts_at=world.clock.now()),
        security=True,
        channel=SECURITY,
        name="RootLogin",
        summary=f"{SECRET} logged in as root",
    )
    assert world.alert_card().says("Security alert A1")
    assert world.alert_card().says(
        "#security-incidents is public: no details are posted here. Make it private."
    )
    told = [str(one.to_json(metadata=True)) for one in world.slack.messages]
    assert not [text for text in told if SECRET in text or "RootLogin" in text]
    world.slack.workspace.find_channel(SECURITY).private = True
    await world.bot.watch.refresh()
    await world.forward(seconds=5)
    assert world.alert_card().says(f"{SECRET} logged in as root")


async def test_what_alertmanager_tells_is_on_one_card_from_the_first_alert_to_the_last(
    either_world: World,
) -> None:
    world = either_world
    said = {"summary": "5 % of requests fail", "dashboard_url": "https://grafana.suuupra.com/d/x"}
    await world.fires(
        "HighErrorRate", service="payment", severity="critical", instance="n1", annotations=said
    )
    await world.fires("HighErrorRate", service="payment", severity="critical", instance="n2")
    await world.forward(seconds=3)
    card = world.alert_card()
    assert card.says("5 % of requests fail")
    assert card.says("Payment Service · Platform Team · 2 firing")
    assert card.says("• instance=n2 · since")
    assert card.says("<https://grafana.suuupra.com/d/x|Dashboard>")
    await world.resolves("HighErrorRate", instance="n1")
    await world.forward(seconds=3)
    assert world.alert_card().says("1 firing, 1 resolved")
    assert world.alert_card().says("✅ instance=n1 · resolved")
    await world.resolves("HighErrorRate", instance="n2")
    await world.forward(seconds=3)
    assert world.alert_card().says("✅ *Resolved · P1 A1 · HighErrorRate*")
    assert not world.alert_card().thread, "the card says it all, and nobody was called"


async def test_what_comes_and_goes_is_named_so_on_its_one_card(world: World) -> None:
    for _ in range(4):
        await world.fires("HighErrorRate", service="payment", severity="warning")
        await world.forward(minutes=1)
        await world.resolves("HighErrorRate", service="payment")
        await world.forward(minutes=1)
    assert world.alert_card().says("Resolved, flapping")
    assert world.alert_card().says("fired 4 times")


async def test_a_storm_is_one_card_that_counts_and_lists(world: World) -> None:
    for number in range(25):
        await world.fires(f"Alert{number:02}", service="payment", severity="warning")
    await world.forward(minutes=1)
    cards = world.alert_cards()
    assert len(cards) == 21
    (storm,) = [card for card in cards if "List them" in card.labels]
    assert storm.says("Alert storm")
    assert storm.says("5 firing: Payment Service 5")
    await world.kim.presses("List them", card=storm)
    assert all(f"Alert{number}" in world.kim.sees[-1] for number in range(20, 25))
    assert "Alert19" not in world.kim.sees[-1]
    await world.ana.presses("Acknowledge all", card=storm)
    (storm,) = [card for card in world.alert_cards() if "List them" in card.labels]
    assert storm.says("👀 *Acknowledged")


async def test_a_service_that_the_guide_does_not_have_is_named(world: World) -> None:
    await world.fires("HighErrorRate", service="paymnt", severity="critical")
    assert world.alert_card().says("Service “paymnt” is not in the guide")
    await world.fires("HighLatency", service="payment", severity="critical")
    assert not world.alert_card(2).says("is not in the guide")
