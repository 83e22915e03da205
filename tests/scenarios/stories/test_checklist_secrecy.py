"""What people write of the security team's reviews stays in its channel, whatever anybody tries."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.guide import Mention, Roles
from bot.views.checklists.help import CHECKLIST_HELP_EXAMPLES
from tests.support.harness import World, a_staffed_guide
from tests.support.leaks import WORDS, leaks
from tests.support.people import Card
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"
NOTE, REASON, PROBLEM, HOW, OTHER, *_ = WORDS


@pytest.fixture
async def told(world: World, caplog: pytest.LogCaptureFixture) -> AsyncIterator[World]:
    """A security review is under way; at the end nothing that was written of it may have got out."""
    caplog.set_level(logging.DEBUG)
    await world.sam.types("/checklist run security-review", channel=SECURITY)
    await world.sam.types(f"/checklist note 1 {NOTE} is signed in twice", channel=SECURITY)
    await world.sam.types(f"/checklist na 1 {REASON} is away", channel=SECURITY)
    await world.sam.types(f"/checklist problem 2 {PROBLEM} has an old key", channel=SECURITY)
    yield world
    await world.forward(minutes=1)
    records = [one for one in caplog.records if not one.name.startswith(("bot.sandbox", "asyncio", "aiosql"))]
    assert leaks(world, records) == []
    for path in ("/metrics", "/readyz"):
        _, text = await world.get(path)
        assert not [word for word in WORDS if word in text.lower()]


def card(world: World) -> Card:
    return world.run_card("Security Review")


def lines() -> list[str]:
    """All that the help offers, of this run."""
    examples = (example.replace("C12", "C1") for example, _ in CHECKLIST_HELP_EXAMPLES)
    return [example.replace("@ben", "<@U0LEE0001|lee>") for example in examples]


async def test_its_own_channel_shows_it_all(told: World) -> None:
    assert card(told).channel == SECURITY
    assert card(told).says(PROBLEM)
    assert card(told).says(REASON)
    assert any(NOTE in line for line in card(told).thread)
    await told.sam.types("/checklist problems", channel=SECURITY)
    assert PROBLEM in told.sam.sees[-1]
    await told.sam.types("/checklist show C1", channel=SECURITY)
    assert REASON in told.sam.sees[-1]


async def test_outsiders_learn_nothing_by_any_command(told: World) -> None:
    for line in lines():
        await told.kim.types(f"/checklist {line}")
        await told.kim.mentions(f"checklist {line}")
        await told.gus.types(f"/checklist {line}", channel="general")
    assert len(told.kim.sees) == 2 * len(lines())
    assert card(told).says("2 of 3 done"), "nor do they change anything"


async def test_what_is_hidden_says_where_it_is_shown(told: World) -> None:
    await told.kim.types("/checklist show C1")
    assert "Go through the week's security alerts" in told.kim.sees[-1], "the items are the guide's"
    assert "in the security team's channel only" in told.kim.sees[-1]
    await told.kim.types("/checklist problems")
    assert "shown in its own channel only" in told.kim.sees[-1]


async def test_whose_it_is_is_not_told_elsewhere_and_not_denied(told: World) -> None:
    await told.kim.types("/checklist show C1")
    assert "whoever takes it" in told.kim.sees[-1]
    await told.sam.types("/checklist give <@U0LEE0001|lee>", channel=SECURITY)
    assert card(told).says("lee")
    await told.kim.types("/checklist show C1")
    assert "*somebody*" in told.kim.sees[-1]
    assert "lee" not in told.kim.sees[-1]


async def test_who_has_nothing_to_do_with_it_changes_nothing(told: World) -> None:
    reply = await told.kim.types("/checklist done C1 3")
    assert "C1 is the security team's" in reply.text
    reply = await told.sam.types("/checklist done C1 3", channel=SECURITY)
    assert "C1 Security Review is done." in reply.text


async def test_one_of_the_team_asks_in_a_public_channel_and_gets_no_text(told: World) -> None:
    for line in ("", "show C1", "problems", "done C1 2", "solved C1 2", "problem C1 2 again"):
        await told.sam.types(f"/checklist {line}")
        assert not [word for word in WORDS if word in told.sam.sees[-1]]


async def test_wherever_an_incident_for_its_problem_is_declared_it_is_a_security_incident(
    a_world: OpenWorld,
) -> None:
    world = await a_world(
        guide=replace(a_staffed_guide(), roles=Roles(security=Mention(groups=("S0SECURE1",))))
    )
    await world.sam.types("/checklist run security-review", channel=SECURITY)
    workspace = world.slack.workspace
    direct = workspace.direct(workspace.find_user("sam").id)
    world.slack.say("sam", direct.id, f"checklist problem C1 1 {PROBLEM} has an old key")
    await world.settle()
    answer = list(direct.messages.values())[-1]
    [element] = [block["elements"][0] for block in answer.blocks if block["type"] == "actions"]
    await world.slack.click("sam", direct.id, answer.ts, element["action_id"], element["value"])
    assert PROBLEM not in str(world.slack.views("sam")[-1].given), "not even there is it repeated"
    await world.sam.sends(severity="P1", title=f"{OTHER} has an old key", security=[])
    await world.forward(seconds=10)
    assert world.card().channel == SECURITY
    assert leaks(world) == []


async def test_an_incident_for_its_problem_is_a_security_incident(told: World) -> None:
    await told.sam.presses("Problem…", card=card(told))
    await told.sam.sends(item="3", words=f"{OTHER} is vulnerable", declare=["yes"])
    await told.sam.sends(severity="P1")
    await told.forward(seconds=10)
    assert told.card().channel == SECURITY
    assert told.card().says(OTHER)
    assert any("P1 #1" in line for line in card(told).thread)
    await told.sam.types(f"/incident resolve 1 {HOW} is patched", channel=SECURITY)
    await told.forward(seconds=10)
    assert any("was resolved" in line for line in card(told).thread)


async def test_what_is_declared_for_it_stays_secret_though_it_was_closed_meanwhile(told: World) -> None:
    await told.sam.types(f"/checklist problem C1 3 {OTHER} is vulnerable")
    *_, answer = told.slack.ephemerals("sam")
    [button] = [block["elements"][0] for block in answer.content.blocks if block["type"] == "actions"]
    channel = told.slack.workspace.find_channel("platform-alerts").id
    await told.slack.click("sam", channel, answer.ts, button["action_id"], button["value"])
    await told.sam.types(f"/checklist solved C1 3 {HOW}", channel=SECURITY)
    await told.sam.sends(severity="P1", title=f"{OTHER} is vulnerable", security=[])
    await told.forward(seconds=10)
    assert told.card().channel == SECURITY
