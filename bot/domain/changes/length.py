"""How people type lengths of time: `30m`, `4h`, `1h 30m`, `2 days`."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.errors import InvalidError
from bot.domain.text import clean

HOW_LONG = "Type `30m`, `4h`, `1h 30m` or `2 days`."
"""How a length is typed."""

LONGEST = timedelta(days=3660)
"""Whatever is longer is a slip of the finger."""

_PART = re.compile(
    r"(?P<count>\d{1,5}) ?(?P<unit>w(?:eeks?)?|d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?)(?![a-z])",
    re.ASCII | re.IGNORECASE,
)
_AND = re.compile(r"(?: and |, ?| |)", re.IGNORECASE)
_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}
_QUOTED = 40


def read_length(text: str) -> timedelta:
    """The length of time that a text is. Raises InvalidError."""
    typed = one_line(text)
    length, rest = cut_length(typed)
    if not typed:
        raise InvalidError(f"How long? {HOW_LONG}")
    if length is None or rest:
        raise InvalidError(f"`{quoted(typed)}` is no length of time. {HOW_LONG}")
    return length


def cut_length(text: str) -> tuple[timedelta | None, str]:
    """The length with which a text begins, None where it does with none, and what follows it."""
    length, end = timedelta(), 0
    while True:
        between = _AND.match(text, end) if end else None
        part = _PART.match(text, between.end() if between else end)
        if part is None:
            break
        length += int(part["count"]) * _UNITS[part["unit"][0].lower()]
        end = part.end()
    if not end:
        return None, text
    if length > LONGEST:
        raise InvalidError(f"`{quoted(text[:end])}` is too long. {HOW_LONG}")
    return length, text[end:].lstrip()


def one_line(text: str) -> str:
    """What was typed, with single blanks."""
    return " ".join(text.split())


def quoted(text: str) -> str:
    """The beginning of what was typed, as it can stand between backticks."""
    return clean(text, _QUOTED).replace("`", "'")
