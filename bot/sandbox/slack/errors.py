"""How a Web API method refuses."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """A refusal with Slack's name for it, e.g. `channel_not_found`.

    `messages` become `response_metadata.messages`; `extra` are further fields of the answer.
    """

    def __init__(self, error: str, *, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []
        self.extra = extra

    def to_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            body["errors"] = self.messages
            body["response_metadata"] = {"messages": [f"[ERROR] {text}" for text in self.messages]}
        return body


def missing(field: str) -> SlackError:
    """The refusal of a call without a required argument."""
    return SlackError("invalid_arguments", messages=[f"missing required field: {field}"])
