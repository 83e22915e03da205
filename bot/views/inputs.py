"""Block Kit's parts of a modal: its frame, and what people fill in.

The limits are those of https://docs.slack.dev/reference/block-kit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.views.blocks import Block, plain_text
from bot.views.markup import shortened

View = dict[str, Any]
"""A modal, as JSON."""

MODAL_TITLE = 24
SELECT_OPTIONS = 100
OPTION_TEXT = 75
LABEL = 2000
PLACEHOLDER = 150
HINT = 2000
METADATA = 3000

_EPOCH_DIGITS = 10
"""Slack takes instants with ten digits: from 2001 until 2286."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose: what is sent, what is read, and a second line in small print."""

    value: str
    text: str
    description: str = ""


def modal(
    callback_id: str,
    title: str,
    blocks: Iterable[Block],
    *,
    submit: str | None,
    close: str,
    metadata: str = "",
) -> View:
    """A modal. Without `submit` it only shows something. `metadata` is within METADATA by its maker."""
    assert len(metadata) <= METADATA
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, MODAL_TITLE),
        "close": plain_text(close, MODAL_TITLE),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }
    return view | ({"submit": plain_text(submit, MODAL_TITLE)} if submit else {})


def text_input(
    name: str,
    label: str,
    *,
    initial: str = "",
    placeholder: str = "",
    hint: str = "",
    longest: int,
    lines: bool = False,
    optional: bool = False,
) -> Block:
    """A text; its value is under `name` (`value_of`)."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": lines,
        "max_length": longest,
    }
    element |= {"initial_value": shortened(initial, longest)} if initial else {}
    element |= {"placeholder": plain_text(placeholder, PLACEHOLDER)} if placeholder else {}
    return _input(name, label, element, hint=hint, optional=optional)


def radio(name: str, label: str, options: Sequence[Option], *, initial: str | None = None) -> Block:
    """One of a few, each with its description; required."""
    return _input(name, label, _choosing("radio_buttons", name, options, initial))


def select(
    name: str,
    label: str,
    options: Sequence[Option],
    *,
    initial: str | None = None,
    placeholder: str,
    hint: str = "",
    optional: bool = False,
) -> Block:
    """One of up to a hundred; those that are more are left out."""
    element = _choosing("static_select", name, options[:SELECT_OPTIONS], initial)
    element["placeholder"] = plain_text(placeholder, PLACEHOLDER)
    return _input(name, label, element, hint=hint, optional=optional)


def user_select(
    name: str,
    label: str,
    *,
    initial: str | None = None,
    placeholder: str,
    hint: str = "",
    optional: bool = False,
) -> Block:
    """Somebody of the workspace; `optional`: or nobody. `initial` is a Slack user's id."""
    element: Block = {"type": "users_select", "action_id": name}
    element |= {"initial_user": initial} if initial else {}
    element["placeholder"] = plain_text(placeholder, PLACEHOLDER)
    return _input(name, label, element, hint=hint, optional=optional)


def checkbox(name: str, label: str, option: Option, *, checked: bool) -> Block:
    """A box to tick."""
    element: Block = {"type": "checkboxes", "action_id": name, "options": [_option(option)]}
    element |= {"initial_options": [_option(option)]} if checked else {}
    return _input(name, label, element, optional=True)


def datetime_input(
    name: str, label: str, *, initial: datetime | None = None, hint: str = "", optional: bool = False
) -> Block:
    """An instant, in the reader's own time zone; its value is seconds since 1970, as text (`instant_of`)."""
    element: Block = {"type": "datetimepicker", "action_id": name}
    element |= {"initial_date_time": int(initial.timestamp())} if initial else {}
    return _input(name, label, element, hint=hint, optional=optional)


def instant_of(state: Mapping[str, Any], name: str) -> datetime | None:
    """The instant that was chosen under `name`; None where none was, or where it can be none."""
    said = value_of(state, name)
    if said is None or not (said.isascii() and said.isdigit() and len(said) == _EPOCH_DIGITS):
        return None
    return datetime.fromtimestamp(int(said), UTC)


def value_of(state: Mapping[str, Any], name: str) -> str | None:
    """What was filled in under `name`: a text, or the value of what was chosen; None for nothing.

    `state` is a view's `state.values`, by block and action.
    """
    match state.get(name):
        case {**actions} if isinstance(actions.get(name), Mapping):
            element = actions[name]
        case _:
            return None
    match element:
        case {"value": str(value)}:
            return value
        case {"selected_option": {"value": str(value)}}:
            return value
        case {"selected_user": str(value)}:
            return value
        case {"selected_date_time": int(value)}:
            return str(value)
        case {"selected_options": [{"value": str(value)}, *_]}:
            return value
        case _:
            return None


def _input(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain_text(label, LABEL),
        "element": element,
        "optional": optional,
    }
    return block | ({"hint": plain_text(hint, HINT)} if hint else {})


def _choosing(kind: str, name: str, options: Sequence[Option], initial: str | None) -> Block:
    element: Block = {"type": kind, "action_id": name, "options": [_option(option) for option in options]}
    chosen = next((option for option in options if option.value == initial), None)
    return element | ({"initial_option": _option(chosen)} if chosen else {})


def _option(option: Option) -> Block:
    shown: Block = {"text": plain_text(option.text, OPTION_TEXT), "value": option.value}
    return shown | (
        {"description": plain_text(option.description, OPTION_TEXT)} if option.description else {}
    )
