"""Rich text and tables, as Slack takes them in blocks."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.rules import (
    Findings,
    Rule,
    Shape,
    boolean,
    by_type,
    items,
    length,
    number,
    one_of,
    string,
)

PARTS = 1_000
ROWS, COLUMNS = 100, 20
TABLE_TEXT = 10_000
STYLE = Shape(dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), boolean))
STYLED: dict[str, Rule] = {"style": STYLE}
_ID = string(255, least=1)


def _words(found: Findings, value: Any, where: str) -> None:
    string(12_000, least=1)(found, value, where)
    found.text += length(value) if isinstance(value, str) else 0


INLINE: dict[str, Rule] = {
    "text": Shape({"text": _words, **STYLED}, ("text",)),
    "link": Shape({"url": string(3000, least=1), "text": _words, "unsafe": boolean, **STYLED}, ("url",)),
    "user": Shape({"user_id": _ID, **STYLED}, ("user_id",)),
    "usergroup": Shape({"usergroup_id": _ID, **STYLED}, ("usergroup_id",)),
    "channel": Shape({"channel_id": _ID, **STYLED}, ("channel_id",)),
    "emoji": Shape({"name": _ID, "unicode": string(255), "skin_tone": number(1, 6), **STYLED}, ("name",)),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone"), **STYLED}, ("range",)),
    "date": Shape(
        {
            "timestamp": number(0, 9_999_999_999),
            "format": string(255, least=1),
            "url": string(3000),
            "fallback": string(255),
            **STYLED,
        },
        ("timestamp", "format"),
    ),
    "color": Shape({"value": string(7, least=7)}, ("value",)),
}
_INLINES = items(0, PARTS, by_type(INLINE, "element"))
_SECTION = Shape({"elements": _INLINES}, ("elements",))
_BORDER: dict[str, Rule] = {"border": number(0, 1)}
GROUPS: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": Shape({"elements": _INLINES, **_BORDER}, ("elements",)),
    "rich_text_preformatted": Shape(
        {
            "elements": items(0, PARTS, by_type(INLINE, "element", "text", "link")),
            "language": string(255),
            **_BORDER,
        },
        ("elements",),
    ),
    "rich_text_list": Shape(
        {
            "elements": items(1, PARTS, by_type({"rich_text_section": _SECTION}, "element")),
            "style": one_of("bullet", "ordered"),
            "indent": number(0, 8),
            "offset": number(0, 1_000_000),
            **_BORDER,
        },
        ("elements", "style"),
    ),
}
RICH_ELEMENTS = items(1, PARTS, by_type(GROUPS, "element"))
RICH_TEXT = Shape({"block_id": string(255), "elements": RICH_ELEMENTS}, ("elements",))
CELLS: dict[str, Rule] = {
    "raw_text": Shape({"text": _words}, ("text",)),
    "rich_text": RICH_TEXT,
}
_TABLE = Shape(
    {
        "block_id": string(255),
        "rows": items(1, ROWS, items(1, COLUMNS, by_type(CELLS, "cell"))),
        "column_settings": items(
            0,
            COLUMNS,
            Shape({"align": one_of("left", "center", "right"), "is_wrapped": boolean}),
        ),
    },
    ("rows",),
)


def table(found: Findings, value: Any, where: str) -> None:
    """A table: one a message, with at most 10,000 characters in its cells."""
    before = found.text
    _TABLE(found, value, where)
    if found.text - before > TABLE_TEXT:
        found.add(where, f"must be less than {TABLE_TEXT + 1} characters")
    found.tables += 1
    if found.tables > 1:
        found.add(where, "only_one_table_allowed")
