"""How routine reviews went, for the one who asks: figures at once, then a chart for everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.domain.checklists.run import ItemState, Run, RunState
from bot.sandbox.slack.files import File
from tests.support.clock import MONDAY_NOON
from tests.support.harness import World
from tests.support.people import OPS, readable
from tests.support.reviews import a_problem, an_item, reviewed, were

SECURITY = "security-incidents"
DAY = timedelta(days=1)


def ago(days: float) -> datetime:
    return MONDAY_NOON - days * DAY


def health_checks() -> list[Run]:
    """Four days: done, with a problem, carried over, done late."""
    found = an_item(2, ItemState.PROBLEM, title="Disks", problem=a_problem(ago(5), text="db-2 is full"))
    return [
        reviewed(ago(6), items=[an_item(1), an_item(2, title="Disks")], number=1),
        reviewed(ago(5), items=[an_item(1), found], number=2),
        reviewed(
            ago(4),
            RunState.CARRIED,
            items=[an_item(1), an_item(2, ItemState.OPEN, title="Disks")],
            number=3,
        ),
        reviewed(
            ago(3),
            items=[an_item(1), an_item(2, title="Disks", since=ago(4))],
            number=4,
            took=timedelta(hours=8),
        ),
    ]


def security_reviews() -> list[Run]:
    """One, in which something was found."""
    found = an_item(1, ItemState.PROBLEM, problem=a_problem(ago(2), text="the zebra key is old"))
    given: dict[str, Any] = {"checklist": "security-review", "title": "Security Review"}
    return [reviewed(ago(2), items=[found], channel=SECURITY, security=True, **given)]


def charts(world: World) -> list[File]:
    """The charts that were posted, oldest first."""
    return [file for file in world.slack.workspace.files if file.shares and file.name == "reviews.png"]


async def test_figures_come_at_once_and_then_a_chart(world: World) -> None:
    await were(world, health_checks())
    reply = await world.lee.types("/checklist report")
    assert "Routine reviews in the last 30 d: 2 of 4 done in time, 1 late, 1 carried over" in reply.text
    told = str(reply.message)
    assert "*Health Check*  2 of 4 in time · 1 late · 1 carried over · 1 problem, 1 open" in told
    assert "db-2" not in told, "what was found is in the report of the checklist, and in `problems`"
    await world.settle()
    [chart] = charts(world)
    assert (chart.data or b"").startswith(b"\x89PNG")
    assert chart.title == "Routine reviews in the last 30 d"
    assert "2 of 4 done in time, 1 late, 1 carried over; 1 problem found, all still open" in chart.alt_text
    [said] = [one for one in world.slack.messages_in(OPS) if one.files]
    assert "Asked for by lee" in said.content.text


async def test_of_one_checklist_items_and_what_is_still_open_are_told(world: World) -> None:
    await were(world, [*health_checks(), *security_reviews()])
    reply = await world.lee.types("/checklist report health 30d")
    assert "Health Check in the last 30 d: 2 of 4 done in time" in reply.text
    told = readable(reply.message.content) if reply.message else ""
    assert "*Item 1*  4 of 4 done" in told
    assert "*Disks*  2 of 3 done · 1 problem (1 carried over)" in told, "what was carried over counts once"
    assert "*C2* Health Check, Disks: db-2 is full · Ana" in told
    assert "Security" not in told


async def test_a_shorter_time_counts_less_and_a_wrong_one_is_refused(world: World) -> None:
    await were(world, health_checks())
    assert "last 4 d: 0 of 1 done in time, 1 late" in (await world.lee.types("/checklist report 4d")).text
    assert "last 1 d: none was planned" in (await world.lee.types("/checklist report 1d")).text
    assert "from 1 to 366 days" in (await world.lee.types("/checklist report 99w")).text
    assert "Did you mean `health-check`?" in (await world.lee.types("/checklist report helth-check")).text
    await world.settle()
    assert len(charts(world)) == 1, "where nothing was planned there is nothing to draw"


async def test_a_request_that_comes_again_gets_no_second_chart(world: World) -> None:
    await were(world, health_checks())
    reply = await world.lee.types("/checklist report")
    await world.settle()
    again = await world.slack.redeliver(reply)
    await world.settle()
    assert again.text == reply.text
    assert len(charts(world)) == 1


async def test_guests_read_figures_and_post_no_chart(world: World) -> None:
    await were(world, health_checks())
    assert "2 of 4 done in time" in (await world.gus.types("/checklist report")).text
    await world.settle()
    assert charts(world) == []


async def test_where_the_bot_cannot_post_it_says_so_instead(world: World) -> None:
    await were(world, health_checks())
    await world.lee.types("/checklist report", channel="general")
    await world.settle()
    assert "invite the bot" in world.lee.sees[-1]
    assert charts(world) == []


async def test_of_security_reviews_outsiders_read_figures_alone(world: World) -> None:
    await were(world, security_reviews())
    reply = await world.kim.types("/checklist report security-review")
    assert "1 of 1 done in time; 1 problem found, all still open" in reply.text
    assert "told in its own channel only" in str(reply.message)
    assert "zebra" not in str(reply.message)
    await world.settle()
    [chart] = charts(world)
    assert "zebra" not in chart.alt_text + chart.title
    inside = await world.sam.types("/checklist report security-review", channel=SECURITY)
    assert "the zebra key is old" in str(inside.message)


async def test_a_mention_in_a_thread_is_answered_there(world: World) -> None:
    await were(world, health_checks())
    await world.kim.types("/incident p2 slow search")
    await world.lee.mentions("checklist report 30d", thread=world.card())
    await world.settle()
    assert any("2 of 4 done in time" in seen for seen in world.lee.sees)
    assert any("Asked for by lee" in said for said in world.card().thread)
