"""What an app says, taken from its arguments and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import check_message
from bot.sandbox.slack.messages import Content

POST_TEXT = 40_000
UPDATE_TEXT = 4_000


def parsed(value: Any, error: str) -> Any:
    """A structured argument, which forms carry as a JSON string. Raises `error`."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError(error) from None


def content_of(args: Mapping[str, Any], *, longest: int = POST_TEXT) -> Content:
    """Text, blocks, attachments and metadata. Raises `no_text`, `msg_too_long`, `invalid_blocks`."""
    text = args.get("text") or args.get("markdown_text") or ""
    if not isinstance(text, str):
        raise SlackError("invalid_arguments", messages=["`text` must be a string"])
    blocks = _list(args.get("blocks"), "invalid_blocks_format")
    attachments = _list(args.get("attachments"), "invalid_attachments")
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    if len(text) > longest:
        raise SlackError("msg_too_long")
    check_message(blocks)
    return Content(text=text, blocks=blocks, attachments=attachments, metadata=metadata_of(args))


def metadata_of(args: Mapping[str, Any]) -> dict[str, Any] | None:
    """The message's metadata, or None. Raises `invalid_metadata_format` or `invalid_metadata_schema`."""
    metadata = parsed(args.get("metadata"), "invalid_metadata_format")
    if not metadata:
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def _list(value: Any, error: str) -> list[dict[str, Any]]:
    items = parsed(value, error)
    if items is None or items == "":
        return []
    if not isinstance(items, list):
        raise SlackError(error)
    return items
