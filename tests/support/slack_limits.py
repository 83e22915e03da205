"""What Slack refuses in a message, checked on its JSON alone, and what a text would set off there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.models.blocks import Block

TEXT_KINDS = {"plain_text", "mrkdwn"}
TOKEN = re.compile(r"<([^<>]*)>")
ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")


def units(text: str) -> int:
    """A text's length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_message(message: Mapping[str, Any]) -> None:
    """Assert that Slack takes a message, and that slack_sdk's own validators do."""
    blocks = message["blocks"]
    assert 0 < units(message["text"]) <= 4000
    assert 0 < len(blocks) <= 50
    names = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(names) == len(set(names))
    for block in blocks:
        _check_block(block)
        if "accessory" in block:
            assert block["type"] == "section"
            _check_actions([block["accessory"]])
        parsed = Block.parse(dict(block))
        assert parsed is not None
        parsed.validate_json()
    assert sum(units(text["text"]) for text in text_objects(blocks)) <= 10_000


def check_home(view: Mapping[str, Any]) -> None:
    """Assert that Slack takes a Home tab."""
    assert view["type"] == "home"
    blocks = view["blocks"]
    assert 0 < len(blocks) <= 100
    names = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(names) == len(set(names))
    for block in blocks:
        if block["type"] != "divider":
            _check_block(block)
        if "accessory" in block:
            _check_actions([block["accessory"]])
    assert len(json.dumps(view)) <= 250_000


def text_objects(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every text object in a part of a message."""
    if isinstance(part, Mapping):
        if part.get("type") in TEXT_KINDS:
            yield part
            return
        part = list(part.values())
    if isinstance(part, list | tuple):
        for one in part:
            yield from text_objects(one)


def tokens(message: Mapping[str, Any]) -> list[str]:
    """What Slack would parse in a message: mentions, links and dates, without their brackets.

    Also asserts that every other bracket is escaped, and that nothing is parsed from plain words.
    """
    marked = [message["text"]]
    for text in text_objects(message["blocks"]):
        if text["type"] == "mrkdwn":
            assert text.get("verbatim") is True, "plain words would become links and mentions"
            marked.append(text["text"])
        else:
            assert text.get("emoji") is False
    found: list[str] = []
    for text in marked:
        rest = TOKEN.sub("", text)
        assert "<" not in rest, text
        assert ">" not in rest, text
        assert not ENTITY.search(rest), text
        found += TOKEN.findall(text)
    return found


def _check_block(block: Mapping[str, Any]) -> None:
    assert 0 < len(block.get("block_id", "x")) <= 255
    match block["type"]:
        case "section":
            assert ("text" in block) or block.get("fields")
            if "text" in block:
                _check_text(block["text"], 3000)
            assert len(block.get("fields", ())) <= 10
            for field in block.get("fields", ()):
                _check_text(field, 2000)
        case "header":
            _check_text(block["text"], 150, plain=True)
        case "context":
            assert 0 < len(block["elements"]) <= 10
            for element in block["elements"]:
                _check_text(element, 3000)
        case "actions":
            _check_actions(block["elements"])
        case other:
            raise AssertionError(f"unexpected block {other}")


def _check_actions(elements: list[Mapping[str, Any]]) -> None:
    assert 0 < len(elements) <= 25
    ids = [element["action_id"] for element in elements]
    assert len(ids) == len(set(ids))
    assert all(0 < len(one) <= 255 for one in ids)
    assert sum(element.get("style") == "primary" for element in elements) <= 1
    for element in elements:
        if element["type"] == "button":
            _check_text(element["text"], 75, plain=True)
            assert 0 < len(element["value"]) <= 2000
            assert 0 < len(element.get("accessibility_label", "x")) <= 75
            if "confirm" in element:
                _check_confirm(element["confirm"])
        else:
            assert element["type"] == "overflow"
            assert 0 < len(element["options"]) <= 5
            for option in element["options"]:
                _check_text(option["text"], 75, plain=True)
                assert 0 < len(option["value"]) <= 150


def _check_confirm(confirm: Mapping[str, Any]) -> None:
    for key, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        _check_text(confirm[key], limit, plain=key != "text")


def _check_text(text: Mapping[str, Any], limit: int, *, plain: bool = False) -> None:
    assert text["type"] in ({"plain_text"} if plain else TEXT_KINDS)
    assert set(text) <= {"type", "text", "emoji" if text["type"] == "plain_text" else "verbatim"}
    assert 0 < units(text["text"]) <= limit
