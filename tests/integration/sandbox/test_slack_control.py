from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.slack import SlackStandIn
from tests.support.slack import SIGNING_SECRET, RecordingBot, serving, slack_stand_in

ALERTS = "C0ALERTS1"
DECLARE = {
    "user": "ana",
    "channel": "platform-alerts",
    "command": "/incident",
    "text": "p0 checkout is down",
}


class Remote:
    """Control as another process uses it."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def get(self, path: str) -> Any:
        async with self.session.get(f"{self.url}/control/{path}") as answer:
            return await answer.json()

    async def post(self, path: str, body: dict[str, Any] | None = None, *, status: int = 200) -> Any:
        async with self.session.post(f"{self.url}/control/{path}", json=body or {}) as answer:
            assert answer.status == status
            return await answer.json()

    async def call(self, method: str, body: dict[str, Any], token: str = "xoxb-stand-in") -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.post(f"{self.url}/api/{method}", json=body, headers=headers) as answer:
            return await answer.json()


@pytest.fixture
async def bot() -> RecordingBot:
    return RecordingBot()


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with slack_stand_in() as slack:
        yield slack


@pytest.fixture
async def remote(slack: SlackStandIn, bot: RecordingBot) -> AsyncIterator[Remote]:
    async with aiohttp.ClientSession() as session, serving(bot.app()) as url:
        remote = Remote(session, slack.url)
        await remote.post("bot", {"url": url, "signing_secret": SIGNING_SECRET})
        yield remote


async def test_a_command_is_sent_by_remote_control(remote: Remote, bot: RecordingBot) -> None:
    bot.reply({"text": "Declared P0 #1"})
    reply = await remote.post("command", DECLARE)
    assert (reply["ok"], reply["status"], reply["message"]["text"]) == (True, 200, "Declared P0 #1")
    assert bot.received[0].form["text"] == "p0 checkout is down"


async def test_the_state_shows_channels_and_what_only_a_user_sees(remote: Remote, bot: RecordingBot) -> None:
    bot.reply({"text": "Declared P0 #1"})
    await remote.post("command", DECLARE)
    await remote.call("chat.postMessage", {"channel": ALERTS, "text": "card"})
    ana, lee = await remote.get("state?user=ana"), await remote.get("state?user=lee")
    alerts = next(channel for channel in ana["channels"] if channel["id"] == ALERTS)
    assert [message["text"] for message in alerts["messages"]] == ["card"]
    assert [own["message"]["text"] for own in ana["ephemerals"]] == ["Declared P0 #1"]
    assert lee["ephemerals"] == []
    assert "security-incidents" not in {channel["name"] for channel in lee["channels"]}


async def test_the_state_never_holds_the_secrets(remote: Remote) -> None:
    state = json.dumps(await remote.get("state"))
    assert SIGNING_SECRET not in state
    assert "xoxb" not in state


async def test_calls_are_counted(remote: Remote) -> None:
    await remote.call("chat.postMessage", {"channel": ALERTS, "text": "card"})
    await remote.call("chat.postMessage", {"channel": "C0NOWHERE", "text": "card"})
    calls = await remote.get("calls?limit=1")
    assert calls["counts"] == {"chat.postMessage": 2}
    assert calls["errors"] == {"chat.postMessage": 1}
    assert [call["error"] for call in calls["calls"]] == ["channel_not_found"]


async def test_faults_are_switched_on_and_off(remote: Remote) -> None:
    fault = {"kind": "error", "method": "auth.test", "error": "account_inactive"}
    await remote.post("faults", {"add": [fault], "latency_ms": 1, "rates": True})
    assert (await remote.call("auth.test", {}))["error"] == "account_inactive"
    cleared = await remote.post("faults", {"clear": True, "rates": False})
    assert cleared == {"latency_ms": 0, "faults": [], "rates": False}
    assert (await remote.call("auth.test", {}))["ok"]


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("command", {"user": "ana"}, "missing field: channel"),
        ("command", {**DECLARE, "user": "nobody"}, "user_not_found"),
        ("mention", {"user": "ana", "channel": "general", "text": "ack"}, "not_in_channel"),
        ("redeliver", {}, "nothing was sent yet"),
        ("faults", {"add": [{"kind": "flood"}]}, "'flood' is not a valid FaultKind"),
    ],
)
async def test_what_makes_no_sense_is_answered_with_the_reason(
    remote: Remote, path: str, body: dict[str, Any], error: str
) -> None:
    assert (await remote.post(path, body, status=400))["error"] == error


async def test_everything_people_do_has_a_route(remote: Remote, bot: RecordingBot) -> None:
    button = {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": "Ack"}}
    card = {"channel": ALERTS, "text": "card", "blocks": [{"type": "actions", "elements": [button]}]}
    ts = (await remote.call("chat.postMessage", card))["ts"]
    here = {"user": "ana", "channel": "platform-alerts"}
    await remote.post("click", {**here, "ts": ts, "action_id": "ack"})
    await remote.post("mention", {**here, "text": "ack", "thread_ts": ts})
    await remote.post("shortcut", {**here, "ts": ts, "callback_id": "declare"})
    await remote.post("event", {"event": {"type": "app_uninstalled"}})
    await remote.post("redeliver")
    said = await remote.post("say", {**here, "text": "hello"})
    kinds = [received.payload["type"] for received in bot.received]
    assert kinds == ["block_actions", "event_callback", "message_action", "event_callback", "event_callback"]
    assert said["message"]["user"] == "U0ANA0001"


async def test_a_modal_is_submitted_by_remote_control(remote: Remote, bot: RecordingBot) -> None:
    await remote.post("command", {**DECLARE, "text": ""})
    text = {"type": "plain_text", "text": "Declare"}
    element = {"type": "plain_text_input", "action_id": "title"}
    block = {"type": "input", "block_id": "what", "label": text, "element": element}
    view = {"type": "modal", "title": text, "submit": text, "blocks": [block]}
    await remote.call("views.open", {"trigger_id": bot.received[0].form["trigger_id"], "view": view})
    await remote.post("act", {"user": "ana", "action_id": "title", "value": "check"})
    await remote.post("submit", {"user": "ana", "values": {"what": "checkout"}})
    values = bot.received[-1].payload["view"]["state"]["values"]
    assert values == {"what": {"title": {"type": "plain_text_input", "value": "checkout"}}}
    assert (await remote.post("close", {"user": "ana"}, status=400))["error"] == "not_found"


async def test_a_channel_is_archived(remote: Remote) -> None:
    await remote.post("channel", {"channel": "platform-alerts", "archived": True, "members": ["ana"]})
    refused = await remote.call("chat.postMessage", {"channel": ALERTS, "text": "card"})
    assert refused["error"] == "is_archived"


async def test_a_reset_begins_anew_by_remote_control(remote: Remote) -> None:
    await remote.call("chat.postMessage", {"channel": ALERTS, "text": "card"})
    await remote.post("reset")
    state = await remote.get("state")
    assert all(channel["messages"] == [] for channel in state["channels"])
    assert state["bot"]["url"] is not None


async def next_event(lines: aiohttp.StreamReader) -> tuple[str, Any]:
    kind = ""
    while True:
        line = (await lines.readline()).decode().strip()
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        if line.startswith("data: "):
            return kind, json.loads(line.removeprefix("data: "))


async def test_the_feed_tells_changes_as_they_come(remote: Remote) -> None:
    cursor = (await remote.get("state"))["cursor"]
    posted = await remote.call("chat.postMessage", {"channel": ALERTS, "text": "one"})
    async with remote.session.get(f"{remote.url}/control/feed?after={cursor}") as feed:
        assert (await next_event(feed.content))[1]["message"]["text"] == "one"
        update = {"channel": ALERTS, "ts": posted["ts"], "text": "two"}
        await remote.call("chat.update", update)
        kind, data = await next_event(feed.content)
    assert (kind, data["message"]["text"]) == ("message_changed", "two")


async def test_a_watcher_from_before_the_start_is_told_to_load_anew(remote: Remote) -> None:
    async with remote.session.get(f"{remote.url}/control/feed?after=999999") as feed:
        assert (await next_event(feed.content))[0] == "reset"


@asynccontextmanager
async def stand_in_process(*arguments: str) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.sandbox.slack",
        "--port",
        "0",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = (await process.stdout.readline()).decode()
        yield line.removeprefix("Slack stand-in: ").strip()
    finally:
        process.terminate()
        assert await process.wait() == 0


async def test_it_runs_alone_with_the_clock_of_a_file(tmp_path: Path) -> None:
    offset = tmp_path / "clock"
    offset.write_text("0")
    async with stand_in_process("--clock", str(offset)) as url, aiohttp.ClientSession() as session:
        remote = Remote(session, url)
        before = await remote.call("chat.postMessage", {"channel": ALERTS, "text": "now"})
        offset.write_text(str(15 * 60 * 1000))
        after = await remote.call("chat.postMessage", {"channel": ALERTS, "text": "in 15 minutes"})
    assert float(after["ts"]) - float(before["ts"]) >= 15 * 60
