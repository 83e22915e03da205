"""Two people act on one change in the same moment: one outcome, and both are told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from bot.sandbox.slack.delivery import Reply
from tests.support.change_stories import FILLED, TUESDAY, asks
from tests.support.harness import World


async def at_once(world: World, *acts: Awaitable[Reply]) -> list[str]:
    """What each is answered, or sees."""
    replies = await asyncio.gather(*acts)
    await world.settle()
    return [reply.text for reply in replies]


def types(world: World, name: str, line: str) -> Awaitable[Reply]:
    return world.slack.command(name, "platform-alerts", "/change", line)


async def test_of_two_approvals_by_line_one_counts_and_the_other_hears_whose(either_world: World) -> None:
    world = either_world
    await asks(world.ana)
    said = await at_once(world, types(world, "lee", "approve CH1"), types(world, "dia", "approve CH1"))
    [late] = [text for text in said if "Nothing to do" in text]
    [first] = [text for text in said if text != late]
    assert "You have approved CH1, and that is enough." in first
    assert "CH1 is approved by" in late
    approved = [line for line in world.change_card().thread if "Approved by" in line]
    assert len(approved) == 1


async def test_an_approval_that_crosses_an_edit_approves_no_plan_that_nobody_has_read(
    either_world: World,
) -> None:
    world = either_world
    await asks(world.ana)
    await world.ana.types("/change edit CH1")
    edited = {**FILLED, "steps": "All pods at once"}
    approval, _ = await at_once(world, types(world, "lee", "approve CH1"), world.slack.submit("ana", edited))
    assert world.change_card().says("0 of 1")
    if "just been edited" in approval:
        assert "Read its card; the button there approves the plan as it is now." in approval
    else:
        assert "You have approved CH1" in approval
        assert "<@U0LEE0001>" in world.change_card().thread[-1], "whose approval is lost hears of it"
    await world.lee.presses("Approve", card=world.change_card())
    assert world.change_card().says("1 of 1")


async def test_a_button_of_an_earlier_plan_approves_nothing(world: World) -> None:
    await asks(world.ana)
    seen = world.change_card()
    await world.ana.types("/change edit CH1")
    await world.ana.sends(**{**FILLED, "steps": "All pods at once"})
    await world.lee.presses("Approve", card=seen)
    assert (
        "CH1 has been edited since: its plan is another one now. Read its card first." in world.lee.sees[-1]
    )
    assert world.change_card().says("0 of 1")


async def test_a_start_that_crosses_a_freeze_is_before_it_or_not_at_all(either_world: World) -> None:
    world = either_world
    await asks(world.ana)
    await world.lee.types("/change approve CH1")
    await world.ana.types("/change next CH1")
    await world.forward_to(TUESDAY)
    start, freeze = await at_once(
        world, types(world, "ana", "start CH1"), types(world, "dia", "freeze for 2h Audit")
    )
    if "The gate does not let CH1 start" in start:
        assert "F1" in start
        assert world.change_card().loud == []
    else:
        assert "CH1 is being deployed by you" in start
        assert "CH1" in freeze, "who freezes hears of what is running"
        assert any("freeze" in line.lower() for line in world.change_card().thread)


async def test_a_done_that_crosses_a_rollback_ends_no_rollback(either_world: World) -> None:
    world = either_world
    await asks(world.ana, kind="emergency", starts=int(world.clock.now().timestamp()))
    await world.lee.types("/change approve CH1")
    await world.ana.types("/change start CH1")
    await world.ana.types("/change next CH1")
    card = world.change_card()
    action, value = card.find("Done")
    where = (card.message.channel, card.message.ts)
    await at_once(
        world,
        types(world, "lee", "rollback CH1 errors"),
        world.slack.click("ana", *where, action, value),
    )
    [change] = await world.bot.store.read(lambda tx: tx.changes.open())
    assert change.state.value == "rolling_back"
