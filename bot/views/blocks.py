"""Block Kit's parts, each within Slack's limits; and the message that they make.

The limits are those of https://docs.slack.dev/reference/block-kit. What is too long is cut visibly,
never refused: a card that is cut beats a card that Slack rejects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.domain.text import clean
from bot.views.markup import ELLIPSIS, NOTHING, Markup, bold, cut, inert, length, shortened

Block = dict[str, Any]
"""One block or element, as JSON."""

Style = Literal["primary", "danger"]

MESSAGE_BLOCKS = 50
MESSAGE_TEXT = 10_000
"""Slack refuses messages from about 11,000 characters on."""
TOP_TEXT = 3000
"""An edit's top-level text may have 4,000 characters."""
SECTION_TEXT = 3000
FIELDS = 10
FIELD_TEXT = 2000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
ACTION_ELEMENTS = 25
OVERFLOW_OPTIONS = 5
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
OPTION_VALUE = 150
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30

_CUT_NOTE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message: `text` says it all in one line, for screen readers and notifications."""

    text: str
    blocks: tuple[Block, ...]

    def to_json(self) -> dict[str, Any]:
        """The message's part of a Slack payload."""
        return {"text": self.text, "blocks": list(self.blocks)}


def message(text: Markup, blocks: Iterable[Block]) -> Message:
    """A message within Slack's limits; blocks that are too many are left out, and their number is said."""
    wanted = list(blocks)
    kept = _that_fit(wanted)
    if len(kept) < len(wanted):
        kept.append(context(Markup(f"{len(wanted) - len(kept)} more not shown")))
    return Message(text=cut(text, TOP_TEXT), blocks=tuple(kept))


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain_text(text, HEADER_TEXT)}


def section(text: Markup, *, accessory: Block | None = None) -> Block:
    """A paragraph with markup; `accessory` is a button beside it."""
    beside = {"accessory": accessory} if accessory else {}
    return {"type": "section", "text": _mrkdwn(text, SECTION_TEXT), **beside}


def plain_section(text: str) -> Block:
    """A paragraph that is shown as it is."""
    return {"type": "section", "text": plain_text(text, SECTION_TEXT)}


def fields(pairs: Sequence[tuple[str, Markup]]) -> Block:
    """Labelled values in two columns; at least one."""
    shown = [Markup(f"{bold(inert(label))}\n{value}") for label, value in pairs[:FIELDS]]
    return {"type": "section", "fields": [_mrkdwn(one, FIELD_TEXT) for one in shown]}


def context(*texts: Markup) -> Block:
    """Small print."""
    return {"type": "context", "elements": [_mrkdwn(one, FIELD_TEXT) for one in texts[:CONTEXT_ELEMENTS]]}


def actions(block_id: str, *elements: Block) -> Block:
    """A row of buttons and menus."""
    assert 0 < len(elements) <= ACTION_ELEMENTS
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(
    label: str,
    action_id: str,
    value: str,
    *,
    style: Style | None = None,
    confirm: Block | None = None,
    spoken: str | None = None,
) -> Block:
    """A button. `spoken` is what screen readers say in the place of a label that alone says too little."""
    assert len(value) <= BUTTON_VALUE
    more = {"style": style, "confirm": confirm, "accessibility_label": _line(spoken, BUTTON_TEXT)}
    return {
        "type": "button",
        "text": plain_text(label, BUTTON_TEXT),
        "action_id": action_id,
        "value": value,
        **{key: one for key, one in more.items() if one is not None},
    }


def overflow(action_id: str, options: Sequence[tuple[str, str]]) -> Block:
    """A menu behind three dots: labels and values."""
    assert 0 < len(options) <= OVERFLOW_OPTIONS
    assert all(len(value) <= OPTION_VALUE for _, value in options)
    return {
        "type": "overflow",
        "action_id": action_id,
        "options": [{"text": plain_text(label, BUTTON_TEXT), "value": value} for label, value in options],
    }


def confirm(title: str, text: str, *, yes: str, no: str, style: Style | None = None) -> Block:
    """The question before something is done."""
    asked: Block = {
        "title": plain_text(title, CONFIRM_TITLE),
        "text": plain_text(text, CONFIRM_TEXT),
        "confirm": plain_text(yes, CONFIRM_BUTTON),
        "deny": plain_text(no, CONFIRM_BUTTON),
    }
    return asked | ({"style": style} if style else {})


def plain_text(text: str, limit: int) -> Block:
    """Text that is shown as it is, cut visibly at `limit`."""
    return {"type": "plain_text", "text": _line(text, limit) or NOTHING, "emoji": False}


def _line(text: str | None, limit: int) -> str | None:
    """A text on one line, cut visibly at `limit`; None where there is nothing to read."""
    line = clean(text or "", limit)
    if length(line) > limit:
        line = shortened(line, limit - 1).rstrip() + ELLIPSIS
    return line or None


def _mrkdwn(text: Markup, limit: int) -> Block:
    return {"type": "mrkdwn", "text": cut(text, limit) or NOTHING, "verbatim": True}


def _that_fit(blocks: Sequence[Block]) -> list[Block]:
    """The first blocks that a message takes, with room for a note on the rest."""
    if len(blocks) <= MESSAGE_BLOCKS and sum(map(text_length, blocks)) <= MESSAGE_TEXT:
        return list(blocks)
    kept: list[Block] = []
    room = MESSAGE_TEXT - _CUT_NOTE
    for block in blocks[: MESSAGE_BLOCKS - 1]:
        room -= text_length(block)
        if room < 0:
            break
        kept.append(block)
    return kept


def text_length(block: Block) -> int:
    """How much of a message's text a block takes."""
    return sum(length(text) for text in _texts(block))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("type") in {"plain_text", "mrkdwn"}:
            yield str(part["text"])
            return
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _texts(one)
