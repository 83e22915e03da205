"""How a tier is reached: its own PagerDuty service, a level of another's policy, or only Slack."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.guide import ReachKind
from tests.support.harness import DIRECTOR, ON_CALL, TEAM_LEAD, World, a_staffed_guide
from tests.support.worlds import OpenWorld


async def test_a_tier_without_a_routing_key_is_mentioned_and_the_card_says_not_paged(
    a_world: OpenWorld,
) -> None:
    world = await a_world(keys=("on-call",))
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=15)
    (loud,) = world.card().loud
    assert "Team Lead has no PagerDuty routing key: not paged, mentioned here." in loud
    assert f"<!subteam^{TEAM_LEAD}>" in loud
    assert world.card().says("Team Lead: not paged, mentioned in Slack")
    await world.forward(minutes=15)
    assert f"<!subteam^{DIRECTOR}>" in world.card().loud[1]
    assert world.paged() == ["on-call"]


async def test_without_any_routing_key_everybody_is_mentioned(a_world: OpenWorld) -> None:
    world = await a_world(keys=(), rest=False)
    reply = await world.kim.types("/incident p0 checkout is down")
    assert "On-call Engineer is not paged: mentioned in Slack instead." in reply.text
    await world.forward(seconds=5)  # it would have waited so long for its card
    assert f"<!subteam^{ON_CALL}>" in world.card().loud[0]
    await world.forward(hours=1)
    assert not world.alerts()
    await world.ana.presses("Acknowledge")
    assert await world.waiting() == 0


async def test_a_tier_that_is_only_in_slack_is_mentioned_at_its_step(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    lead = replace(guide.tiers["team-lead"], reach=ReachKind.SLACK)
    world = await a_world(guide=replace(guide, tiers={**guide.tiers, "team-lead": lead}))
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=30)
    assert f"<!subteam^{TEAM_LEAD}>" in world.card().loud[0]
    assert world.paged() == ["on-call", "director"]


async def a_world_of_levels(a_world: OpenWorld) -> World:
    """Team lead and director are levels 2 and 3 of on-call's policy; a P0 has just been declared."""
    guide = a_staffed_guide()
    levels = {
        key: replace(guide.tiers[key], reach=ReachKind.LEVEL, level=level)
        for key, level in (("team-lead", 2), ("director", 3))
    }
    world = await a_world(guide=replace(guide, tiers={**guide.tiers, **levels}), keys=("on-call",))
    await world.kim.types("/incident p0 checkout is down")
    return world


def notified(world: World) -> list[str]:
    return [page.person for page in world.pages()]


async def test_a_tier_that_is_a_level_raises_the_incident_of_the_first_page(a_world: OpenWorld) -> None:
    world = await a_world_of_levels(a_world)
    await world.forward(minutes=30)
    assert notified(world) == ["Ana Ortiz", "Lee Novak", "Dia Mensah"]
    assert len(world.alerts()) == 1
    await world.forward(seconds=10)
    assert world.card().text.count("confirmed") == 3


async def test_a_level_repeats_with_a_page_of_its_own_which_is_then_raised(a_world: OpenWorld) -> None:
    world = await a_world_of_levels(a_world)
    await world.forward(minutes=45)
    await world.forward(seconds=5)  # PagerDuty gets that long to make an incident of the page
    assert notified(world) == ["Ana Ortiz", "Lee Novak", "Dia Mensah", "Ana Ortiz", "Dia Mensah"]
    assert [alert.level for alert in world.alerts()] == [3, 3]


async def test_pagerduty_being_further_along_is_never_set_back(a_world: OpenWorld) -> None:
    world = await a_world_of_levels(a_world)
    world.pagerduty.escalate(world.alerts()[0].key, 3, "Ana Ortiz")
    await world.forward(minutes=15)
    assert notified(world) == ["Ana Ortiz", "Dia Mensah"]
    assert world.alerts()[0].level == 3


async def test_an_acknowledgement_in_pagerduty_is_seen_before_a_level_is_raised(a_world: OpenWorld) -> None:
    world = await a_world_of_levels(a_world)
    await world.forward(minutes=14)
    world.pagerduty.acknowledge(world.alerts()[0].key, "Ana Ortiz")
    await world.forward(minutes=1)
    assert notified(world) == ["Ana Ortiz"]
    assert world.card().says("*Acknowledged* by *Ana Ortiz (PagerDuty)*")
    assert world.alerts()[0].status == "acknowledged"


async def test_the_acknowledgement_of_a_repeated_level_is_seen_by_looking(a_world: OpenWorld) -> None:
    world = await a_world_of_levels(a_world)
    await world.forward(minutes=46)
    world.pagerduty.acknowledge(world.alerts()[1].key, "Dia Mensah")
    await world.polls()
    assert world.card().says("*Acknowledged* by *Dia Mensah (PagerDuty)*")


async def test_a_raised_level_ends_with_its_incident(a_world: OpenWorld) -> None:
    world = await a_world_of_levels(a_world)
    await world.forward(minutes=45)
    await world.dia.presses("Resolve")
    assert {alert.status for alert in world.alerts()} == {"resolved"}
    await world.forward(seconds=10)
    assert await world.waiting() == 0


async def test_without_rest_and_webhook_a_page_is_accepted_not_confirmable(a_world: OpenWorld) -> None:
    world = await a_world(rest=False)
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=10)
    assert world.card().says("accepted, not confirmable")
    assert not world.card().thread


async def test_a_page_that_makes_no_incident_is_told_after_a_minute_with_a_mention(
    either_world: World,
) -> None:
    world = either_world
    world.pagerduty.faults.add("drop", "events", count=1)
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=59)
    assert world.card().says("accepted, not confirmed yet")
    assert not world.card().loud
    await world.forward(seconds=1)
    (loud,) = world.card().loud
    assert "PagerDuty took the page for On-call Engineer but shows no incident for it" in loud
    assert f"<!subteam^{ON_CALL}>" in loud
    await world.forward(minutes=13)
    assert world.card().says("accepted, *not confirmed*")
    assert len(world.card().loud) == 1


async def test_a_page_that_is_confirmed_after_all_takes_the_warning_back(world: World) -> None:
    world.pagerduty.faults.add("down", "rest")
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=2)
    assert "shows no incident for it" in world.card().loud[0]
    world.pagerduty.faults.clear()
    await world.forward(minutes=5)
    await world.polls()
    assert "PagerDuty shows an incident for the page of On-call Engineer." in world.card().thread[-1]
    assert len(world.card().loud) == 1, "good news mention nobody"
    assert world.card().says(", confirmed")


async def test_a_confirmation_that_nobody_doubted_is_only_kept(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=2)
    assert not world.card().thread
    await world.kim.types("/incident show 1")
    assert "PagerDuty shows an incident for the page of On-call Engineer." in world.kim.sees[-1]


async def test_a_confirmation_by_webhook_is_enough(a_world: OpenWorld) -> None:
    world = await a_world(rest=False, webhook=True)
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=2)
    assert world.card().says(", confirmed")
    assert not world.card().loud


async def test_nobody_is_told_of_an_unconfirmed_page_that_nobody_needs_any_more(world: World) -> None:
    world.pagerduty.faults.add("drop", "events", count=1)
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.forward(minutes=10)
    assert not world.card().loud


async def test_who_is_on_call_and_raises_it_is_not_paged_for_it(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    ana = replace(guide.tiers["on-call"].mention, groups=(), people=("U0ANA0001",))
    on_call = replace(guide.tiers["on-call"], mention=ana)
    world = await a_world(guide=replace(guide, tiers={**guide.tiers, "on-call": on_call}))
    await world.kim.types("/incident p1 search is slow")
    await world.ana.types("/incident sev p0")
    assert world.paged() == ["on-call"]
    await world.forward(minutes=15)
    assert world.paged() == ["on-call", "team-lead"]
