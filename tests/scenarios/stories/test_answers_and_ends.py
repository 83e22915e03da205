"""Which answers count, which pages still have to go, and that every page which may ring is ended."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.guide import Channel, Guide, Mention, ReachKind
from bot.domain.severity import Severity
from tests.support.harness import World, a_staffed_guide, an_unfollowed_guide
from tests.support.worlds import OpenWorld


def a_guide_with_ana_on_call() -> Guide:
    guide = a_staffed_guide()
    on_call = replace(guide.tiers["on-call"], mention=Mention(people=("U0ANA0001",)))
    return replace(guide, tiers={**guide.tiers, "on-call": on_call})


async def test_lowering_what_got_through_to_nobody_pages_at_once(world: World) -> None:
    world.pagerduty.faults.add("down", "events")
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=5)
    await world.lee.types("/incident sev p1")
    world.pagerduty.faults.clear()
    await world.forward(minutes=1)
    assert world.paged() == ["on-call"]
    assert world.alerts()[0].title.startswith("P1 #1")


async def test_an_answer_to_the_page_of_before_the_lowering_counts(a_world: OpenWorld) -> None:
    world = await a_world(webhook=True)
    await world.kim.types("/incident p0 checkout is down")
    await world.lee.types("/incident sev p1")
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    await world.settle()
    assert world.card().says("*Acknowledged* by *Ana Ortiz (PagerDuty)*")
    await world.forward(hours=2)
    assert world.paged() == ["on-call"]


async def test_an_earlier_page_that_was_answered_spares_the_first_one_after_lowering(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=10)
    await world.lee.types("/incident sev p1")
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    await world.forward(hours=1)
    assert world.paged() == ["on-call"]
    assert world.card().says("*Acknowledged* by *Ana Ortiz (PagerDuty)*")
    assert await world.waiting() == 0


async def test_the_one_on_call_who_raises_is_not_paged_and_answers_with_the_page_that_rings(
    a_world: OpenWorld,
) -> None:
    world = await a_world(guide=a_guide_with_ana_on_call(), webhook=True)
    await world.kim.types("/incident p1 search is slow")
    await world.forward(minutes=1)
    await world.ana.changes_severity("P0")
    assert world.paged() == ["on-call"]
    await world.forward(minutes=1)
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    await world.settle()
    assert world.card().says("Acknowledged")


async def test_what_the_one_on_call_answered_before_the_raise_does_not_count_after_it(
    a_world: OpenWorld,
) -> None:
    world = await a_world(guide=a_guide_with_ana_on_call())
    await world.kim.types("/incident p1 search is slow")
    await world.forward(minutes=1)
    await world.ana.presses("Acknowledge")
    await world.forward(minutes=1)
    await world.ana.changes_severity("P0")
    await world.polls()
    assert world.card().says("Not acknowledged")
    await world.forward(minutes=15)
    assert world.paged() == ["on-call", "team-lead"]


async def test_an_acknowledgement_does_not_wait_behind_a_page_that_keeps_failing(world: World) -> None:
    world.pagerduty.faults.add("cut", "events", count=1)  # it rings, and nobody is told that it does
    world.pagerduty.faults.add("status", "events", status=503, count=3)
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=8)
    await world.ana.presses("Acknowledge")
    assert [alert.status for alert in world.alerts()] == ["acknowledged"]
    assert world.paged() == ["on-call"]


async def test_a_level_whose_incident_is_over_is_paged_under_a_key_of_its_own(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    lead = replace(guide.tiers["team-lead"], reach=ReachKind.LEVEL, level=2)
    world = await a_world(guide=replace(guide, tiers={**guide.tiers, "team-lead": lead}), keys=("on-call",))
    await world.kim.types("/incident p1 search is slow")
    await world.forward(minutes=1)
    alert = world.alerts()[0]
    world.pagerduty.account.resolve(alert, alert.service.reference)  # its auto-resolve time-out, say
    await world.forward(hours=1)
    await world.forward(seconds=30)
    assert [(one.status, one.level) for one in world.alerts()] == [("resolved", 1), ("triggered", 2)]
    assert [page.person for page in world.pages()][-1] == "Lee Novak"


async def test_polling_goes_on_behind_a_page_that_pagerduty_does_not_show(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p0 payments fail")
    await world.forward(seconds=10)
    first, second = world.alerts()
    world.pagerduty.acknowledge(first.key, "Ana Ortiz")
    world.pagerduty.faults.add("status", "rest", status=404, count=1)
    await world.polls()
    assert second.status == "triggered"
    assert world.card(1).says("Acknowledged")


async def test_a_backlog_item_that_is_raised_is_told_where_incidents_are_watched(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    team = replace(guide.teams["platform-team"], channel="platform-team")
    channel = Channel(key="platform-team", name="platform-team", purpose="The team's own.")
    own = replace(
        guide,
        teams={**guide.teams, "platform-team": team},
        channels={**guide.channels, "platform-team": channel},
    )
    assert not own.severities[Severity.P3].pages
    world = await a_world(guide=own)
    await world.kim.types("/incident p3 a certificate ends next month")
    await world.ana.types("/incident sev 1 p0")
    await world.forward(seconds=5)
    told = [message.text for message in world.slack.messages_in("platform-alerts")]
    assert len(told) == 1
    assert "P0 #1" in told[0]


async def test_a_card_that_was_deleted_is_posted_anew(a_world: OpenWorld) -> None:
    world = await a_world(guide=an_unfollowed_guide())
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=10)
    world.slack.faults.add("error", "chat.update", error="message_not_found", count=1)
    await world.ana.types("/incident ack")
    await world.forward(seconds=10)
    assert len(world.cards()) == 2
    assert world.cards()[-1].says("Acknowledged")
