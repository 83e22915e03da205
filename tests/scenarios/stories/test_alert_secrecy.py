"""What a security alert says stays in its channel, whatever anybody does with it."""

from __future__ import annotations

import logging

import pytest

from bot.views.alert_help import ALERT_HELP_EXAMPLES
from tests.support.harness import World, a_staffed_guide
from tests.support.leaks import leaks
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"
LABELS = {"team": "security-team", "service": "payment", "severity": "critical", "host": "quagga-7"}
SAID = {"summary": "okapi logged in as root", "runbook_url": "https://dugong.example/book"}


def the_bots(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What the bot itself has logged: stand-ins log what is said to them."""
    others = ("bot.sandbox", "asyncio", "aiosqlite", "aiohttp")
    return [record for record in caplog.records if not record.name.startswith(others)]


async def fired(world: World) -> None:
    """A security alert fires, with words that nobody else may read."""
    await world.fires("ZebraLogin", annotations=SAID, **LABELS)
    await world.forward(seconds=3)


async def lives(world: World) -> None:
    """All that can become of it, with both vendors failing on the way."""
    world.pagerduty.faults.add("status", "events", count=3)
    world.slack.faults.add("error", "chat.postMessage", error="internal_error", count=2)
    for label in ("Acknowledge", "Unacknowledge", "Escalate now", "Silence 1 h", "End silence"):
        await world.sam.presses(label, card=world.alert_card())
        await world.forward(minutes=2)
    await world.resolves("ZebraLogin", host="quagga-7")
    await world.fires("ZebraLogin", annotations=SAID, **LABELS)
    await world.forward(hours=3)
    await world.resolves("ZebraLogin", host="quagga-7")
    await world.forward(minutes=2)


async def test_its_people_read_it_and_nobody_else_does(
    either_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = either_world
    caplog.set_level(logging.INFO)
    await fired(world)
    assert world.alert_card().channel == SECURITY
    assert world.alert_card().says("okapi logged in as root")
    assert world.alert_card().says("host=quagga-7")
    await lives(world)
    assert world.paged(), "it was escalated"
    assert leaks(world, the_bots(caplog)) == []
    _, metrics = await world.get("/metrics")
    assert "zebra" not in metrics.lower()


@pytest.mark.parametrize("example", [example for example, _ in ALERT_HELP_EXAMPLES])
async def test_no_command_tells_an_outsider(world: World, example: str) -> None:
    await fired(world)
    line = example.replace("A12", "A1").replace("A13", "A1")
    await world.kim.types(f"/alerts {line}")
    await world.gus.types(f"/alerts {line}", channel="general")
    await world.forward(seconds=5)
    assert leaks(world) == []


async def test_in_a_public_channel_its_whole_life_tells_nothing(
    a_world: OpenWorld, caplog: pytest.LogCaptureFixture
) -> None:
    world = await a_world(started=False, guide=a_staffed_guide())
    world.slack.workspace.find_channel(SECURITY).private = False
    await world.start()
    await fired(world)
    assert world.alert_card().labels == ["Acknowledge"]
    await world.sam.presses("Acknowledge", card=world.alert_card())
    await world.sam.types("/alerts unack A1", channel=SECURITY)
    await world.sam.types("/alerts escalate A1", channel=SECURITY)
    await world.forward(hours=2)
    await world.resolves("ZebraLogin", host="quagga-7")
    await world.forward(minutes=2)
    assert world.alert_card().says("✅ *Resolved · Security alert A1*")
    assert leaks(world, the_bots(caplog)) == []
