"""Home tells of the window and of today's changes."""

from __future__ import annotations

from tests.support.change_stories import TUESDAY, a_guide_with_roles, asks
from tests.support.harness import World
from tests.support.homes import home, opens_home


async def test_home_tells_the_window_a_freeze_and_todays_changes(world: World) -> None:
    await world.stop()
    await world.start(a_guide_with_roles())
    await opens_home(world, world.kim)
    assert "*Standard Change* may start next from" in home(world, world.kim).text
    assert "CH1" not in home(world, world.kim).text
    await asks(world.ana)
    await world.forward_to(TUESDAY)
    await opens_home(world, world.kim)
    seen = home(world, world.kim).text
    assert "🟢 *Standard Change* may start until" in seen
    assert "CH1>* · New checkout · Payment Service" in seen
    await world.lee.types("/change freeze identity for 2h Audit")
    await world.forward(seconds=10)
    await world.refreshes()
    assert "🟢 *Standard Change*" in home(world, world.kim).text, "another service's freeze keeps nobody else"
    await world.lee.types("/change freeze until 18:00 Black Friday")
    await world.forward(seconds=10)
    await world.refreshes()
    assert "🧊 Frozen until" in home(world, world.kim).text
    assert "F2 Black Friday" in home(world, world.kim).text
