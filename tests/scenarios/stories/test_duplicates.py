"""The same thing, declared twice: it is declared all the same, and people are asked."""

from __future__ import annotations

from dataclasses import replace

from tests.support.harness import World, a_staffed_guide
from tests.support.people import readable
from tests.support.worlds import OpenWorld


def asked(world: World, number: int) -> list[str]:
    return [line for line in world.card(number).thread if line.startswith("Same as")]


async def test_who_declares_it_again_is_asked_and_it_is_declared_all_the_same(world: World) -> None:
    await world.kim.types("/incident p1 checkout is slow")
    await world.forward(minutes=6)
    reply = await world.ana.types("/incident p1 the checkout times out")
    assert "P1 #2 is declared: the checkout times out." in reply.text
    assert "Same as P1 #1 (checkout is slow), declared 6 min ago?" in reply.text
    assert "`/incident merge 2 into 1`" in reply.text
    assert reply.message is not None
    assert "Merge #2 into #1" in str(reply.message)
    assert len(asked(world, 2)) == 1
    assert asked(world, 1) == []
    assert world.paged() == ["on-call", "on-call"]


async def test_the_question_has_a_button_in_the_new_ones_thread(world: World) -> None:
    await world.kim.types("/incident p1 checkout is slow")
    await world.ana.types("/incident p1 checkout times out")
    (line,) = [one for one in world.slack.messages if readable(one.content).startswith("Same as")]
    button = line.blocks[-1]["elements"][0]
    await world.slack.click("ana", line.channel, line.ts, button["action_id"], button["value"])
    await world.settle()
    assert world.card(2).says("*Merged into another* by *ana*")
    assert [alert.status for alert in world.alerts()] == ["triggered", "resolved"]


async def test_a_question_that_was_answered_says_so_to_the_next_who_presses(world: World) -> None:
    await world.kim.types("/incident p1 checkout is slow")
    await world.ana.types("/incident p1 checkout times out")
    (line,) = [one for one in world.slack.messages if readable(one.content).startswith("Same as")]
    button = line.blocks[-1]["elements"][0]
    for name in ("ana", "lee"):
        await world.slack.click(name, line.channel, line.ts, button["action_id"], button["value"])
        await world.settle()
    assert "P1 #2 was merged into #1 by ana" in world.lee.sees[-1]


async def test_the_worse_one_goes_on(world: World) -> None:
    await world.kim.types("/incident p2 checkout is slow")
    reply = await world.ana.types("/incident p0 checkout is down")
    assert "`/incident merge 1 into 2`" in reply.text


async def test_what_is_down_elsewhere_is_not_the_same(world: World) -> None:
    await world.kim.types("/incident p1 checkout is down")
    reply = await world.ana.types("/incident p1 search is down")
    assert "Same as" not in reply.text
    assert asked(world, 2) == []


async def test_the_same_service_is_asked_about(world: World) -> None:
    await world.kim.types("/incident p1 service:payment cards are refused")
    reply = await world.ana.types("/incident p1 service:payment orders hang")
    assert "Same as P1 #1 (cards are refused)" in reply.text


async def test_what_is_over_or_too_long_ago_is_not_asked_about(world: World) -> None:
    await world.kim.types("/incident p3 checkout is slow")
    await world.forward(hours=2)
    assert "Same as" not in (await world.ana.types("/incident p3 checkout is slow")).text
    await world.ana.types("/incident resolve 2")
    await world.forward(minutes=1)
    assert "Same as" not in (await world.ana.types("/incident p3 checkout is slow")).text


async def test_a_guide_may_ask_never(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    world = await a_world(guide=replace(guide, incidents=replace(guide.incidents, same_within=None)))
    await world.kim.types("/incident p1 checkout is slow")
    assert "Same as" not in (await world.ana.types("/incident p1 checkout is slow")).text


async def test_a_drill_is_not_the_same_as_the_real_thing(world: World) -> None:
    await world.kim.types("/incident p1 checkout is down")
    reply = await world.ana.types("/incident drill p1 checkout is down")
    assert "Same as" not in reply.text


async def test_of_security_incidents_only_their_channel_is_asked(world: World) -> None:
    await world.sam.types("/incident p1 token leaked", channel="security-incidents")
    reply = await world.kim.types("/incident p1 security: token leaked")
    assert "Same as" not in reply.text, "kim may not know of the other one"
    assert len(asked(world, 2)) == 1
    assert world.card(2).channel == "security-incidents"
    reply = await world.kim.types("/incident p1 token expired")
    assert "Same as" not in reply.text


async def test_the_form_asks_too(world: World) -> None:
    await world.kim.types("/incident p1 checkout is slow")
    await world.ana.types("/incident p1")
    await world.ana.sends(title="checkout hangs")
    assert "Same as P1 #1 (checkout is slow)" in str(world.slack.views("ana")[-1].given)


async def test_a_declaration_that_is_delivered_twice_asks_once(world: World) -> None:
    await world.kim.types("/incident p1 checkout is slow")
    await world.ana.types("/incident p1 checkout hangs")
    await world.slack.redeliver()
    await world.settle()
    assert len(asked(world, 2)) == 1
