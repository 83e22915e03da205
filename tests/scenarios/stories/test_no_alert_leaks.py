"""A security alert's words stay in its channel, whatever anybody asks `/alerts` for."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from bot.views.alert_help import ALERT_HELP_EXAMPLES
from tests.support.builders import new_york
from tests.support.harness import World
from tests.support.homes import opens_home
from tests.support.leaks import WORDS, leaks

SECURITY = "security-incidents"
TITLE, REASON = WORDS[0], WORDS[1]
EXAMPLES = [example for example, _ in ALERT_HELP_EXAMPLES]


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[list[logging.LogRecord]]:
    """Everything that is logged, at every level."""
    caplog.set_level(logging.DEBUG)
    yield caplog.records  # noqa: PT022 - the fixture's own records are only there while it is open


@pytest.fixture
async def told(world: World, logs: list[logging.LogRecord]) -> AsyncIterator[World]:
    """A world in which a security alert fires; at the end nothing of it may have got out."""
    await world.sums_up()
    await world.fires(
        f"{TITLE}Found", team="security-team", pod=f"{TITLE}-1", annotations={"summary": f"the {TITLE} leaks"}
    )
    await world.forward(seconds=10)
    assert world.alert_card(1).says(TITLE)
    assert (await opens_home(world, world.kim)).says("Security ")
    yield world
    await world.forward(seconds=30)
    for outsider in (world.kim, world.gus):
        await opens_home(world, outsider)
    ours = [one for one in logs if not one.name.startswith(("bot.sandbox", "asyncio", "aiosqlite"))]
    assert leaks(world, ours) == []
    for path in ("/metrics", "/readyz"):
        _, text = await world.get(path)
        assert not [word for word in WORDS if word in text.lower()]


def _about_it(example: str) -> str:
    return re.sub(r"\bA\d+\b", "A1", example)


@pytest.mark.parametrize("example", EXAMPLES)
async def test_no_line_tells_an_outsider(told: World, example: str) -> None:
    line = _about_it(example)
    for who, channel in ((told.kim, "platform-alerts"), (told.gus, "general")):
        reply = await who.types(f"/alerts {line}", channel=channel)
        assert reply.text or reply.body in {None, ""}
    await told.kim.mentions(f"{line}")
    await told.forward(seconds=5)
    await told.kim.types("/alerts")
    await told.kim.types("/alerts show A1")


@pytest.mark.parametrize("example", EXAMPLES)
async def test_no_line_of_the_team_tells_outsiders(told: World, example: str) -> None:
    line = _about_it(example).replace("deploy goes on", f"we {REASON} it")
    await told.sam.types(f"/alerts {line}", channel=SECURITY)
    await told.sam.mentions(line, thread=told.alert_card(1))
    await told.forward(seconds=5)
    for asked in ("", "silences", "show A1", "noisy", "storm", "p1"):
        await told.kim.types(f"/alerts {asked}")


async def test_a_whole_life_is_told_in_its_channel_alone(told: World) -> None:
    for line in ("escalate A1", "ack A1", "unack A1", f"silence A1 30m we {REASON} it"):
        await told.sam.types(f"/alerts {line}", channel=SECURITY)
        await told.forward(minutes=1)
    await told.forward(hours=1)
    await told.looks()
    assert "Security alert A1" in told.pages()[0].summary
    await told.resolves(f"{TITLE}Found", team="security-team")
    await told.forward_to(new_york(2026, 3, 17, 9, 0) + timedelta(minutes=1))
    await told.sums_up()
    for asked in ("", "silences", "show A1", "noisy 7d"):
        await told.kim.types(f"/alerts {asked}")
    assert f"{TITLE}Found" in str((await told.sam.types("/alerts noisy", channel=SECURITY)).body)
