"""Slack's interactive elements and images: their fields and limits."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.rich import RICH_TEXT
from bot.sandbox.slack.rules import (
    Findings,
    Rule,
    Shape,
    boolean,
    items,
    matching,
    number,
    one_of,
    plain,
    string,
    text,
)

LONGEST_INPUT = 3000
_NAME = string(255, least=1)
_STYLE = one_of("primary", "danger")
CONFIRM = Shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30), "style": _STYLE},
    required=("title", "text", "confirm", "deny"),
)


def _focus(found: Findings, value: Any, where: str) -> None:
    boolean(found, value, where)
    if value is True:
        found.focused.append(where)


def _file(found: Findings, value: Any, where: str) -> None:
    Shape({"id": _NAME, "url": string(3000, least=1)}, either=("id", "url"), only=("id", "url"))(
        found, value, where
    )
    found.files.append((where, value))


BUTTON: dict[str, Rule] = {"action_id": string(255), "confirm": CONFIRM}
COMMON: dict[str, Rule] = {**BUTTON, "focus_on_load": _focus}
PLACEHOLDER: dict[str, Rule] = {"placeholder": plain(150)}
_MOST: dict[str, Rule] = {"max_selected_items": number(1, 1_000_000)}
_QUERY: dict[str, Rule] = {"min_query_length": number(0, 1_000_000)}
_DISPATCH: dict[str, Rule] = {
    "dispatch_action_config": Shape(
        {"trigger_actions_on": items(1, 2, one_of("on_enter_pressed", "on_character_entered"))}
    )
}
_IDS = items(0, 1_000, _NAME)
_FILTER = Shape(
    {
        "include": items(1, 4, one_of("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    either=("include", "exclude_external_shared_channels", "exclude_bot_users"),
)


def _option(words: Rule, about: Rule, **more: Rule) -> Shape:
    return Shape({"text": words, "value": string(150), "description": about, **more}, ("text", "value"))


PLAIN_OPTION = _option(plain(75), plain(75))
RICH_OPTION = _option(text(75), text(75))
LINK_OPTION = _option(plain(75), plain(75), url=string(3000))
OPTIONS = items(1, 100, PLAIN_OPTION)
GROUPS = items(1, 100, Shape({"label": plain(75), "options": OPTIONS}, ("label", "options")))
SOURCES = ("options", "option_groups")


def _offered(found: Findings, value: Any, where: str) -> None:
    """What is chosen at first must be among the options."""
    grouped = [option for group in value.get("option_groups", ()) for option in group["options"]]
    offered = {option["value"] for option in [*value.get("options", ()), *grouped]}
    chosen = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    key = "initial_option" if "initial_option" in value else "initial_options"
    if any(option["value"] not in offered for option in chosen):
        found.add(f"{where}/{key}", "must be one of the provided options")


def _in_order(low: str, high: str) -> Rule:
    def check(found: Findings, value: Any, where: str) -> None:
        if low in value and high in value and float(value[low]) > float(value[high]):
            found.add(f"{where}/{low}", f"must be no more than {high}")

    return check


def _select(**fields: Rule) -> Shape:
    return Shape({**COMMON, **PLACEHOLDER, **fields})


def _static(**fields: Rule) -> Shape:
    return Shape(
        {**COMMON, **PLACEHOLDER, "options": OPTIONS, "option_groups": GROUPS, **fields},
        either=SOURCES,
        only=SOURCES,
        also=_offered,
    )


def _choice(**fields: Rule) -> Shape:
    options = items(1, 10, RICH_OPTION)
    return Shape({**COMMON, "options": options, **fields}, ("options",), also=_offered)


def _typed(also: Rule | None = None, *required: str, **fields: Rule) -> Shape:
    about: dict[str, Rule] = {"action_id": string(255), "focus_on_load": _focus}
    return Shape({**about, **PLACEHOLDER, **_DISPATCH, **fields}, required, also=also)


_NUMBER = matching(r"-?\d+(\.\d+)?", "a number in a string")
IMAGE_FIELDS: dict[str, Rule] = {
    "image_url": string(3000, least=1),
    "slack_file": _file,
    "alt_text": string(2000, least=1),
}
IMAGE_SOURCES = ("image_url", "slack_file")
_CONVERSATIONS: dict[str, Rule] = {"default_to_current_conversation": boolean, "filter": _FILTER}

ELEMENTS: dict[str, Rule] = {
    "button": Shape(
        {
            **BUTTON,
            "text": plain(75),
            "value": string(2000),
            "url": string(3000),
            "style": _STYLE,
            "accessibility_label": string(75),
        },
        ("text",),
    ),
    "overflow": Shape({**BUTTON, "options": items(1, 5, LINK_OPTION)}, ("options",)),
    "static_select": _static(initial_option=PLAIN_OPTION),
    "multi_static_select": _static(initial_options=OPTIONS, **_MOST),
    "external_select": _select(initial_option=PLAIN_OPTION, **_QUERY),
    "multi_external_select": _select(initial_options=OPTIONS, **_QUERY, **_MOST),
    "users_select": _select(initial_user=_NAME),
    "multi_users_select": _select(initial_users=_IDS, **_MOST),
    "conversations_select": _select(
        initial_conversation=_NAME, response_url_enabled=boolean, **_CONVERSATIONS
    ),
    "multi_conversations_select": _select(initial_conversations=_IDS, **_CONVERSATIONS, **_MOST),
    "channels_select": _select(initial_channel=_NAME, response_url_enabled=boolean),
    "multi_channels_select": _select(initial_channels=_IDS, **_MOST),
    "checkboxes": _choice(initial_options=items(1, 10, RICH_OPTION)),
    "radio_buttons": _choice(initial_option=RICH_OPTION),
    "datepicker": _select(initial_date=matching(r"\d{4}-\d\d-\d\d", "a date like 2026-01-31")),
    "timepicker": _select(
        initial_time=matching(r"([01]\d|2[0-3]):[0-5]\d", "a time like 23:59"), timezone=_NAME
    ),
    "datetimepicker": Shape({**COMMON, "initial_date_time": number(1_000_000_000, 9_999_999_999)}),
    "plain_text_input": _typed(
        _in_order("min_length", "max_length"),
        initial_value=string(LONGEST_INPUT),
        multiline=boolean,
        min_length=number(0, LONGEST_INPUT),
        max_length=number(1, LONGEST_INPUT),
    ),
    "number_input": _typed(
        _in_order("min_value", "max_value"),
        "is_decimal_allowed",
        is_decimal_allowed=boolean,
        initial_value=_NUMBER,
        min_value=_NUMBER,
        max_value=_NUMBER,
    ),
    "email_text_input": _typed(initial_value=string(LONGEST_INPUT)),
    "url_text_input": _typed(initial_value=string(LONGEST_INPUT)),
    "rich_text_input": _typed(initial_value=RICH_TEXT),
    "file_input": Shape(
        {"action_id": string(255), "filetypes": items(1, 100, _NAME), "max_files": number(1, 10)}
    ),
    "image": Shape(IMAGE_FIELDS, ("alt_text",), IMAGE_SOURCES, IMAGE_SOURCES),
}
