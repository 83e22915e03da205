"""What the one who asked reads."""

from __future__ import annotations

from tests.support.harness import World


async def test_a_declaration_says_where_its_card_is(world: World) -> None:
    assert (
        "Its card is in #platform-alerts."
        in (await world.kim.types("/incident p0 checkout is down", channel="general")).text
    )
    assert "Its card" not in (await world.kim.types("/incident p0 search is down")).text, "it is right there"
    assert (
        "Its card is in #security-incidents."
        in (await world.kim.types("/incident p1 security: token leaked")).text
    )


async def test_who_is_paged_once_more_is_paged_again(world: World) -> None:
    reply = await world.kim.types("/incident p2 search is slow")
    assert "On-call Engineer is paged again in 4 h unless somebody acknowledges." in reply.text
    reply = await world.kim.types("/incident p0 checkout is down")
    assert "Team Lead is paged in 15 min unless somebody acknowledges." in reply.text


async def test_what_waits_for_working_time_is_told_by_the_clock(world: World) -> None:
    await world.forward(hours=8)
    reply = await world.kim.types("/incident p3 docs are wrong")
    assert "Platform Team is mentioned on Tue 09:00 EDT unless somebody acknowledges." in reply.text


async def test_a_list_counts_the_security_incidents_that_it_does_not_show(world: World) -> None:
    await world.sam.types("/incident p1 token leaked", channel="security-incidents")
    reply = await world.kim.types("/incident list")
    assert reply.text == "No other incident is open. 1 security incident is open; its channel shows it."
    await world.kim.types("/incident p1 search is slow")
    reply = await world.kim.types("/incident list")
    assert "search is slow" in reply.text
    assert "1 security incident is open; its channel shows it." in reply.text
    assert "token" not in reply.text
    shown = await world.sam.types("/incident list", channel="security-incidents")
    assert "2 open incidents" in shown.text


async def test_a_guest_is_told_at_once_that_a_message_is_not_for_them_to_declare(world: World) -> None:
    message = world.slack.say("kim", "platform-alerts", "customers cannot pay")
    world.slack.workspace.find_channel("platform-alerts").members.add("U0GUS0001")
    await world.slack.shortcut("gus", "platform-alerts", message.ts, "declare_incident")
    await world.settle()
    assert world.slack.views("gus") == []
    assert "Guests and people of other workspaces may look" in world.gus.sees[-1]


async def test_what_was_typed_comes_back_in_one_shape(world: World) -> None:
    for line in ("akc 1", "ack 9", "p7 down", "sev"):
        reply = await world.kim.types(f"/incident {line}")
        assert reply.text.endswith(f"\nYou typed: `/incident {line}`")


async def test_a_refusal_reads_well_in_the_timeline(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.types("/incident sev 1 p0")
    await world.gus.types("/incident ack 1")
    shown = (await world.kim.types("/incident show 1")).message
    assert "ana asked to change the severity of it: refused." in str(shown)
    assert "gus asked to acknowledge it: refused." in str(shown)
