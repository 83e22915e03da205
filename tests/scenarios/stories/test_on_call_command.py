"""`/oncall`: who is on call now, who is next, and what is said where PagerDuty cannot be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.guide import Mention
from bot.sandbox.pagerduty.people import ANA, LEE
from tests.scenarios.stories.test_direct_messages import answers, writes
from tests.support.harness import World, a_staffed_guide
from tests.support.people import readable
from tests.support.worlds import OpenWorld


@pytest.fixture
async def rotating(world: World) -> World:
    """Ana and Lee are on call a week each; it is noon on a Monday, three hours into Ana's or Lee's week."""
    world.pagerduty.put_service("on-call", "On-call", levels=(((ANA.name, LEE.name),), (LEE.name,)))
    return world


def asked(world: World) -> int:
    """How often PagerDuty was asked who is on call."""
    return world.pagerduty.calls["rest"]


async def test_each_tier_says_who_is_there_until_when_who_is_next_and_what_time_it_is_there(
    rotating: World,
) -> None:
    reply = await rotating.kim.types("/oncall")
    assert reply.message is None
    told = rotating.kim.sees[-1]
    assert "*On-call Engineer* `on-call`\nNow: *" in told
    now = told.split("Now: *")[1].split("*")[0]
    coming = told.split("Next: ")[1].split(" ")[0]
    assert {now, coming} == {"ana", "lee"}
    assert " until <!date^" in told
    assert "*Team Lead* `team-lead`\nNow: *lee*" in told
    assert "*Director* `director`\nNow: *dia*" in told
    assert "where they are" in told
    assert "<@" not in told
    assert "<!subteam" not in told


async def test_one_tier_and_one_service_can_be_asked_for(rotating: World) -> None:
    await rotating.kim.types("/oncall team-lead")
    assert "On-call Engineer" not in rotating.kim.sees[-1]
    await rotating.kim.types("/oncall payment")
    told = rotating.kim.sees[-1]
    assert "*Payment Service*: Platform Team in <#C0ALERTS1> · runbook Payment Service Operations" in told
    assert "P0: On-call Engineer at once, Team Lead after 15 min, Director after 30 min" in told
    assert "P3" not in told


async def test_bad_input_gets_the_nearest_word_and_asks_nobody(rotating: World) -> None:
    before = asked(rotating)
    reply = await rotating.kim.types("/oncall diretcor")
    assert "There is no service or tier “diretcor” in the guide. The nearest: `director`" in reply.text
    assert "You typed: `/oncall diretcor`" in reply.text
    assert asked(rotating) == before


async def test_the_answer_is_kept_for_a_minute_and_never_beyond_a_handover(rotating: World) -> None:
    await rotating.kim.types("/oncall on-call")
    before = asked(rotating)
    await rotating.lee.types("/oncall on-call")
    assert asked(rotating) == before
    await rotating.forward(seconds=61)
    await rotating.lee.types("/oncall on-call")
    assert asked(rotating) > before


async def test_who_takes_over_is_shown_at_once(rotating: World) -> None:
    await rotating.kim.types("/oncall on-call")
    first = rotating.kim.sees[-1]
    at = int(first.split("until <!date^")[1].split("^")[0])
    left = at - rotating.clock.now().timestamp()
    await rotating.forward(seconds=left - 10)
    await rotating.kim.types("/oncall on-call")
    before = rotating.kim.sees[-1].split("Now: *")[1].split("*")[0]
    await rotating.forward(seconds=10)
    await rotating.kim.types("/oncall on-call")
    after = rotating.kim.sees[-1].split("Now: *")[1].split("*")[0]
    assert {before, after} == {"ana", "lee"}


async def test_while_pagerduty_is_down_the_last_answer_is_told_with_its_time(rotating: World) -> None:
    await rotating.kim.types("/oncall director")
    rotating.pagerduty.faults.add("down", "rest")
    await rotating.forward(minutes=12)
    await rotating.kim.types("/oncall director")
    told = rotating.kim.sees[-1]
    assert "Now: *dia*" in told
    at = round((rotating.clock.now() - timedelta(minutes=12)).timestamp())
    assert f"as of <!date^{at}^" in told
    assert "PagerDuty cannot be asked" in told


async def test_without_an_earlier_answer_the_guide_says_whom_it_means_and_why(rotating: World) -> None:
    rotating.pagerduty.faults.add("down", "rest")
    await rotating.kim.types("/oncall")
    told = rotating.kim.sees[-1]
    assert "By the guide, one of: ana" in told
    assert "PagerDuty" in told


async def test_a_tier_without_a_key_is_told_by_the_guide_with_what_is_missing(a_world: OpenWorld) -> None:
    world = await a_world(keys=("on-call",))
    await world.kim.types("/oncall")
    told = world.kim.sees[-1]
    assert (
        "*Team Lead* `team-lead`\nBy the guide, one of: lee\nTeam Lead has no PagerDuty routing key." in told
    )
    assert "*On-call Engineer* `on-call`\nNow: *ana*" in told


async def test_where_nobody_is_known_that_is_said(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    empty = {key: replace(tier, mention=Mention()) for key, tier in guide.tiers.items()}
    world = await a_world(guide=replace(guide, tiers=empty), rest=False)
    await world.kim.types("/oncall director")
    told = world.kim.sees[-1]
    assert "Not known: the guide names nobody for it, and PagerDuty cannot be asked." in told
    assert "set PAGERDUTY_API_KEY" in told


async def test_a_level_that_nobody_is_on_call_for_is_a_warning(world: World) -> None:
    world.pagerduty.put_service("director", "Director", levels=((),))
    await world.kim.types("/oncall director")
    assert "⚠️ PagerDuty has nobody on call here" in world.kim.sees[-1]


async def test_a_command_that_is_sent_twice_is_answered_once(world: World) -> None:
    await world.kim.types("/oncall")
    first = world.slack.last
    assert first is not None
    count = len(world.kim.sees)
    await world.slack.redeliver(first)
    await world.settle()
    assert len(world.kim.sees) == count


async def test_guests_may_look(world: World) -> None:
    await world.gus.types("/oncall")
    assert "Now: *ana*" in world.gus.sees[-1]


async def test_the_same_in_a_mention_and_in_a_direct_message(world: World) -> None:
    await world.kim.mentions("oncall director")
    assert "Now: *dia*" in world.kim.sees[-1]
    await writes(world, "oncall director")
    assert "Now: *dia*" in answers(world)[-1]


async def test_help_shows_the_tiers(world: World) -> None:
    reply = await world.kim.types("/oncall help")
    assert reply.message is not None
    assert "`team-lead` Team Lead" in readable(reply.message.content)
