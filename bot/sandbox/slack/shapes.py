"""Slack's elements and blocks: their fields, their limits, and which may stand where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.element_shapes import ELEMENTS, IMAGE_FIELDS, IMAGE_SOURCES
from bot.sandbox.slack.rich import RICH_TEXT, table
from bot.sandbox.slack.rules import (
    Findings,
    Rule,
    Shape,
    boolean,
    by_type,
    items,
    length,
    one_of,
    plain,
    string,
    text,
)

MARKDOWN_TEXT = 12_000
IDENTIFIER = string(255)
TYPED_INPUTS = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
ONLY_INPUTS = {*TYPED_INPUTS, "rich_text_input", "file_input"}
ACTIONS = tuple(kind for kind in ELEMENTS if kind not in ONLY_INPUTS | {"image"})
ACCESSORIES = (*(kind for kind in ACTIONS if kind != "datetimepicker"), "image")
INPUTS = tuple(kind for kind in ELEMENTS if kind not in {"button", "overflow", "image", "workflow_button"})
CONTEXT: dict[str, Rule] = {
    "image": ELEMENTS["image"],
    "mrkdwn": text(3000, "mrkdwn"),
    "plain_text": text(3000, "plain_text"),
}
ELSEWHERE = {
    "video": "a video needs the scope links.embed:write and a domain that the app unfurls",
    "file": "an app cannot post a block of the type file",
}


def _element(*allowed: str) -> Rule:
    return by_type(ELEMENTS, "element", *allowed)


def _markdown(found: Findings, value: Any, where: str) -> None:
    string(MARKDOWN_TEXT, least=1)(found, value, where)
    found.markdown += length(value) if isinstance(value, str) else 0


def _block(fields: dict[str, Rule], *required: str, **more: Any) -> Shape:
    return Shape({"block_id": IDENTIFIER, **fields}, required, **more)


def _refused(why: str) -> Rule:
    def check(found: Findings, _value: Any, where: str) -> None:
        found.add(where, why)

    return check


def _unique_actions(found: Findings, value: Any, where: str) -> None:
    names = [element["action_id"] for element in value["elements"] if element.get("action_id")]
    for name in sorted({name for name in names if names.count(name) > 1}):
        found.add(where, f"`action_id` {name} already exists")


def _input(*elements: str) -> Shape:
    return _block(
        {
            "label": plain(2000),
            "element": _element(*elements),
            "hint": plain(2000),
            "optional": boolean,
            "dispatch_action": boolean,
        },
        "label",
        "element",
    )


EVERYWHERE: dict[str, Rule] = {
    "section": _block(
        {
            "text": text(3000),
            "fields": items(1, 10, text(2000)),
            "accessory": _element(*ACCESSORIES),
            "expand": boolean,
        },
        either=("text", "fields"),
    ),
    "header": _block({"text": plain(150)}, "text"),
    "divider": _block({}),
    "context": _block({"elements": items(1, 10, by_type(CONTEXT, "element"))}, "elements"),
    "actions": _block({"elements": items(1, 25, _element(*ACTIONS))}, "elements", also=_unique_actions),
    "image": _block(
        {**IMAGE_FIELDS, "title": plain(2000)}, "alt_text", either=IMAGE_SOURCES, only=IMAGE_SOURCES
    ),
    "input": _input(*(kind for kind in INPUTS if kind != "file_input")),
    "rich_text": RICH_TEXT,
    **{kind: _refused(why) for kind, why in ELSEWHERE.items()},
}
BLOCKS: Mapping[str, Mapping[str, Rule]] = {
    "message": {**EVERYWHERE, "markdown": _block({"text": _markdown}, "text"), "table": table},
    "modal": {**EVERYWHERE, "input": _input(*INPUTS)},
    "home": EVERYWHERE,
}
"""The blocks of each surface."""

_COMMON_VIEW: dict[str, Rule] = {
    "private_metadata": string(3000),
    "callback_id": IDENTIFIER,
    "external_id": IDENTIFIER,
}
VIEWS: Mapping[str, Rule] = {
    "modal": Shape(
        {
            **_COMMON_VIEW,
            "type": one_of("modal"),
            "title": plain(24),
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
        ("title",),
    ),
    "home": Shape({**_COMMON_VIEW, "type": one_of("home")}),
}
"""The fields of each view, without its blocks."""
