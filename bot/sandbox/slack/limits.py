"""Slack's limits for the blocks of messages and for views."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.rules import Findings, by_type, items
from bot.sandbox.slack.shapes import BLOCKS, MARKDOWN_TEXT, VIEWS

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
TOTAL_TEXT = 12_000

MayShow = Callable[[object], bool]
"""Whether an image may show what its `slack_file` names."""


def no_file(_slack_file: object) -> bool:
    """Where there are no files, no image shows one."""
    return False


def check_message(blocks: list[dict[str, Any]], *, may_show: MayShow = no_file, where: str = "") -> None:
    """Raise `invalid_blocks` or `msg_blocks_too_long` where Slack refuses a message's blocks.

    `where` is the JSON pointer of what the blocks belong to, where that is not the message itself.
    """
    found = Findings()
    _check_blocks(found, blocks, "message", MESSAGE_BLOCKS, f"{where}/blocks")
    _check_files(found, may_show)
    if found.errors:
        raise SlackError("invalid_blocks", messages=found.errors)
    if found.text > TOTAL_TEXT or found.markdown > MARKDOWN_TEXT:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Mapping[str, Any], *, kind: str = "modal", may_show: MayShow = no_file) -> None:
    """Raise `invalid_arguments` or `view_too_large` where Slack refuses a view of this kind."""
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    found = Findings()
    if view.get("type") != kind:
        found.add("/view/type", f"must be one of: {kind}")
    VIEWS[kind](found, {key: value for key, value in view.items() if key not in {"blocks", "type"}}, "/view")
    blocks = view.get("blocks")
    if blocks is None:
        found.add("/view", "missing required field: blocks")
    else:
        _check_blocks(found, blocks, kind, VIEW_BLOCKS, "/view/blocks")
    if kind == "modal" and not view.get("submit") and _has_input(blocks):
        found.add("/view", "missing required field: submit")
    _check_files(found, may_show)
    if found.errors:
        raise SlackError("invalid_arguments", messages=found.errors)


def _has_input(blocks: Any) -> bool:
    listed = blocks if isinstance(blocks, list) else []
    return any(isinstance(block, dict) and block.get("type") == "input" for block in listed)


def _check_blocks(found: Findings, blocks: Any, surface: str, limit: int, where: str) -> None:
    items(0, limit, by_type(BLOCKS[surface], "block"))(found, blocks, where)
    if found.errors:
        return
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if name and name in seen:
            found.add(f"{where}/{index}/block_id", f"`block_id` {name} already exists")
        seen.add(name)
    for place in found.focused[1:]:
        found.add(place, "only one element may have `focus_on_load`")


def _check_files(found: Findings, may_show: MayShow) -> None:
    for where, slack_file in found.files:
        if not may_show(slack_file):
            found.add(where, "invalid slack file")
