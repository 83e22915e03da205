"""Two incidents that are one: the one ends, and goes on in the other."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.domain.guide import Mention, Roles
from tests.support.harness import TEAM_LEAD, World, a_staffed_guide
from tests.support.worlds import OpenWorld


async def two(world: World, first: str = "p1 checkout is slow", second: str = "p1 orders hang") -> None:
    await world.kim.types(f"/incident {first}")
    await world.ana.types(f"/incident {second}")


async def test_the_one_ends_and_the_other_goes_on(either_world: World) -> None:
    world = either_world
    await two(world)
    reply = await world.lee.types("/incident merge 2 into 1")
    assert "P1 #2 was merged into #1 by lee." in reply.text
    assert world.card(2).says("*Merged into another* by *lee*")
    assert world.card(2).labels == ["Reopen"]
    assert [alert.status for alert in world.alerts()] == ["triggered", "resolved"]
    assert "P1 #2 (orders hang, declared by ana) was merged into this one by lee." in world.card(1).thread[-1]
    await world.forward(hours=1)
    assert world.paged() == ["on-call", "on-call", "team-lead"]


async def test_its_card_links_to_the_one_in_which_it_goes_on(world: World) -> None:
    await two(world)
    await world.lee.types("/incident merge 2 into 1")
    card = world.card(1).message
    assert world.card(2).says(f"/archives/{card.channel}/p{card.ts.replace('.', '')}|#1>")


async def test_who_declared_it_is_told_where_it_goes_on(world: World) -> None:
    await two(world)
    await world.lee.types("/incident merge 2 into 1")
    assert "Merged into #1 by lee: it goes on there." in world.card(2).thread[-1]
    assert "<@U0ANA0001>" in world.card(2).thread[-1]


async def test_nobody_is_mentioned_for_merging_their_own(world: World) -> None:
    await two(world)
    await world.ana.types("/incident merge 2 1")
    assert "<@" not in world.card(2).thread[-1]


async def test_in_a_thread_only_the_other_is_named(world: World) -> None:
    await two(world)
    await world.lee.mentions("merge into 1", thread=world.card(2))
    assert world.card(2).says("Merged into another")


async def test_by_the_cards_menu(world: World) -> None:
    await two(world)
    await world.lee.does_more("merge", "the first", card=world.card(2))
    assert "Write its number" in world.slack.views("lee")[-1].errors["words"]
    await world.lee.sends(what="merge", words="#1")
    assert world.card(2).says("Merged into another")


async def test_a_merge_that_is_delivered_twice_is_told_once(world: World) -> None:
    await two(world)
    await world.lee.types("/incident merge 2 into 1")
    told = len(world.card(1).thread)
    await world.slack.redeliver()
    await world.settle()
    assert len(world.card(1).thread) == told


async def test_a_bot_that_dies_after_it_tells_both_when_it_is_back(world: World) -> None:
    await two(world)
    world.slack.faults.add("error", "chat.update", error="internal_error")
    world.slack.faults.add("error", "chat.postMessage", error="internal_error")
    await world.lee.types("/incident merge 2 into 1")
    await world.stop()
    world.slack.faults.clear()
    await world.start()
    await world.forward(minutes=2)
    assert world.card(2).says("Merged into another")
    assert len([line for line in world.card(1).thread if "was merged into this one" in line]) == 1


async def test_reopening_undoes_it(world: World) -> None:
    await two(world)
    await world.lee.types("/incident merge 2 into 1")
    await world.ana.presses("Reopen", card=world.card(2))
    await world.forward(seconds=10)  # Slack takes one message a second
    assert world.card(2).says("Not acknowledged")
    assert world.paged() == ["on-call", "on-call", "on-call"]
    told = "P1 #2 (orders hang) was reopened by ana: it goes on by itself again."
    assert told in world.card(1).thread[-1]
    await world.ana.types("/incident resolve 2")
    await world.forward(seconds=10)
    await world.ana.types("/incident reopen 2")
    await world.forward(seconds=10)
    assert sum(told in line for line in world.card(1).thread) == 1
    assert told in (await world.kim.types("/incident timeline 1")).text


async def test_the_worse_one_is_not_hidden_in_a_lesser_one(world: World) -> None:
    await two(world, "p2 checkout is slow", "p0 orders hang")
    reply = await world.lee.types("/incident merge 2 into 1")
    assert "#2 is P0, #1 only P2: raise that first (`sev 1 p0`)" in reply.text
    assert "`merge 1 into 2`" in reply.text
    assert world.card(2).says("Not acknowledged")


async def test_what_makes_no_sense_is_refused_and_says_why(world: World) -> None:
    await two(world)
    assert "cannot be merged into itself" in (await world.lee.types("/incident merge 2 into 2")).text
    assert "There is no incident #9" in (await world.lee.types("/incident merge 2 into 9")).text
    await world.lee.types("/incident resolve 1")
    assert (
        "Nothing goes on there: P1 #1 was resolved"
        in (await world.lee.types("/incident merge 2 into 1")).text
    )
    assert "Cannot merge it: P1 #1 was resolved" in (await world.lee.types("/incident merge 1 into 2")).text
    assert "Which one into which?" in (await world.lee.types("/incident merge 2")).text


async def test_security_incidents_and_drills_keep_to_themselves(world: World) -> None:
    await world.sam.types("/incident p1 token leaked", channel="security-incidents")
    await world.kim.types("/incident p1 checkout is slow")
    await world.kim.types("/incident drill p1 checkout is slow")
    reply = await world.sam.types("/incident merge 1 into 2", channel="security-incidents")
    assert "merged with security incidents only" in reply.text
    reply = await world.sam.types("/incident merge 2 into 1", channel="security-incidents")
    assert "merged with security incidents only" in reply.text
    assert "#1 is a security incident" in (await world.kim.types("/incident merge 2 into 1")).text
    assert "merged with drills only" in (await world.kim.types("/incident merge 3 into 2")).text


async def test_only_who_may_end_one_may_merge_it(a_world: OpenWorld) -> None:
    roles = Roles(responders=Mention(groups=(TEAM_LEAD,)))
    world = await a_world(guide=replace(a_staffed_guide(), roles=roles))
    await two(world)
    assert "You may not merge an incident" in (await world.kim.types("/incident merge 2 into 1")).text
    assert world.card(2).says("Not acknowledged")


async def test_two_who_merge_the_same_ones_crosswise_at_once_leave_one_open(either_world: World) -> None:
    world = either_world
    await two(world)
    await asyncio.gather(
        world.slack.command("lee", "platform-alerts", "/incident", "merge 2 into 1"),
        world.slack.command("ana", "platform-alerts", "/incident", "merge 1 into 2"),
    )
    await world.settle()
    assert sorted(world.card(number).says("Merged into another") for number in (1, 2)) == [False, True]
