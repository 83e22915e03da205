"""How incidents went, in figures."""

from __future__ import annotations

import psutil
import pytest

from bot.sandbox.slack.files import File
from tests.support.harness import World


async def test_a_team_asks_how_its_incidents_went(world: World) -> None:
    await world.kim.types("/incident p0 service:payment checkout is down")
    await world.forward(minutes=20)
    await world.ana.types("/incident ack 1")
    await world.forward(minutes=40)
    await world.ana.types("/incident resolve 1")
    await world.kim.types("/incident p1 slow search")
    await world.forward(minutes=4)
    await world.ana.types("/incident ack 2")
    reply = await world.lee.types("/incident stats")
    assert "Incidents of the last 30 d: 2 incidents, acknowledged after 12 min" in reply.text
    told = str(reply.message)
    assert "2, 1 not resolved yet" in told
    assert "median 1 h, mean 1 h (of 1)" in told
    assert "1 page after the first, in 1 incident" in told
    assert "3, 0 at night (22:00 to 06:00 America/New" in told
    assert "Payment Service" in told
    assert "No service named" in told


async def test_one_service_and_another_length_are_asked_for(world: World) -> None:
    await world.kim.types("/incident p0 service:payment checkout is down")
    await world.kim.types("/incident p2 slow search")
    await world.outage(days=8)  # at once, for nothing of those days is asked for
    await world.kim.types("/incident p2 service:payment refunds hang")
    assert (
        "last 30 d, Payment Service: 2 inc" in (await world.lee.types("/incident stats service:payment")).text
    )
    assert "last 7 d: 1 incident" in (await world.lee.types("/incident stats 7d")).text
    refused = await world.lee.types("/incident stats service:paymnt")
    assert "Did you mean `payment`?" in refused.text
    assert "Statistics reach back from 1 to 731 days" in (await world.lee.types("/incident stats 999w")).text


async def test_drills_and_false_alarms_are_left_out(world: World) -> None:
    await world.kim.types("/incident drill p0 checkout is down")
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident cancel 2")
    assert "no incident was declared" in (await world.lee.types("/incident stats")).text


async def test_a_security_incident_counts_without_saying_what_it_is(world: World) -> None:
    await world.kim.types("/incident p0 security: service:payment token leaked")
    reply = await world.gus.types("/incident stats")
    assert "1 incident" in reply.text
    told = str(reply.message)
    assert "Security incidents" in told
    assert "token" not in told
    assert "Payment" not in told
    assert "no incident" in (await world.gus.types("/incident stats service:payment")).text


async def test_pages_at_night_are_counted_by_the_guides_clock(world: World) -> None:
    await world.forward(hours=12)  # past 23:00 in New York
    await world.kim.types("/incident p1 search is slow")
    assert "1 page, 1 of them at night" in (await world.lee.types("/incident stats")).text


async def test_the_first_acknowledgement_counts_though_it_was_raised_later(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    await world.forward(minutes=5)
    await world.ana.types("/incident ack")
    await world.forward(hours=2)
    await world.kim.types("/incident sev p0")
    await world.ana.types("/incident ack")
    assert "acknowledged after 5 min" in (await world.lee.types("/incident stats")).text


def pictures(world: World) -> list[File]:
    """The charts that were posted, oldest first."""
    return [file for file in world.slack.workspace.files if file.shares and file.name.endswith(".png")]


async def test_a_chart_is_posted_where_it_is_asked_for(world: World) -> None:
    await world.kim.types("/incident p0 service:payment checkout is down")
    await world.forward(minutes=4)
    await world.ana.types("/incident ack 1")
    general = world.slack.workspace.find_channel("general")
    general.members.add(world.slack.workspace.identity.bot_user)
    reply = await world.lee.types("/incident stats 30d chart", channel="general")
    assert "The chart comes here in a moment" in reply.text
    await world.settle()
    (chart,) = pictures(world)
    assert (chart.data or b"").startswith(b"\x89PNG")
    assert chart.title == "Incidents of the last 30 d"
    assert "1 incident (1 P0)" in chart.alt_text
    assert "median time to acknowledge 4 min" in chart.alt_text
    (said,) = [message for message in general.messages.values() if message.files]
    assert "Incidents of the last 30 d: 1 incident, acknowledged after 4 min" in said.content.text
    assert "Asked for by lee" in said.content.text


def drawing() -> list[psutil.Process]:
    """The processes that draw for the bot; a database of the tests may be a child, too."""
    living = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
    return [one for one in living if any("drawing" in word for word in one.cmdline())]


async def test_what_draws_stays_for_the_next_chart_and_ends_with_the_bot(world: World) -> None:
    await world.kim.types("/incident p0 service:payment checkout is down")
    for _ in range(2):
        await world.lee.types("/incident stats chart")
        await world.settle()
    assert len(pictures(world)) == 2
    assert len(drawing()) == 1
    await world.stop()
    assert not drawing()


async def test_a_mention_in_a_thread_gets_its_chart_there_once(world: World) -> None:
    await world.kim.types("/incident p0 service:payment checkout is down")
    asked = await world.lee.mentions("stats chart service:payment", thread=world.card())
    await world.settle()
    await world.slack.redeliver(asked)
    await world.settle()
    (chart,) = pictures(world)
    assert "Payment Service" in chart.title
    assert any("Asked for by lee" in said for said in world.card().thread)


async def test_a_chart_says_nothing_of_a_security_incident_but_that_it_was(world: World) -> None:
    await world.kim.types("/incident p0 security: service:payment token leaked")
    await world.kim.types("/incident stats chart")
    await world.settle()
    (chart,) = pictures(world)
    assert "1 incident (1 P0)" in chart.alt_text
    assert "Payment" not in chart.alt_text + chart.title
    assert "nothing to draw" in (await world.kim.types("/incident stats chart service:payment")).text


async def test_where_the_bot_is_no_member_it_says_so_instead(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.lee.types("/incident stats chart", channel="general")
    await world.settle()
    assert "invite the bot" in world.lee.sees[-1]
    assert not pictures(world)


async def test_in_a_private_channel_without_the_bot_it_says_so_to_the_one_who_asked(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    workspace = world.slack.workspace
    workspace.find_channel("general").private = True
    await world.lee.types("/incident stats chart", channel="general")
    await world.settle()
    assert "invite the bot" in world.lee.sees[-1]
    assert not pictures(world)


async def test_guests_have_nothing_posted_and_what_is_empty_is_not_drawn(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    assert "nothing to draw" in (await world.kim.types("/incident stats chart")).text
    await world.kim.types("/incident p0 checkout is down")
    assert "Guests" in (await world.gus.types("/incident stats chart")).text
    assert "not post a chart" in caplog.text
    await world.settle()
    assert not pictures(world)
