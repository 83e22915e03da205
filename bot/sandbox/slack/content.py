"""What an app says, taken from its arguments and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import MayShow, check_message, no_file
from bot.sandbox.slack.messages import Content
from bot.sandbox.slack.rules import length
from bot.sandbox.slack.shapes import MARKDOWN_TEXT

POST_TEXT = 40_000
UPDATE_TEXT = 4_000
ATTACHMENTS = 100


def parsed(value: Any, error: str) -> Any:
    """A structured argument, which forms carry as a JSON string. Raises `error`."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError(error) from None


def content_of(
    args: Mapping[str, Any], *, longest: int = POST_TEXT, may_show: MayShow = no_file, words: bool = True
) -> Content:
    """Text, blocks, attachments and metadata. `words`: something must be said.

    Raises `no_text`, `msg_too_long`, `invalid_blocks`, `msg_blocks_too_long`, `invalid_attachments`, …
    """
    text = _text(args, longest)
    blocks = _list(args.get("blocks"), "invalid_blocks_format")
    attachments = _list(args.get("attachments"), "invalid_attachments")
    if words and not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    check_message(blocks, may_show=may_show)
    _check_attachments(attachments, may_show)
    return Content(text=text, blocks=blocks, attachments=attachments, metadata=metadata_of(args))


def _text(args: Mapping[str, Any], longest: int) -> str:
    text, markdown = args.get("text") or "", args.get("markdown_text") or ""
    for name, words in (("text", text), ("markdown_text", markdown)):
        if not isinstance(words, str):
            raise SlackError("invalid_arguments", messages=[f"`{name}` must be a string"])
    if markdown and (text or args.get("blocks")):
        raise SlackError("markdown_text_conflict")
    if length(text) > longest or length(markdown) > MARKDOWN_TEXT:
        raise SlackError("msg_too_long")
    return str(text or markdown)


def _check_attachments(attachments: list[dict[str, Any]], may_show: MayShow) -> None:
    if len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for index, attachment in enumerate(attachments):
        if not isinstance(attachment, dict):
            raise SlackError("invalid_attachments")
        where = f"/attachments/{index}"
        check_message(
            _list(attachment.get("blocks"), "invalid_blocks_format"), may_show=may_show, where=where
        )


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
