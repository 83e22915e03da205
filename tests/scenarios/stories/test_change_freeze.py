"""Freezes: nothing is changed while one lasts, but for emergencies."""

from __future__ import annotations

import pytest

from tests.support.change_stories import TUESDAY, a_guide_with_roles, asks, at, started
from tests.support.harness import World
from tests.support.spans import span_card

FREEZE = "/change freeze payment until fri 18:00 Black Friday"


@pytest.fixture
async def led(world: World) -> World:
    """Lee leads."""
    await world.stop()
    await world.start(a_guide_with_roles())
    return world


async def test_a_freeze_is_told_without_mentioning_anybody_and_shuts_the_gate(led: World) -> None:
    await asks(led.ana)
    await led.lee.types("/change approve CH1")
    await led.ana.types("/change next CH1")
    reply = await led.lee.types(FREEZE)
    assert "F1 Black Friday is on the calendar: from now until Fri 18:00 EDT (Payment Service)." in reply.text
    assert "CH1 New checkout is planned for then, and cannot start." in reply.text
    card = span_card(led, "F1")
    assert card.says("No change of *Payment Service* starts, but for emergencies.")
    assert "<@" not in card.text
    assert "<!" not in card.text.replace("<!date", "")
    await led.forward_to(TUESDAY)
    reply = await led.ana.types("/change start CH1")
    assert "F1" in reply.text
    assert not led.change_card().says("Deploying")


async def test_it_is_lifted_and_then_changes_start(led: World) -> None:
    await asks(led.ana)
    await led.lee.types("/change approve CH1")
    await led.ana.types("/change next CH1")
    await led.lee.types(FREEZE)
    await led.forward_to(TUESDAY)
    reply = await led.lee.types("/change unfreeze")
    assert "F1 Black Friday is lifted" in reply.text
    assert span_card(led, "F1").says("Lifted")
    assert span_card(led, "F1").thread[-1].startswith("lee lifted a freeze: Black Friday.")
    await led.ana.types("/change start CH1")
    assert led.change_card().says("Deploy")


async def test_a_freeze_of_another_service_is_in_nobodys_way(led: World) -> None:
    await led.lee.types("/change freeze identity until fri 18:00 Audit")
    await started(led)
    assert led.change_card().says("Deploy")


async def test_what_runs_already_may_go_on_and_its_thread_says_so(led: World) -> None:
    await started(led)
    reply = await led.lee.types("/change freeze until fri 18:00 Black Friday")
    assert "CH1 New checkout is running, and may go on; the thread says so." in reply.text
    line = led.change_card().thread[-1]
    assert line.startswith("lee put a freeze: Black Friday on the calendar, from Tue 14:00 EDT")
    assert "CH1 is running, and may go on." in line
    await led.ana.types("/change next CH1")
    assert led.change_card().says("Validat")


async def test_a_freeze_that_begins_when_it_will_be_over_says_nothing_in_its_thread(led: World) -> None:
    await started(led)
    told = len(led.change_card().thread)
    reply = await led.lee.types("/change freeze from wed 09:00 until fri 18:00 Black Friday")
    assert "is running" not in reply.text
    assert len(led.change_card().thread) == told


async def test_without_a_number_several_freezes_are_named(led: World) -> None:
    reply = await led.lee.types("/change unfreeze")
    assert "No freeze is on the calendar." in reply.text
    await led.lee.types(FREEZE)
    await led.lee.types("/change freeze identity for 2h Audit")
    reply = await led.lee.types("/change unfreeze")
    assert "2 freezes are on the calendar; say which: `unfreeze F1`" in reply.text
    assert "F1 Black Friday, F2 Audit" in reply.text
    reply = await led.lee.types("/change unfreeze W2")
    assert "There is no W2: F2 Audit is a freeze. No window is on the calendar." in reply.text
    reply = await led.lee.types("/change unfreeze F2")
    assert "F2 Audit is lifted" in reply.text


async def test_bad_input_is_told_with_what_is_right(led: World) -> None:
    for line, why in {
        "freeze paymnt until fri 18:00 x": "Did you mean `payment`?",
        "freeze until": "Until when? Type `2026-12-05 22:00`",
        "freeze until christmas": "`christmas` is no time",
        "freeze until fri": "At what time? Type `fri 22:00`.",
        "freeze for ever": "`ever` is no length of time",
        "freeze payment for 2h": "Say why",
        "freeze until 2026-03-01 10:00 x": "ends before it begins",
        "unfreeze F77": "There is no F77. Nothing is on the calendar.",
    }.items():
        reply = await led.lee.types(f"/change {line}")
        assert why in reply.text, line
        assert f"You typed: `/change {line}`" in reply.text


async def test_a_freeze_is_asked_for_in_a_form(led: World) -> None:
    await led.lee.types("/change freeze")
    reply = await led.lee.sends(ends=at("2026-03-20T18:00:00-04:00"), title="Black Friday")
    assert reply.body["response_action"] == "update", "the form says what was done"
    assert span_card(led, "F1").says("No change of *any service* starts, but for emergencies.")
    await led.lee.presses("Lift", card=span_card(led, "F1"))
    assert span_card(led, "F1").says("Lifted")


async def test_a_lead_who_is_none_any_more_lifts_nothing_by_an_old_button(led: World) -> None:
    await led.lee.types(FREEZE)
    await led.ana.presses("Lift", card=span_card(led, "F1"))
    assert "the guide leaves that to the team leads" in led.ana.sees[-1]
    assert span_card(led, "F1").says("No change of *Payment Service* starts")
