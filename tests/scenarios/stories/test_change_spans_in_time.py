"""The message of a window or a freeze says where it stands: ahead, on now, over. Nobody is told by it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.timer import TimerKind
from tests.support.change_stories import a_guide_with_roles
from tests.support.harness import World
from tests.support.spans import span_card

WINDOW = "/change calendar add 2026-03-17 22:00 for 4h Database upgrade"
BEGINS = datetime.fromisoformat("2026-03-17T22:00:00-04:00")
OVER = BEGINS + timedelta(hours=4)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def led(either_world: World) -> World:
    """Lee leads."""
    await either_world.stop()
    await either_world.start(a_guide_with_roles())
    return either_world


async def timers(world: World, number: int) -> int:
    """How many of its times are still to come."""
    span = await world.bot.store.read(lambda tx: tx.spans.by_number(number))
    assert span is not None
    return len(await world.bot.store.read(lambda tx: tx.timers.of(span.id, TimerKind.SPAN)))


async def test_a_window_is_shown_on_and_over_and_can_then_not_be_taken_off(led: World) -> None:
    await led.lee.types(WINDOW)
    card = span_card(led, "W1")
    assert card.says("🛠️ W1 Database upgrade")
    assert not card.says("On now")
    await led.forward_to(BEGINS + MINUTE)
    card = span_card(led, "W1")
    assert card.says("*On now*: ")
    assert card.says("*Major Change* of all services may start.")
    assert card.labels == ["Take off"]
    await led.forward_to(OVER + MINUTE)
    card = span_card(led, "W1")
    assert card.says("☑️ W1 Database upgrade")
    assert card.says("*Over*. It was: ")
    assert card.labels == []
    assert card.thread == [], "nobody is told"
    assert await timers(led, 1) == 0


async def test_a_freeze_that_begins_at_once_says_so_at_once(led: World) -> None:
    await led.lee.types("/change freeze for 2h Black Friday")
    assert span_card(led, "F1").says("*On now*: ")
    assert span_card(led, "F1").labels == ["Lift"]
    await led.forward(hours=2, minutes=1)
    assert span_card(led, "F1").says("*Over*. It was: ")
    assert span_card(led, "F1").labels == []


async def test_what_an_outage_has_missed_is_shown_after_it(led: World) -> None:
    await led.lee.types(WINDOW)
    await led.lee.types("/change freeze for 2h Black Friday")
    await led.outage(hours=72)
    assert span_card(led, "W1").says("*Over*. It was: ")
    assert span_card(led, "F2").says("*Over*. It was: ")
    assert await timers(led, 1) + await timers(led, 2) == 0


async def test_while_slack_is_down_it_waits_and_is_shown_afterwards(led: World) -> None:
    await led.lee.types("/change freeze for 2h Black Friday")
    led.slack.faults.add("down", "*")
    await led.forward(hours=2, minutes=1)
    assert span_card(led, "F1").says("*On now*: ")
    led.slack.faults.clear()
    await led.forward(minutes=10)
    assert span_card(led, "F1").says("*Over*. It was: ")


async def test_what_was_lifted_stays_lifted_when_its_end_comes(led: World) -> None:
    await led.lee.types("/change freeze for 2h Black Friday")
    await led.lee.presses("Lift", card=span_card(led, "F1"))
    assert await timers(led, 1) == 0
    await led.forward(hours=3)
    assert span_card(led, "F1").says("*Lifted*")
    assert not span_card(led, "F1").says("Over")
