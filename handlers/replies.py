"""What is answered: messages as replies, and errors as words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bot.domain.errors import DomainError
from bot.views.blocks import Message
from bot.views.replies import refusal
from handlers.slack_text import plain

_TYPED_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to a payload: HTTP status, and a JSON text or nothing."""

    status: int = HTTPStatus.OK
    body: str = ""


def ephemeral(message: Message) -> dict[str, Any]:
    """A message as a slash command's answer, for nobody but the one who typed."""
    return {"response_type": "ephemeral", **message.to_json()}


def errors(by_part: Mapping[str, str]) -> Reply:
    """A form stays as it is, with what is wrong beside its parts (block ids)."""
    return _json({"response_action": "errors", "errors": dict(by_part)})


def updated(view: Mapping[str, Any]) -> Reply:
    """A form turns into another view."""
    return _json({"response_action": "update", "view": dict(view)})


def refused(error: DomainError, *, typed: str | None = None) -> Message:
    """A refusal; `typed`, as Slack sent it, is given back so that it can be mended and sent again."""
    return refusal(f"{error}{you_typed(typed)}")


def unserved(command: str, text: str, served: Iterable[str]) -> Message:
    """What a slash command gets that no handler takes."""
    others = ", ".join(f"`{name}`" for name in served)
    return refusal(
        f"opsbot does not answer `{command}`; nothing was done. It answers {others}."
        f"{you_typed(f'{command} {text}')}"
    )


def you_typed(text: str | None) -> str:
    """A line that repeats what was typed, which Slack no longer shows; empty for a button."""
    if text is None:
        return ""
    line = plain(text).replace("`", "'")
    if len(line) > _TYPED_LIMIT:
        line = line[: _TYPED_LIMIT - 1] + "…"
    return f"\nYou typed: `{line}`"


def _json(body: Mapping[str, Any]) -> Reply:
    return Reply(body=json.dumps(body))
