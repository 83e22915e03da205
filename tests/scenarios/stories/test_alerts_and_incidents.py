"""Alerts and incidents know of each other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.domain.alert_policy import WhenResolved
from bot.domain.guide import Guide
from bot.domain.severity import Severity
from tests.support.alert_groups import comes, fires_again, group_of, resolves
from tests.support.harness import World, a_staffed_guide
from tests.support.people import Card
from tests.support.worlds import OpenWorld

PAYMENT = "/incident p0 service:payment cards are refused"


def when_resolved(then: WhenResolved) -> Guide:
    """The guide, with another answer to what is done once all alerts are resolved."""
    guide = a_staffed_guide()
    return replace(guide, alerting=replace(guide.alerting, when_resolved=then))


def shown(world: World) -> str:
    """The only incident's card, with the words of its links."""
    return re.sub(r"<[^|>]*\|([^>]*)>", r"\1", world.card().text)


def question(world: World) -> Card:
    """The newest question whether it is over, open or not."""
    channel = world.slack.workspace.channels[world.card().message.channel]
    asked = [one for one in channel.replies(world.card().message.ts) if "Is it over?" in one.text]
    return Card.of(world.slack, asked[-1])


async def test_an_alert_of_the_same_service_joins_the_open_incident(world: World) -> None:
    await world.kim.types(PAYMENT)
    group = await comes(world)
    assert "1 firing: A1 HighErrorRate" in shown(world)
    assert "Alert A1 (HighErrorRate) belongs to this incident." in world.card().thread[-1]
    assert (await group_of(world, group)).incident is not None


async def test_an_alert_of_another_service_stays_by_itself(world: World) -> None:
    await world.kim.types(PAYMENT)
    group = await comes(world, service="api-gateway")
    assert (await group_of(world, group)).incident is None
    assert not world.card().says("HighErrorRate")


async def test_an_incident_takes_in_alerts_for_an_hour_after_its_last(world: World) -> None:
    await world.kim.types(PAYMENT)
    await world.forward(minutes=50)
    await comes(world, "First")
    await world.forward(minutes=50)
    await comes(world, "Second")
    await world.forward(minutes=70)
    late = await comes(world, "Third")
    assert "2 firing: A1 First, A2 Second" in shown(world)
    assert (await group_of(world, late)).incident is None


async def test_one_that_is_worse_than_the_incident_is_said_to_page_beside_it(world: World) -> None:
    await world.kim.types("/incident p2 service:payment cards are slow")
    await comes(world, severity=Severity.P0)
    assert "A1, worse than the incident, pages beside it." in world.card().thread[-1]


async def test_what_is_told_at_once_is_one_line(world: World) -> None:
    await world.kim.types(PAYMENT)
    groups = [await comes(world, name) for name in ("First", "Second", "Third")]
    before = len(world.card().thread)
    await resolves(world, *groups[:2])
    assert len(world.card().thread) == before + 1
    assert "Alerts A1 (First), A2 (Second) are resolved. 1 more still fires." in world.card().thread[-1]
    assert "1 firing, 2 resolved: A3 Third, A1 First (resolved), A2 Second (resolved)" in shown(world)


async def test_whoever_has_it_is_asked_once_all_are_resolved_and_resolves_it(world: World) -> None:
    await world.kim.types(PAYMENT)
    group = await comes(world)
    await world.ana.presses("Acknowledge")
    await resolves(world, group)
    question = world.card().prompts[-1]
    assert question.says("ana: Its alert is resolved: A1 (HighErrorRate). Is it over?")
    assert question.says("<@U0ANA0001>")
    await world.ana.presses("Resolve", card=question)
    await world.forward(seconds=5)
    assert world.card().says("Resolved")


async def test_not_yet_and_it_is_asked_again_only_once_all_are_resolved_anew(world: World) -> None:
    await world.kim.types(PAYMENT)
    group = await comes(world)
    await world.ana.presses("Acknowledge")
    await resolves(world, group)
    question = world.card().prompts[-1]
    await world.ana.presses("Not yet", card=question)
    await world.forward(hours=2)
    asked = [line for line in world.card().thread if "Is it over?" in line]
    assert len(asked) == 1
    await fires_again(world, group)
    assert "Alert A1 (HighErrorRate) fires again." in world.card().thread[-1]
    await resolves(world, group)
    assert len([line for line in world.card().thread if "Is it over?" in line]) == 2


async def test_the_question_shows_its_answer_and_has_no_buttons_any_more(world: World) -> None:
    await world.kim.types(PAYMENT)
    group = await comes(world)
    await world.ana.presses("Acknowledge")
    await resolves(world, group)
    assert world.card().prompts[-1].labels == ["Resolve", "Not yet"]
    await world.ana.presses("Not yet", card=world.card().prompts[-1])
    await world.forward(seconds=5)
    assert question(world).says("ana: not yet.")
    assert question(world).labels == []
    await fires_again(world, group)
    await resolves(world, group)
    assert world.card().prompts[-1].labels == ["Resolve", "Not yet"]
    await world.forward(minutes=1)
    await fires_again(world, group)
    assert question(world).says("It is not: an alert fires again.")
    assert question(world).labels == []
    await resolves(world, group)
    await world.forward(minutes=1)
    await world.lee.types("/incident resolve 1 rolled back")
    await world.forward(seconds=5)
    assert question(world).says("Resolved by lee.")
    assert question(world).labels == []


async def test_a_question_that_is_answered_before_it_was_posted_is_posted_with_its_answer(
    world: World,
) -> None:
    await world.kim.types(PAYMENT)
    group = await comes(world)
    await world.ana.presses("Acknowledge")
    world.slack.faults.add("status", "chat.postMessage", status=503, count=4)
    await resolves(world, group)
    await world.lee.types("/incident resolve 1")
    await world.forward(minutes=2)
    assert question(world).says("Resolved by lee.")
    assert question(world).labels == []


async def test_a_question_that_is_moot_is_refused(world: World) -> None:
    await world.kim.types(PAYMENT)
    group = await comes(world)
    await world.ana.presses("Acknowledge")
    await resolves(world, group)
    question = world.card().prompts[-1]
    await fires_again(world, group)
    await world.ana.presses("Resolve", card=question)
    assert "`resolve 1` resolves it all the same" in world.ana.sees[-1]
    assert world.card().says("Acknowledged")


async def test_the_guide_may_let_it_be_resolved_by_itself(a_world: OpenWorld) -> None:
    world = await a_world(guide=when_resolved(WhenResolved.RESOLVE))
    await world.kim.types(PAYMENT)
    group = await comes(world)
    await resolves(world, group)
    assert world.card().says("Resolved* by *opsbot")
    assert any("Resolved by opsbot: Its alert is resolved." in line for line in world.card().thread)


async def test_the_guide_may_ask_nobody(a_world: OpenWorld) -> None:
    world = await a_world(guide=when_resolved(WhenResolved.NOTHING))
    await world.kim.types(PAYMENT)
    await resolves(world, await comes(world))
    assert "Alert A1 (HighErrorRate) is resolved." in world.card().thread[-1]
    assert not world.card().says("Resolved* by")


async def test_an_alert_is_linked_and_taken_away_by_hand(world: World) -> None:
    group = await comes(world)
    await world.kim.types(PAYMENT)
    reply = await world.kim.types("/incident link 1 A1")
    assert "A1 belongs to P0 #1 now." in reply.text
    assert "Alert A1 (HighErrorRate) belongs to this incident, says kim." in world.card().thread[-1]
    again = await world.lee.types("/incident link 1 A1")
    assert "A1 belongs to #1 already" in again.text
    listed = await world.lee.types("/incident alerts")
    assert "Alerts of P0 #1: 1 firing" in listed.text
    assert "A1* HighErrorRate · P1 · firing" in world.lee.sees[-1]
    await world.lee.types("/incident unlink A1")
    assert "Alert A1 (HighErrorRate) was taken from this incident by lee." in world.card().thread[-1]
    assert not world.card().says("1 firing")
    assert (await group_of(world, group)).incident is None
    assert "A1 belongs to no incident" in (await world.lee.types("/incident unlink A1")).text
    assert "There is no alert A9." in (await world.lee.types("/incident link A9")).text
    assert "Which alert with which incident?" in (await world.lee.types("/incident link 1")).text


async def test_a_guest_links_nothing(world: World) -> None:
    group = await comes(world)
    await world.kim.types(PAYMENT)
    await world.gus.types("/incident link 1 A1")
    assert (await group_of(world, group)).incident is None


async def test_news_that_come_while_the_bot_is_down_are_told_when_it_is_back(world: World) -> None:
    await world.kim.types(PAYMENT)
    group = await comes(world)
    world.slack.faults.add("status", "chat.postMessage", status=503, count=3)
    await resolves(world, group)
    await world.outage(minutes=5)
    await world.forward(minutes=1)
    assert len([line for line in world.card().thread if "Is it over?" in line]) == 1


async def test_a_security_alert_stays_among_security_incidents(world: World) -> None:
    await world.kim.types(PAYMENT)
    secret = await comes(world, "Zebra", security=True, channel="security-incidents")
    assert (await group_of(world, secret)).incident is None
    await world.sam.types("/incident p0 service:payment token leaked", channel="security-incidents")
    other = await comes(world, "Quagga", security=True, channel="security-incidents")
    assert (await group_of(world, other)).incident is not None
    refused = await world.sam.types("/incident link 1 A1")
    assert "A security alert is linked with security incidents only" in refused.text
    listed = await world.kim.types("/incident alerts 2")
    assert "Quagga" not in listed.text
    assert "its alerts are shown in its own channel only" in listed.text


async def test_the_history_and_the_card_hold_what_became_of_them(world: World) -> None:
    await world.kim.types(PAYMENT)
    await resolves(world, await comes(world))
    reply = await world.kim.types("/incident timeline 1")
    assert "Alert A1 (HighErrorRate) belongs to this incident." in reply.text
    assert "Alert A1 (HighErrorRate) is resolved." in reply.text
    await world.kim.types("/incident show 1")
    assert "1 resolved: A1 HighErrorRate" in world.kim.sees[-1]


async def test_many_alerts_one_after_the_other_are_few_lines(world: World) -> None:
    await world.kim.types(PAYMENT)
    for number in range(30):
        await comes(world, f"Alert{number}")  # each takes five seconds
    await world.forward(minutes=2)
    lines = [line for line in world.card().thread if "to this incident" in line]
    assert len(lines) == 8, lines
    assert "A8 (Alert7)" in lines[5]
    assert "A30 (Alert29)" in lines[-1]


async def test_an_alert_that_paged_beside_its_incident_is_quiet_in_a_worse_one(either_world: World) -> None:
    world = either_world
    await world.kim.types("/incident p2 service:payment cards are slow")
    path = world.bot.directory.alert_path(Severity.P0, page=True, escalate_after=timedelta(minutes=15))
    group = await comes(world, severity=Severity.P0, path=path)
    await world.kim.types("/incident p0 service:payment cards are refused")
    await world.kim.types("/incident ack 2")
    rung = len(world.pages())

    await world.kim.types("/incident merge 1 into 2")
    await world.forward(hours=1)

    assert (await group_of(world, group)).incident is not None
    assert len(world.pages()) == rung
    assert {one.status for one in world.alerts() if f"A{group.number}" in one.title} == {"acknowledged"}
