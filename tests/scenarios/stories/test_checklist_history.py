"""Runs of checklists as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.checklist import Cadence
from bot.domain.checklists.run import ItemState, RunState
from bot.sandbox.slack.delivery import Reply
from tests.support.builders import LEE
from tests.support.clock import MONDAY_NOON
from tests.support.harness import World
from tests.support.homes import opens_home
from tests.support.people import readable
from tests.support.reviews import a_problem, an_item, reviewed, were

SECURITY = "security-incidents"
DAY = timedelta(days=1)
TUESDAY = datetime(2026, 3, 17, 13, 15, tzinfo=UTC)


def lines(reply: Reply) -> list[str]:
    """What was answered."""
    assert reply.message is not None
    return readable(reply.message.content).splitlines()


async def test_what_became_of_runs_is_listed_the_newest_first(world: World) -> None:
    at = MONDAY_NOON - 9 * DAY
    found = an_item(state=ItemState.PROBLEM, problem=a_problem(at), by=LEE)
    await were(
        world,
        [
            reviewed(at, items=[found], number=1),
            reviewed(at + DAY, RunState.MISSED, number=2),
            reviewed(at + DAY, checklist="cost-review", title="Cost Review"),
        ],
    )
    told = lines(await world.lee.types("/checklist history"))
    assert [line.split(" · ")[0] for line in told if line[-1:] and "C" in line.split(" ")[1]] == [
        "✅ *C3* Cost Review",
        "⛔ *C2* Health Check",
        "✅ *C1* Health Check",
    ]
    assert any("1 problem found, all still open · Ben" in line for line in told)
    of_one = "\n".join(lines(await world.lee.types("/checklist history health")))
    assert "Runs of Health Check" in of_one
    assert "C3" not in of_one


async def test_of_two_checklists_that_are_titled_alike_each_is_named_with_its_cadence(world: World) -> None:
    found = an_item(state=ItemState.PROBLEM, problem=a_problem(MONDAY_NOON), by=LEE)
    alike: dict[str, Any] = {"title": "Performance Review", "state": RunState.OPEN}
    monthly: dict[str, Any] = {"checklist": "monthly-performance-review", "cadence": Cadence.MONTHLY}
    await were(
        world,
        [
            reviewed(MONDAY_NOON, checklist="daily-performance-review", cadence=Cadence.DAILY, **alike),
            reviewed(MONDAY_NOON, items=[found, an_item(2, ItemState.OPEN)], **monthly, **alike),
            reviewed(MONDAY_NOON - DAY),
        ],
    )
    told = "\n".join(lines(await world.lee.types("/checklist history")))
    assert "Performance Review (daily) · Mon 16 Mar" in told
    assert "Performance Review (monthly) · Mon 16 Mar" in told
    assert "Health Check · " in told
    figures = "\n".join(lines(await world.lee.types("/checklist report 30d")))
    assert "*Performance Review (daily)*" in figures
    assert "*Performance Review (monthly)*" in figures
    assert "*Health Check*" in figures
    of_one = await world.lee.types("/checklist report monthly-performance-review")
    assert "Performance Review (monthly) in the last 30 d" in of_one.text
    problems = "\n".join(lines(await world.lee.types("/checklist problems")))
    assert "*Performance Review (monthly)*: " in problems
    page = await opens_home(world, world.ana)
    assert page.says("Performance Review (daily)")
    assert page.says("Performance Review (monthly)")


async def test_nothing_yet_and_no_such_checklist_are_said(world: World) -> None:
    assert "there was none yet" in (await world.lee.types("/checklist history")).text
    refused = await world.lee.types("/checklist history helth-check")
    assert "Did you mean `health-check`?" in refused.text


async def test_a_run_that_was_posted_links_to_its_card_and_goes_on(world: World) -> None:
    await world.prompts()
    await world.forward_to(TUESDAY)
    await world.prompts()
    card = world.run_card("Health Check")
    reply = await world.lee.types("/checklist history health")
    assert "Open, 0 of" in reply.text
    assert card.message.ts.replace(".", "") in str(reply.message), "its label is a link"
    label = reply.text.split("Runs of Health Check: ")[1].split()[0]
    await world.lee.types(f"/checklist done {label} all")
    done = await world.gus.types("/checklist history health")
    assert f"{label} Health Check, Tue 17 Mar: Done" in done.text
    assert "lee" in str(done.message)
    figures = await world.gus.types("/checklist report health 7d")
    assert "1 of 1 done in time" in figures.text


async def test_who_took_part_in_a_security_review_is_told_in_its_channel_only(world: World) -> None:
    given: dict[str, Any] = {"checklist": "security-review", "title": "Security Review"}
    done = reviewed(items=[an_item(by=LEE)], channel=SECURITY, security=True, asked_by=LEE, **given)
    await were(world, [done])
    outside = "\n".join(lines(await world.kim.types("/checklist history")))
    assert "Security Review · Mon 16 Mar · Done" in outside
    assert "off schedule" in outside
    assert "Ben" not in outside
    inside = "\n".join(lines(await world.sam.types("/checklist history", channel=SECURITY)))
    assert "asked for by Ben · Ben" in inside
