"""Who may be for a change, or against it, and what becomes of it then."""

from __future__ import annotations

import asyncio

from bot.views.changes.buttons import APPROVE
from tests.support.change_stories import a_guide_with_roles, asks, wrong
from tests.support.harness import World
from tests.support.worlds import OpenWorld


async def test_one_approval_is_enough_for_a_standard_change(world: World) -> None:
    await asks(world.ana)
    await world.lee.presses("Approve", card=world.change_card())
    assert world.change_card().says("lee")
    assert world.change_card().says("1 of 1")
    assert "lee" in world.change_card().thread[-1]
    assert "<@U0ANA0001>" in world.change_card().thread[-1], "whoever asked waits for it"
    assert world.lee.sees == [], "the card says it"


async def test_a_line_approves_with_a_note(world: World) -> None:
    await asks(world.ana)
    reply = await world.lee.types("/change approve CH1 watch the queue")
    assert "CH1" in reply.text
    assert "watch the queue" in world.change_card().thread[-1]


async def test_nobody_approves_their_own(world: World) -> None:
    await asks(world.ana)
    await world.ana.presses("Approve", card=world.change_card())
    assert "CH1 is your own: somebody else has to approve it." in world.ana.sees[-1]
    reply = await world.ana.types("/change approve")
    assert "your own" in reply.text
    assert world.change_card().says("0 of 1")


async def test_a_major_change_needs_two_and_each_counts_once(world: World) -> None:
    await asks(world.ana, kind="major")
    await world.lee.types("/change approve CH1")
    assert world.change_card().says("1 of 2")
    reply = await world.lee.types("/change approve CH1")
    assert "You have approved CH1 already" in reply.text
    await world.dia.types("/change approve CH1")
    assert world.change_card().says("2 of 2")
    reply = await world.sam.types("/change approve CH1")
    assert "Nothing to do: CH1 is approved by lee, dia." in reply.text


async def test_only_the_guides_approvers_approve_and_reject(a_world: OpenWorld) -> None:
    world = await a_world(guide=a_guide_with_roles())
    await asks(world.ana)
    reply = await world.kim.types("/change approve CH1")
    assert "the guide leaves that to its approvers" in reply.text
    reply = await world.kim.types("/change reject CH1 no")
    assert "the guide leaves that to its approvers" in reply.text
    await world.kim.presses("Reject", card=world.change_card())
    assert "the guide leaves that to its approvers" in world.kim.sees[-1]
    assert world.slack.views("kim") == [], "they are told before they fill it in"
    await world.dia.types("/change approve CH1")
    assert world.change_card().says("1 of 1")


async def test_guests_only_look(world: World) -> None:
    await asks(world.ana)
    await world.gus.presses("Approve", card=world.change_card())
    assert "Guests" in world.gus.sees[-1]
    for line in ("approve", "reject no", "next", "start", "done", "rollback", "cancel", "note x", "edit"):
        reply = await world.gus.types(f"/change {line}")
        assert "Guests" in reply.text, line
    reply = await world.gus.types("/change show CH1")
    assert "New checkout" in reply.text
    assert world.change_card().says("0 of 1")


async def test_it_is_rejected_with_a_reason_and_whoever_asked_hears(world: World) -> None:
    await asks(world.ana)
    reply = await world.lee.types("/change reject CH1")
    assert "Why? `reject CH1" in reply.text
    await world.lee.presses("Reject", card=world.change_card())
    await world.lee.sends(words="not on a Tuesday")
    assert world.change_card().says("Rejected")
    assert "not on a Tuesday" in world.change_card().thread[-1]
    assert "<@U0ANA0001>" in world.change_card().thread[-1]
    reply = await world.dia.types("/change approve CH1")
    assert "Nothing to do: CH1 was rejected by lee" in reply.text


async def test_another_plan_is_approved_anew(world: World) -> None:
    await asks(world.ana)
    await world.lee.types("/change approve CH1")
    await world.ana.types("/change edit CH1")
    await world.ana.sends(steps="All pods at once")
    assert world.change_card().says("0 of 1")
    assert "<@U0LEE0001>" in world.change_card().thread[-1], "whose approval counts no more"
    reply = await world.ana.types("/change next CH1")
    assert "lacks 1 approval" in reply.text


async def test_the_button_of_an_earlier_plan_approves_nothing(world: World) -> None:
    await asks(world.ana)
    earlier = world.change_card()
    await world.ana.types("/change edit CH1")
    await world.ana.sends(steps="All pods at once")
    await world.lee.presses("Approve", card=earlier)
    assert "has been edited since" in world.lee.sees[-1]
    assert world.change_card().says("0 of 1")


async def test_a_rejection_of_an_earlier_plan_rejects_nothing(world: World) -> None:
    await asks(world.ana)
    await world.lee.presses("Reject", card=world.change_card())
    await world.ana.types("/change edit CH1")
    await world.ana.sends(steps="Canary for a day")
    reply = await world.lee.sends(words="no canary")
    assert "has been edited since" in str(wrong(reply))
    assert not world.change_card().says("Rejected")


async def test_two_who_approve_at_once_are_both_counted_and_it_is_told_once(either_world: World) -> None:
    world = either_world
    await asks(world.ana, kind="major")
    card = world.change_card()
    action, value = card.find("Approve")
    assert action == APPROVE
    where = (card.message.channel, card.message.ts)
    await asyncio.gather(*(world.slack.click(name, *where, action, value) for name in ("lee", "dia")))
    await world.settle()
    assert world.change_card().says("2 of 2")
    assert len([line for line in world.change_card().thread if "<@U0ANA0001>" in line]) == 1


async def test_a_button_that_comes_again_counts_once(world: World) -> None:
    await asks(world.ana, kind="major")
    pressed = await world.lee.presses("Approve", card=world.change_card())
    await world.slack.redeliver(pressed)
    await world.settle()
    assert world.change_card().says("1 of 2")
    assert world.lee.sees == []


async def test_approvals_expire_and_whoever_asked_is_told(world: World) -> None:
    await asks(world.ana)
    await world.lee.types("/change approve CH1")
    await world.forward(days=7, minutes=1)
    assert world.change_card().says("0 of 1")
    assert any("approvals have expired" in line for line in world.change_card().thread)
