"""A security incident's words stay in its channel, whatever anybody tries, whichever way they could go."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from bot.domain.guide import Guide, Mention, Roles
from bot.domain.severity import Severity
from bot.views.checklists.help import CHECKLIST_HELP_EXAMPLES
from bot.views.help import HELP_EXAMPLES
from bot.views.slo.help import SLO_HELP_EXAMPLES
from tests.support.harness import World, a_staffed_guide
from tests.support.homes import opens_home
from tests.support.leaks import WORDS, leaks
from tests.support.people import OPS, readable
from tests.support.rooms import with_rooms
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"
TITLE, UPDATE, MITIGATED, RESOLVED, CANCELLED, OTHER, IMPACT, NOTE = WORDS


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[list[logging.LogRecord]]:
    """Everything that is logged, at every level."""
    caplog.set_level(logging.DEBUG)
    yield caplog.records  # noqa: PT022 - the fixture's own records are only there while it is open


@pytest.fixture(params=[False, True], ids=["in the channel", "in a room"])
async def told(
    request: pytest.FixtureRequest, a_world: OpenWorld, logs: list[logging.LogRecord]
) -> AsyncIterator[World]:
    """A world in which a security incident is under way; at the end nothing of it may have got out."""
    world = await a_world(guide=_with_rooms() if request.param else a_staffed_guide())
    await world.sam.types(f"/incident p0 {TITLE} token leaked", channel=SECURITY)
    await world.forward(minutes=1)
    assert (await opens_home(world, world.kim)).says("Security ")
    yield world
    await world.forward(minutes=1)
    for outsider in (world.kim, world.gus):
        await opens_home(world, outsider)
    assert leaks(world, [record for record in logs if _is_the_bots(record)]) == []
    for path in ("/metrics", "/readyz"):
        _, text = await world.get(path)
        assert not [word for word in WORDS if word in text.lower()]


def _with_rooms() -> Guide:
    """The guide, which gives every P0 a room, and names the security team."""
    return replace(with_rooms(Severity.P0), roles=Roles(security=Mention(groups=("S0SECURE1",))))


def _is_the_bots(record: logging.LogRecord) -> bool:
    """Whether the bot itself would have logged it: tests and stand-ins log what is said to them."""
    return not record.name.startswith(("bot.sandbox", "asyncio", "aiosqlite"))


def _about_the_first(example: str) -> str:
    return re.sub(r"\b4[12]\b", "1", example)


def _secretly(example: str) -> str:
    """An example as the security team would type it: with words that must stay among them."""
    return f"{_about_the_first(example)} {OTHER}"


async def _writes_alone(world: World, name: str, text: str) -> None:
    """Say something to the bot in the direct message with it."""
    workspace = world.slack.workspace
    world.slack.say(name, workspace.direct(workspace.find_user(name).id).id, text)
    await world.settle()


EXAMPLES = [example for example, _ in HELP_EXAMPLES]
ELSEWHERE = {
    "checklist": [example for example, _ in CHECKLIST_HELP_EXAMPLES],
    "slo": [example for example, _ in SLO_HELP_EXAMPLES],
}
"""What the other commands take, by their word."""


@pytest.mark.parametrize("told", [True], indirect=True, ids=["in a room"])
@pytest.mark.parametrize("example", EXAMPLES)
async def test_no_command_tells_an_outsider(told: World, example: str) -> None:
    line = _about_the_first(example)
    await told.kim.types(f"/incident {line}")
    await told.kim.mentions(line)
    await told.gus.types(f"/incident {line}", channel="general")
    await _writes_alone(told, "kim", line)
    await told.forward(seconds=5)
    assert told.kim.sees, "there was an answer to look at"


@pytest.mark.parametrize("told", [False], indirect=True, ids=["in the channel"])
@pytest.mark.parametrize("example", EXAMPLES)
async def test_no_command_of_the_team_tells_outsiders(told: World, example: str) -> None:
    await told.sam.types(f"/incident {_secretly(example)}", channel=SECURITY)
    await told.forward(seconds=5)
    await told.kim.types("/incident list")
    await told.kim.types("/incident show 1")


@pytest.mark.parametrize("told", [True], indirect=True, ids=["in a room"])
@pytest.mark.parametrize("word", sorted(ELSEWHERE))
async def test_no_other_command_tells_an_outsider(told: World, word: str) -> None:
    await told.sam.types("/checklist run security-review", channel=SECURITY)
    await told.sam.types(f"/checklist problem 1 {OTHER} has an old key", channel=SECURITY)
    for example in ELSEWHERE[word]:
        line = f"{word} {example.replace('C12', 'C1')}".rstrip()
        await told.kim.types(f"/{line}")
        await told.kim.mentions(line)
        await told.gus.types(f"/{line}", channel="general")
        await _writes_alone(told, "kim", line)
    await told.forward(seconds=5)
    assert told.kim.sees, "there was an answer to look at"


async def test_a_whole_life_tells_nobody(told: World) -> None:
    await _lives(told)


async def test_a_whole_life_in_a_room_of_its_own_tells_nobody(
    a_world: OpenWorld, logs: list[logging.LogRecord]
) -> None:
    world = await a_world(guide=with_rooms(Severity.P0, Severity.P1))
    await world.sam.types(f"/incident p0 {TITLE} token leaked", channel=SECURITY)
    assert world.card().channel == "inc-1-security"
    await world.sam.types(f"/incident p1 {OTHER} token, too", channel="inc-1-security")
    await world.sam.types(f"/incident update the {UPDATE} key", channel="inc-1-security")
    await world.kim.types("/incident show 1")
    await world.kim.types("/incident list")
    await _goes_on(world)
    await world.sam.types(f"/incident resolve 2 {RESOLVED}", channel=SECURITY)  # or it pages for days
    await _ends(world)
    assert leaks(world, [record for record in logs if _is_the_bots(record)]) == []


async def _lives(world: World) -> None:
    await _goes_on(world)
    await _ends(world)


async def _goes_on(world: World) -> None:
    world.pagerduty.faults.add("status", "events", count=4)
    world.slack.faults.add("error", "chat.postMessage", error="internal_error", count=2)
    await world.forward(minutes=70)
    await world.sam.types(f"/incident update 1 the {UPDATE} key is revoked", channel=SECURITY)
    await world.sam.presses("Acknowledge", card=world.card(1))
    await world.sam.types("/incident role 1 scribe <@U0DIA0001|dia>", channel=SECURITY)
    await world.sam.types(f"/incident impact 1 {IMPACT}", channel=SECURITY)
    await world.sam.types(f"/incident note 1 {NOTE}", channel=SECURITY)
    await world.sam.types("/incident escalate 1", channel=SECURITY)
    await world.sam.types("/incident sev 1 p1", channel=SECURITY)
    await world.sam.types("/incident sev 1 p0", channel=SECURITY)
    await world.forward(hours=3)
    await world.sam.types(f"/incident mitigate 1 {MITIGATED}", channel=SECURITY)
    await world.sam.types(f"/incident resolve 1 {RESOLVED}", channel=SECURITY)


async def _ends(world: World) -> None:
    await world.forward(days=10)
    await world.sam.types("/incident reopen 1", channel=SECURITY)
    await world.sam.types(f"/incident cancel 1 {CANCELLED}", channel=SECURITY)
    await world.forward(minutes=10)


async def test_one_of_the_team_asks_in_a_public_channel_and_gets_no_text(told: World) -> None:
    before = len(told.sam.sees)
    bot = told.slack.workspace.identity.bot_user
    for line in ("list", "show 1", "timeline 1", "export 1", "export 1 json", "postmortem 1", "items 1"):
        await told.sam.types(f"/incident {line}")
        await told.sam.mentions(line)
        await _writes_alone(told, "sam", line)
    await told.forward(seconds=10)
    alone = told.slack.workspace.direct(told.slack.workspace.find_user("sam").id)
    assert TITLE not in str([one.to_json() for one in alone.messages.values() if one.user == bot])
    assert not [text for text in told.sam.sees[before:] if TITLE in text]


async def test_what_is_pinned_marked_and_written_in_its_thread_stays_there(told: World) -> None:
    where, thread = told.card().message.channel, told.card().message.ts
    said = told.slack.say("sam", where, f"the {NOTE} was copied", thread_ts=thread)
    await told.settle()
    told.slack.react("sam", where, said.ts, "memo")
    told.slack.pin("sam", where, said.ts)
    await told.settle()
    told.slack.edit("sam", where, said.ts, f"the {OTHER} was copied")
    await told.sam.mentions(f"update the {UPDATE} key is revoked", thread=told.card())
    await told.sam.mentions("timeline", thread=told.card())
    await told.forward(seconds=10)
    for line in ("timeline 1", "show 1", "list"):
        await told.kim.types(f"/incident {line}")


async def test_an_outsider_who_declares_in_the_form_reads_no_more_than_they_have_written(
    told: World,
) -> None:
    await told.kim.types("/incident")
    values = {"severity": "P0", "title": "token leaked", "impact": "", "security": ["yes"]}
    await told.slack.submit("kim", values)
    await told.forward(seconds=10)
    await told.kim.types("/incident list")
    await told.kim.types("/incident show 2")


async def test_a_similar_one_is_declared_by_an_outsider(told: World) -> None:
    reply = await told.kim.types("/incident p0 token leaked")
    await told.forward(seconds=10)
    assert "#1" not in reply.text
    shown = json.dumps([message.to_json() for message in told.slack.messages_in(OPS)])
    assert "#1" not in shown


async def test_a_title_with_a_word_for_security_is_told_nowhere_from_the_beginning(world: World) -> None:
    await world.kim.types(f"/incident p0 security: {TITLE} token leaked")
    await world.forward(minutes=20)
    mine = [text for text in world.kim.sees if TITLE in text]
    assert len(mine) == 1, "only the answer to the one who declared it says it again"
    outside = [found for found in leaks(world) if "what kim sees" not in found and "response" not in found]
    assert not [found for found in outside if "chat.postEphemeral" not in found]


async def test_a_room_that_turns_public_loses_its_text(a_world: OpenWorld) -> None:
    world = await a_world(guide=_with_rooms())
    await world.sam.types(f"/incident p0 {TITLE} token leaked", channel=SECURITY)
    await world.forward(minutes=1)
    room = world.slack.workspace.channels[world.card().message.channel]
    assert room.name == "inc-1-security"
    assert world.card().says(TITLE)
    room.private = False
    await world.bot.watch.refresh("slack/workspace")
    await world.forward(seconds=10)
    assert world.card().says("This channel is public: no details are posted here. Make it private.")
    assert not world.card().says(TITLE)
    await world.outage(minutes=1)
    room.private = True
    await world.bot.watch.refresh("slack/workspace")
    await world.forward(seconds=10)
    assert world.card().says(TITLE)


async def test_a_draft_into_a_room_that_turned_public_says_nothing(a_world: OpenWorld) -> None:
    world = await a_world(guide=_with_rooms())
    await world.sam.types(f"/incident p0 {TITLE} token leaked", channel=SECURITY)
    await world.forward(minutes=1)
    room = world.slack.workspace.channels[world.card().message.channel]
    room.private = False
    await world.bot.watch.refresh("slack/workspace")
    await world.sam.types("/incident postmortem 1", channel=SECURITY)
    await world.forward(minutes=1)
    said = [readable(one.content) for one in room.top_level() if one.bot_id]
    assert "Security incident 1, P0: its post-mortem is only in its own channel." in said[-1]
    assert not [one for one in world.slack.messages if one.files]


async def test_slack_and_pagerduty_out_of_order_tell_nobody(told: World) -> None:
    told.slack.faults.add("error", "chat.update", error="fatal_error", count=3)
    told.slack.faults.add("error", "chat.postMessage", error="msg_too_long", count=3)
    told.pagerduty.faults.add("status", "events", status=400, count=2)
    await told.sam.types(f"/incident update 1 {UPDATE}", channel=SECURITY)
    await told.sam.types("/incident escalate 1", channel=SECURITY)
    await told.forward(minutes=20)
    await told.outage(hours=1)
    await told.forward(minutes=5)
