"""What somebody is told where the bot fails: what may have been done is shown by the line that is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.ports.store import StoreUnavailable
from handlers.after_ack import AfterAck
from handlers.failures import Failures
from handlers.inbound import Kind, Payload
from tests.support.builders import a_guide
from tests.support.fakes_services import FakeReplies

GONE = StoreUnavailable("connection refused")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("run.done", "/checklist"),
        ("change.approve", "/change list"),
        ("alert.silence", "/alerts"),
        ("incident.acknowledge", "/incident list"),
    ],
)
async def test_a_button_that_failed_says_where_to_look(name: str, line: str) -> None:
    replies = FakeReplies()
    body: dict[str, Any] = {"actions": [{"action_id": name}], "response_url": "https://hooks.slack.com/x"}
    async with AfterAck() as after_ack:
        failures = Failures(guide=a_guide(), replies=replies, after_ack=after_ack)
        assert failures.reply(GONE, Payload(kind=Kind.ACTION, body=body)).status == 200
        assert f"Look at `{line}` once it answers again." in (await replies.next()).text


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("run.problem_form", "/checklist"),
        ("change.request_form", "/change list"),
        ("incident.declare", "/incident list"),
    ],
)
async def test_a_form_that_failed_keeps_what_was_filled_in_and_says_where_to_look(
    name: str, line: str
) -> None:
    view = {"callback_id": name, "blocks": [{"type": "input", "block_id": "words"}]}
    failures = Failures(guide=a_guide(), replies=FakeReplies(), after_ack=AfterAck())
    reply = failures.reply(GONE, Payload(kind=Kind.VIEW, body={"view": view}))
    assert f"Look at {line} once it answers again." in json.loads(reply.body)["errors"]["words"]


@pytest.mark.parametrize(
    ("command", "look"),
    [("/checklist", "/checklist"), ("/change", "/change list"), ("/page", "/incident list")],
)
async def test_a_command_that_failed_says_where_to_look(command: str, look: str) -> None:
    failures = Failures(guide=a_guide(), replies=FakeReplies(), after_ack=AfterAck())
    body = {"command": command, "text": "done 2"}
    reply = failures.reply(GONE, Payload(kind=Kind.COMMAND, body=body))
    told = json.loads(reply.body)["text"]
    assert f"Look at `{look}` once it answers again." in told
    assert f"You typed: `{command} done 2`" in told
