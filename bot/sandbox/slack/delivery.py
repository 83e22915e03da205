"""What Slack sends to an app, and what comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.slack.messages import Message


class Kind(StrEnum):
    """The three things that Slack sends, by their names in Socket Mode."""

    COMMAND = "slash_commands"
    INTERACTION = "interactive"
    EVENT = "events_api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing sent: its payload, the same on every redelivery, and where its reply will be shown."""

    kind: Kind
    payload: dict[str, Any]
    user: str
    channel: str | None = None
    response_id: str | None = None
    view_id: str | None = None

    @property
    def name(self) -> str:
        """What it is called: the command, or the type of the interaction or event."""
        if self.kind is Kind.COMMAND:
            return str(self.payload["command"])
        if self.kind is Kind.EVENT:
            return str(self.payload["event"]["type"])
        return str(self.payload["type"])

    def body(self) -> tuple[bytes, str]:
        """The HTTP body and its content type."""
        if self.kind is Kind.EVENT:
            return json.dumps(self.payload).encode(), "application/json"
        fields = self.payload if self.kind is Kind.COMMAND else {"payload": json.dumps(self.payload)}
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The number of a redelivery, from 1, and why there is one."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the bot answered: HTTP status (200 for an acknowledgement) and body, or the error."""

    status: int | None = None
    body: Any = None
    error: str | None = None
    ms: float = 0.0
    no_retry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A delivery's end: the bot's answer, and what Slack then showed in the channel, if anything.

    `status` is None where there was no answer. `body` is the parsed JSON, or the text, or None.
    `error` is None, `operation_timeout`, `dispatch_failed`, or what is wrong with the answer.
    """

    delivery: Delivery
    status: int | None
    body: Any
    error: str | None
    message: Message | None
    ms: float

    @property
    def ok(self) -> bool:
        """Whether the bot took it."""
        return self.error is None

    @property
    def text(self) -> str:
        """The text of the bot's answer, or an empty string."""
        if isinstance(self.body, dict):
            return str(self.body.get("text", ""))
        return self.body or ""

    def to_json(self) -> dict[str, Any]:
        """The reply as control answers."""
        return {
            "ok": self.ok,
            "sent": self.delivery.name,
            "status": self.status,
            "body": self.body,
            "error": self.error,
            "message": self.message.to_json() if self.message else None,
            "ms": round(self.ms, 3),
        }
