"""Text that people and other systems hand in, made fit for one line; and durations in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta

TITLE_LIMIT = 200
"""Characters of an incident's title that are kept."""

IMPACT_LIMIT = 1000
"""Characters of an impact that are kept."""

UPDATE_LIMIT = 2000
"""Characters of an update that are kept."""

_FAR = timedelta(days=6)
_VERY_FAR = timedelta(days=180)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""As people read days and months, Monday and January first."""

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_ZERO_WIDTH_JOINER = "\u200d"  # part of many emoji


def clean(text: str, limit: int = TITLE_LIMIT) -> str:
    """`text` on one line, without control and bidirectional characters, at most `limit` characters."""
    if not (text.isascii() and text.isprintable()):  # most texts are plain, and long ones cost time
        text = "".join(_visible(character) for character in text)
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    if character == _ZERO_WIDTH_JOINER:
        return character
    return "" if unicodedata.category(character) in _INVISIBLE else character


def listed(names: Sequence[str], most: int) -> str:
    """`a, b and 3 more`: no more than so many by name."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def clock_time(at: datetime, now: datetime) -> str:
    """An instant as a clock of its zone shows it: `Mon 09:00 EST`; with date and year where it is far."""
    away = abs(at - now)
    date = f" {at.day} {MONTHS[at.month - 1]}" if away >= _FAR else ""
    date += f" {at.year}" if away >= _VERY_FAR else ""
    return f"{DAYS[at.weekday()]}{date} {at:%H:%M} {at.tzname()}"


def day_words(day: date) -> str:
    """A day, as people read it: `Tue 1 Dec`."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def duration(length: timedelta) -> str:
    """A length of time as people say it: `15 min`, `4 h`, `1 h 30 min`, `2 d`."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 1:
        return f"{max(0, round(length.total_seconds()))} s"
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
