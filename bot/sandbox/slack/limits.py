"""Slack's limits for blocks and modals."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.rules import (
    Findings,
    Rule,
    Shape,
    anything,
    boolean,
    by_type,
    items,
    one_of,
    plain,
    string,
    text,
)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
TOTAL_TEXT = 12_000

IDENTIFIER = string(255)
CONFIRM = Shape(
    {
        "title": plain(100),
        "text": text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": one_of("primary", "danger"),
    },
    required=("title", "text", "confirm", "deny"),
)
COMMON: dict[str, Rule] = {"action_id": IDENTIFIER, "confirm": CONFIRM, "focus_on_load": boolean}
PLACEHOLDER = plain(150)
DISPATCH = Shape({"trigger_actions_on": anything})


def _option(words: Rule, **more: Rule) -> Shape:
    return Shape({"text": words, "value": string(150), "description": text(75), **more}, ("text", "value"))


PLAIN_OPTION = _option(plain(75))
RICH_OPTION = _option(text(75))
LINK_OPTION = _option(plain(75), url=string(3000))
OPTIONS = items(1, 100, PLAIN_OPTION)
GROUPS = items(1, 100, Shape({"label": plain(75), "options": OPTIONS}, ("label", "options")))
SOURCES = ("options", "option_groups")


def _select(**fields: Rule) -> Shape:
    return Shape({**COMMON, "placeholder": PLACEHOLDER, "max_selected_items": anything, **fields})


def _static(**fields: Rule) -> Shape:
    return Shape(
        {**COMMON, "placeholder": PLACEHOLDER, "options": OPTIONS, "option_groups": GROUPS, **fields},
        either=SOURCES,
    )


def _choice(**fields: Rule) -> Shape:
    return Shape({**COMMON, "options": items(1, 10, RICH_OPTION), **fields}, ("options",))


def _input(**fields: Rule) -> Shape:
    return Shape(
        {
            **COMMON,
            "placeholder": PLACEHOLDER,
            "initial_value": string(3000),
            "dispatch_action_config": DISPATCH,
            **fields,
        }
    )


IMAGE_FIELDS: dict[str, Rule] = {
    "image_url": string(3000),
    "slack_file": anything,
    "alt_text": string(2000),
}
IMAGE_SOURCES = ("image_url", "slack_file")

ELEMENTS: dict[str, Rule] = {
    "button": Shape(
        {
            **COMMON,
            "text": plain(75),
            "value": string(2000),
            "url": string(3000),
            "style": one_of("primary", "danger"),
            "accessibility_label": string(75),
        },
        ("text",),
    ),
    "overflow": Shape({**COMMON, "options": items(1, 5, LINK_OPTION)}, ("options",)),
    "static_select": _static(initial_option=PLAIN_OPTION),
    "multi_static_select": _static(initial_options=OPTIONS, max_selected_items=anything),
    "external_select": _select(initial_option=PLAIN_OPTION, min_query_length=anything),
    "multi_external_select": _select(initial_options=OPTIONS, min_query_length=anything),
    "users_select": _select(initial_user=anything),
    "multi_users_select": _select(initial_users=anything),
    "conversations_select": _select(
        initial_conversation=anything,
        default_to_current_conversation=boolean,
        filter=anything,
        response_url_enabled=boolean,
    ),
    "multi_conversations_select": _select(initial_conversations=anything, filter=anything),
    "multi_channels_select": _select(initial_channels=anything),
    "channels_select": _select(initial_channel=anything, response_url_enabled=boolean),
    "checkboxes": _choice(initial_options=items(1, 10, RICH_OPTION)),
    "radio_buttons": _choice(initial_option=RICH_OPTION),
    "datepicker": _select(initial_date=string(10)),
    "timepicker": _select(initial_time=string(5), timezone=anything),
    "datetimepicker": Shape({**COMMON, "initial_date_time": anything}),
    "plain_text_input": _input(multiline=boolean, min_length=anything, max_length=anything),
    "number_input": Shape(
        {
            **COMMON,
            "is_decimal_allowed": boolean,
            "placeholder": PLACEHOLDER,
            "initial_value": anything,
            "min_value": anything,
            "max_value": anything,
            "dispatch_action_config": DISPATCH,
        },
        ("is_decimal_allowed",),
    ),
    "email_text_input": _input(),
    "url_text_input": _input(),
    "image": Shape(IMAGE_FIELDS, ("alt_text",), IMAGE_SOURCES),
}
TYPED_INPUTS = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
ACCESSORIES = tuple(kind for kind in ELEMENTS if kind not in TYPED_INPUTS)
ACTIONS = tuple(kind for kind in ACCESSORIES if kind != "image")
INPUTS = tuple(kind for kind in ELEMENTS if kind not in {"button", "overflow", "image"})
CONTEXT: dict[str, Rule] = {
    "image": ELEMENTS["image"],
    "mrkdwn": text(3000, "mrkdwn"),
    "plain_text": text(3000, "plain_text"),
}


def _element(*allowed: str) -> Rule:
    return by_type(ELEMENTS, "element", *allowed)


def _markdown(found: Findings, value: Any, where: str) -> None:
    string(TOTAL_TEXT)(found, value, where)
    found.text += len(value) if isinstance(value, str) else 0


def _block(fields: dict[str, Rule], *required: str, either: tuple[str, ...] = ()) -> Shape:
    return Shape({"block_id": IDENTIFIER, **fields}, required, either)


BLOCKS: dict[str, Rule] = {
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
    "actions": _block({"elements": items(1, 25, _element(*ACTIONS))}, "elements"),
    "image": _block({**IMAGE_FIELDS, "title": plain(2000)}, "alt_text", either=IMAGE_SOURCES),
    "input": _block(
        {
            "label": plain(2000),
            "element": _element(*INPUTS),
            "hint": plain(2000),
            "optional": boolean,
            "dispatch_action": boolean,
        },
        "label",
        "element",
    ),
    "markdown": _block({"text": _markdown}, "text"),
    "rich_text": _block({"elements": items(1, 1000, anything)}, "elements"),
    "table": _block({"rows": items(1, 100, items(1, 20, anything)), "column_settings": anything}, "rows"),
}
BLOCK = by_type(BLOCKS, "block")
VIEW = Shape(
    {
        "title": plain(24),
        "submit": plain(24),
        "close": plain(24),
        "private_metadata": string(3000),
        "callback_id": IDENTIFIER,
        "external_id": IDENTIFIER,
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
        "blocks": anything,
    },
    ("title", "blocks"),
)


def check_message(blocks: list[dict[str, Any]]) -> None:
    """Raise `invalid_blocks` or `msg_blocks_too_long` where Slack refuses a message's blocks."""
    found = Findings()
    _check_blocks(found, blocks, MESSAGE_BLOCKS, "/blocks")
    if found.errors:
        raise SlackError("invalid_blocks", messages=found.errors)
    if found.text > TOTAL_TEXT:
        raise SlackError("msg_blocks_too_long")


def check_view(view: dict[str, Any]) -> None:
    """Raise `invalid_arguments` or `view_too_large` where Slack refuses a modal."""
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    found = Findings()
    if view.get("type") != "modal":
        found.add("/view/type", "must be one of: modal")
    VIEW(found, view, "/view")
    blocks = view.get("blocks")
    _check_blocks(found, blocks, VIEW_BLOCKS, "/view/blocks")
    if not view.get("submit") and _has_input(blocks):
        found.add("/view", "missing required field: submit")
    if found.errors:
        raise SlackError("invalid_arguments", messages=found.errors)


def _has_input(blocks: Any) -> bool:
    listed = blocks if isinstance(blocks, list) else []
    return any(isinstance(block, dict) and block.get("type") == "input" for block in listed)


def _check_blocks(found: Findings, blocks: Any, limit: int, where: str) -> None:
    items(0, limit, BLOCK)(found, blocks, where)
    if found.errors:
        return
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if name and name in seen:
            found.add(f"{where}/{index}/block_id", f"`block_id` {name} already exists")
        seen.add(name)
        _check_action_ids(found, block, f"{where}/{index}")


def _check_action_ids(found: Findings, block: dict[str, Any], where: str) -> None:
    if block["type"] != "actions":
        return
    names = [element["action_id"] for element in block["elements"] if element.get("action_id")]
    for name in {name for name in names if names.count(name) > 1}:
        found.add(where, f"`action_id` {name} already exists")
