"""Requests as Slack makes them: payloads, and how they are signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

SECRET = "signing-secret-of-the-tests"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def signed(body: bytes, now: datetime, *, content_type: str = FORM, secret: str = SECRET) -> dict[str, str]:
    """The headers of a request that Slack makes at `now`."""
    stamp = str(int(now.timestamp()))
    base = b"v0:" + stamp.encode() + b":" + body
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature,
    }


def slash(text: str, *, command: str = "/incident", trigger: str = "1.2.abc") -> dict[str, str]:
    """A slash command's fields, typed by Ana in #ops."""
    return {
        "token": "t",
        "team_id": "T1",
        "team_domain": "example",
        "channel_id": "C1",
        "channel_name": "ops",
        "user_id": "U1",
        "user_name": "ana",
        "command": command,
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.example/commands/1",
        "trigger_id": trigger,
    }


def pressed(action_id: str, value: str, *, option: bool = False) -> dict[str, Any]:
    """A button of a card, pressed by Ana; or an option of a menu, chosen."""
    action: dict[str, Any] = {"action_id": action_id, "block_id": "b", "action_ts": "1700000000.000100"}
    if option:
        action |= {"type": "overflow", "selected_option": {"value": value}}
    else:
        action |= {"type": "button", "value": value}
    return {
        "type": "block_actions",
        "user": {"id": "U1", "username": "ana", "name": "ana", "team_id": "T1"},
        "api_app_id": "A1",
        "token": "t",
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": False},
        "trigger_id": "1.2.abc",
        "team": {"id": "T1", "domain": "example"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": "C1", "name": "ops"},
        "message": {"ts": "1.1", "text": "card"},
        "state": {"values": {}},
        "response_url": "https://hooks.slack.example/actions/1",
        "actions": [action],
    }


def mentioned(text: str, *, thread: str | None = None, **more: Any) -> dict[str, Any]:
    """A message of Ana's that mentions the bot, as an event."""
    event: dict[str, Any] = {
        "type": "app_mention",
        "user": "U1",
        "text": text,
        "ts": "1700000001.000200",
        "channel": "C1",
        "event_ts": "1700000001.000200",
        "team": "T1",
    }
    if thread is not None:
        event["thread_ts"] = thread
    return {
        "token": "t",
        "team_id": "T1",
        "api_app_id": "A1",
        "event": event | more,
        "type": "event_callback",
        "event_id": "Ev1",
        "event_time": 1700000001,
        "authorizations": [{"enterprise_id": None, "team_id": "T1", "user_id": "UBOT", "is_bot": True}],
        "is_ext_shared_channel": False,
    }


def form(fields: dict[str, str]) -> bytes:
    """A form's body."""
    return urlencode(fields).encode()


def interaction(payload: dict[str, Any]) -> bytes:
    """An interaction's body."""
    return urlencode({"payload": json.dumps(payload)}).encode()
