"""Slack or PagerDuty fail: nothing is lost, nothing is doubled, and one's trouble never delays the other."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from tests.support.harness import ON_CALL, World, an_unfollowed_guide
from tests.support.worlds import OpenWorld


def posts(world: World) -> int:
    return world.slack.calls.counts["chat.postMessage"]


async def test_slack_is_down_for_ten_minutes_while_pages_go_on(either_world: World) -> None:
    world = either_world
    world.slack.faults.add("down")
    reply = await world.kim.types("/incident p0 checkout is down")
    assert reply.ok
    await world.forward(minutes=15)
    assert world.paged() == ["on-call", "team-lead"]
    assert not world.slack.messages
    world.slack.faults.clear()
    await world.forward(minutes=5)
    assert world.card().says("Next: *Director* is paged")
    assert len(world.card().thread) == 1
    assert await world.waiting() == 0


async def test_pagerduty_is_down_for_ten_minutes_and_the_page_arrives_after(either_world: World) -> None:
    world = either_world
    world.pagerduty.faults.add("down")
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=30)
    (loud,) = world.card().loud
    assert "PagerDuty does not take the page for On-call Engineer" in loud
    assert f"<!subteam^{ON_CALL}>" in loud
    assert world.card().says("*PagerDuty has not taken it yet*")
    await world.forward(minutes=10)
    assert len(world.card().loud) == 1
    world.pagerduty.faults.clear()
    await world.forward(minutes=1)
    assert world.paged() == ["on-call"]
    assert world.card().says("On-call Engineer paged")
    assert "PagerDuty took the page for On-call Engineer after 11 min." in world.card().thread[-1]
    assert len(world.card().loud) == 1, "good news mention nobody"


async def test_a_step_comes_in_time_though_pagerduty_cannot_be_asked_first(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    world.pagerduty.faults.add("down", "rest")
    await world.forward(minutes=15)
    assert world.paged() == ["on-call", "team-lead"]


async def test_what_is_refused_is_told_and_tried_until_a_person_has_mended_it(world: World) -> None:
    world.pagerduty.faults.add("status", "events", status=400)
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=5)
    assert "PagerDuty does not take the page for On-call Engineer" in world.card().loud[0]
    world.pagerduty.faults.clear()
    await world.forward(seconds=31)
    assert world.paged() == ["on-call"]


async def test_a_429_of_slack_holds_everything_that_goes_the_same_way(a_world: OpenWorld) -> None:
    world = await a_world(guide=an_unfollowed_guide())
    world.slack.faults.add("ratelimited", "chat.postMessage", retry_after=30, count=1)
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p3 a typo")
    await world.forward(seconds=29)
    assert posts(world) == 1
    assert not world.cards()
    await world.forward(seconds=2)
    assert len(world.cards()) == 2


async def test_a_429_of_pagerduty_holds_the_routing_key_and_no_other(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=14, seconds=55)
    world.pagerduty.faults.add("ratelimited", "events", retry_after=20, count=1)
    await world.kim.types("/incident p0 payments fail")
    await world.forward(seconds=19)
    assert world.paged() == ["on-call", "team-lead"]
    await world.forward(seconds=2)
    assert world.paged() == ["on-call", "team-lead", "on-call"]


async def test_a_card_that_was_posted_before_the_line_broke_is_found_again(
    a_world: OpenWorld, database_url: str
) -> None:
    world = await a_world(guide=an_unfollowed_guide(), database_url=database_url)
    world.slack.faults.add("cut", "chat.postMessage", count=1)
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(minutes=15)
    assert len(world.cards()) == 1
    assert posts(world) == 2  # the card, and the line of the second step
    assert len(world.card().thread) == 1
    await world.ana.presses("Acknowledge")
    assert world.card().says("*Acknowledged*")


async def test_a_line_that_was_posted_before_the_line_broke_is_found_again(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    world.slack.faults.add("cut", "chat.postMessage", count=1)
    await world.ana.presses("Acknowledge")
    await world.forward(minutes=1)
    assert len(world.card().thread) == 1


async def test_a_page_that_was_taken_before_the_line_broke_is_not_doubled(world: World) -> None:
    world.pagerduty.faults.add("cut", "events", count=1)
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=5)
    (alert,) = world.alerts()
    assert alert.triggers == 2
    assert world.paged() == ["on-call"]


async def test_a_page_in_doubt_is_acknowledged_with_its_incident(world: World) -> None:
    world.pagerduty.faults.add("cut", "events", count=1)
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.forward(minutes=1)
    (alert,) = world.alerts()
    assert (alert.status, alert.triggers) == ("acknowledged", 1)
    assert world.paged() == ["on-call"]


async def test_a_card_whose_page_never_left_says_so_once_it_is_acknowledged(world: World) -> None:
    world.pagerduty.faults.add("down", "events")
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=10)
    await world.ana.presses("Acknowledge")
    world.pagerduty.faults.clear()
    await world.forward(minutes=10)
    assert not world.paged()
    assert not world.card().says("being paged")


async def test_a_bot_that_is_not_in_the_channel_says_what_to_do_and_posts_once_invited(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    app = world.slack.world.app
    world.slack.world.app = replace(app, scopes=app.scopes - {"chat:write.public"})
    channel = world.slack.workspace.find_channel("platform-alerts")
    bot = world.slack.workspace.identity.bot_user
    channel.members.discard(bot)
    with caplog.at_level(logging.WARNING):
        await world.kim.types("/incident p0 checkout is down")
    assert "The bot is not in #platform-alerts: invite the bot to #platform-alerts." in caplog.text
    channel.members.add(bot)
    await world.forward(minutes=2)
    assert world.card().says("checkout is down")


async def test_a_card_that_somebody_deleted_is_posted_anew_and_goes_on(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    world.slack.workspace.delete(world.card().message)
    await world.forward(minutes=45)
    assert world.card().says("Not acknowledged")
    assert "Nobody has acknowledged P0 #1" in world.card().loud[0]
    await world.forward(seconds=10)
    assert await world.waiting() == 0


async def test_a_card_that_is_found_again_shows_what_has_happened_since(world: World) -> None:
    world.slack.faults.add("cut", "chat.postMessage", count=1)
    await world.kim.types("/incident p0 checkout is down")
    await world.lee.types("/incident ack 1")
    await world.forward(seconds=10)
    assert world.card().says("*Acknowledged* by *lee*")


async def test_who_must_be_told_is_told_though_the_card_cannot_be_posted(a_world: OpenWorld) -> None:
    world = await a_world(guide=an_unfollowed_guide())
    world.pagerduty.faults.add("down")
    world.slack.faults.add("error", "chat.postMessage", error="invalid_blocks", count=3)
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=30)
    told = world.slack.messages_in("platform-alerts")[0].text
    assert told.startswith("P0 #1 · checkout is down: ⚠️ PagerDuty does not take the page")
    assert f"<!subteam^{ON_CALL}>" in told


async def test_a_card_that_slack_refuses_for_good_is_told_in_the_channel(world: World) -> None:
    world.slack.faults.add("error", "chat.postMessage", error="invalid_blocks", count=1)
    await world.kim.types("/incident p0 checkout is down")
    await world.forward(seconds=10)
    said = [message.text for message in world.slack.messages_in("platform-alerts")]
    assert any("P0 #1" in text and "Given up (card)" in text for text in said)
    assert world.paged() == ["on-call"]
