"""What a line says better hangs as a chart under the review's card, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.evidence import Sign, Threshold, Unit
from bot.domain.guide import Guide
from bot.sandbox.slack.files import File
from tests.support.harness import World
from tests.support.reviewed import a_query, comes_to_review, looks_at
from tests.support.worlds import OpenWorld

WEEK = timedelta(days=7)
RATES = a_query(
    "Requests a second",
    "sum by (service) (rate(http_requests_total[5m]))",
    unit=Unit.PER_SECOND,
    chart=timedelta(days=1),
)
FAILED = a_query(
    "Failed requests",
    'sum (rate(http_requests_total{status=~"5.."}[30m])) / sum (rate(http_requests_total[30m]))',
    unit=Unit.RATIO,
    fine=Threshold(sign=Sign.BELOW, bound=0.05),
    chart=timedelta(hours=6),
)
PLAIN = a_query("Plain", "count(up == 1)")
GUIDE = looks_at((PLAIN, FAILED), (RATES,))


def files(world: World) -> list[File]:
    """What was shared, oldest first."""
    return sorted((one for one in world.slack.workspace.files if one.completed), key=lambda one: one.name)


async def test_each_that_has_one_hangs_under_the_card(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=GUIDE)
    await comes_to_review(world)
    first, second = files(world)
    assert (first.name, second.name) == ("review-C1-1-2.png", "review-C1-2-1.png")
    assert (first.data or b"").startswith(b"\x89PNG")
    thread = "\n".join(world.run_card("Health Check").thread)
    assert "C1, item 1: Failed requests, last 6 h: 0.0" in thread
    assert "fine (&lt; 5 %) all the time" in thread
    assert "C1, item 2: Requests a second, last 1 d: api-gateway 1" in thread
    assert await world.waiting() == 0


async def test_no_incident_waits_for_pictures(a_world: OpenWorld) -> None:
    """However many hang in the channel in which its card is to stand."""
    many = tuple(replace(FAILED, title=f"Failed requests {n}") for n in range(8))
    world = await a_world(prometheus=True, guide=looks_at(many))
    await comes_to_review(world)
    assert files(world), "they are being hung"
    await world.kim.types("/incident p0 checkout is down")
    assert world.card(1).says("checkout is down")


async def test_one_of_which_nobody_knows_whether_slack_took_it_hangs_once(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=looks_at((FAILED,)))
    world.slack.faults.add("cut", "files.completeUploadExternal", count=1)
    await comes_to_review(world)
    await world.forward(minutes=2)
    assert [one.name for one in files(world)] == ["review-C1-1-1.png"]
    assert await world.waiting() == 0


async def test_a_bot_that_stops_before_it_has_drawn_draws_when_it_is_back(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=looks_at((FAILED,)))
    world.slack.faults.add("down", "files.getUploadURLExternal")
    await comes_to_review(world)
    assert files(world) == []
    assert world.run_card("Health Check").says("Failed requests"), "it waits for no picture"
    await world.stop()
    world.slack.faults.clear()
    world.clock.advance(timedelta(minutes=1))
    await world.start()
    await world.forward(minutes=1)
    assert len(files(world)) == 1


async def test_it_is_of_the_time_at_which_the_card_was_posted(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=looks_at((FAILED,)))
    world.slack.faults.add("down", "files.getUploadURLExternal")
    await comes_to_review(world)
    world.prometheus.set_service("api-gateway", error_ratio=0.9)
    world.slack.faults.clear()
    await world.forward(minutes=20)
    assert len(files(world)) == 1
    assert "fine (&lt; 5 %) all the time" in "\n".join(world.run_card("Health Check").thread)


async def test_what_cannot_be_had_stops_nothing_and_comes_later(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=GUIDE)
    world.prometheus.faults.add("down", "*")
    await comes_to_review(world)
    assert len(world.run_cards()) == 1
    assert files(world) == []
    world.prometheus.faults.clear()
    await world.forward(minutes=10)
    assert len(files(world)) == 2


async def test_of_a_review_that_is_over_nothing_is_drawn(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=GUIDE)
    world.prometheus.faults.add("down", "*")
    await comes_to_review(world)
    await world.ana.types("/checklist done all")
    world.prometheus.faults.clear()
    await world.forward(minutes=10)
    assert files(world) == []
    assert await world.waiting() == 0


async def test_a_query_that_gives_nothing_has_no_picture(a_world: OpenWorld) -> None:
    nothing = a_query("Nothing", "no_such_metric", chart=WEEK)
    world = await a_world(prometheus=True, guide=looks_at((nothing,)))
    await comes_to_review(world)
    assert files(world) == []
    assert await world.waiting() == 0


async def test_without_prometheus_nothing_is_owed(a_world: OpenWorld) -> None:
    world = await a_world(guide=GUIDE)
    await comes_to_review(world)
    assert await world.waiting() == 0
    assert files(world) == []


@pytest.mark.parametrize("private", [True, False])
async def test_of_the_security_teams_review_it_hangs_where_only_they_read(
    a_world: OpenWorld, *, private: bool
) -> None:
    guide: Guide = looks_at((FAILED,), channel="security-incidents")
    world = await a_world(started=False, prometheus=True, guide=guide)
    world.slack.workspace.find_channel("security-incidents").private = private
    await world.start()
    await comes_to_review(world)
    assert len(world.run_cards()) == 1
    assert len(files(world)) == int(private)


async def test_a_card_that_is_posted_anew_has_its_pictures_again(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=looks_at((FAILED,)))
    await comes_to_review(world)
    world.slack.workspace.delete(world.run_card("Health Check").message)
    await world.ana.types("/checklist take 1")
    await world.forward(minutes=2)
    assert "Failed requests, last 6 h" in "\n".join(world.run_card("Health Check").thread)
