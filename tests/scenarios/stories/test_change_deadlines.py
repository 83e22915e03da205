"""What time does to a change: its start comes, it takes too long, approvals expire, nobody starts it."""

from __future__ import annotations

from datetime import timedelta

from tests.support.change_stories import TUESDAY, asks
from tests.support.harness import World


async def test_whose_start_has_come_is_told_so_and_what_the_gate_has_against_it(world: World) -> None:
    await asks(world.ana)
    await world.lee.types("/change approve CH1")
    await world.ana.types("/change next CH1")
    await world.dia.types("/change freeze until tomorrow 18:00 Audit")
    await world.forward_to(TUESDAY)
    line = world.change_card().thread[-1]
    assert "<@U0ANA0001>" in line
    assert "F1" in line
    assert world.change_card().loud == []


async def test_a_change_that_takes_too_long_is_told_loudly_to_who_leads_it_once_an_hour(world: World) -> None:
    await asks(world.ana)
    await world.lee.types("/change approve CH1")
    await world.ana.types("/change next CH1")
    await world.forward_to(TUESDAY)
    await world.lee.types("/change start CH1")
    await world.forward(minutes=29)
    assert len(world.change_card().loud) == 1
    await world.forward(minutes=2)
    assert len(world.change_card().loud) == 2
    assert "<@U0LEE0001>" in world.change_card().loud[-1]
    await world.stop()
    world.clock.advance(hours=3)
    await world.start()
    await world.settle()
    assert len(world.change_card().loud) == 3, "an outage is caught up with once"


async def test_an_approval_that_expires_is_told_to_who_asked(world: World) -> None:
    await asks(world.ana, starts=int((TUESDAY + timedelta(days=9)).timestamp()))
    await world.lee.types("/change approve CH1")
    await world.forward(days=7, seconds=5)
    assert "approvals have expired" in world.change_card().thread[-1]
    assert "<@U0ANA0001>" in world.change_card().thread[-1]
    assert world.change_card().says("0 of 1")


async def test_what_nobody_starts_expires(world: World) -> None:
    await asks(world.ana)
    await world.forward(days=8, hours=4)
    assert world.change_card().says("never started")
    assert "Approve" not in world.change_card().labels


async def test_a_start_that_came_in_a_short_outage_is_told_and_one_of_long_ago_is_not(world: World) -> None:
    await asks(world.ana)
    await asks(world.ana, title="Another one", starts=int((TUESDAY + timedelta(hours=1)).timestamp()))
    await world.lee.types("/change approve CH1")
    await world.forward_to(TUESDAY - timedelta(minutes=1))
    await world.outage(hours=1, minutes=30)
    assert not any("planned for now" in line for line in world.change_card(1).thread)
    assert "1 approval is missing" in world.change_card(2).thread[-1]
