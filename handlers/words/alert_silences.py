"""How long alerts are kept quiet, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import InvalidError
from bot.domain.text import clean
from handlers.lines import Command
from handlers.slack_text import escaped
from handlers.words.alert_numbers import about_several, alert_numbers, line_about
from handlers.words.said import Read, Said, first

USUAL = timedelta(hours=1)
"""How long a silence lasts where nothing else is said: as long as by the card's button."""

WORKDAY = "workday"
"""The length of a silence that ends when the next business day opens."""

_PART = r"([0-9]{1,5}) ?(mins?|minutes?|m|hrs?|hours?|h|days?|d|weeks?|w)"
_PARTS = re.compile(_PART, re.IGNORECASE)
_LENGTH = re.compile(rf"({_PART}(?: ?{_PART}){{0,3}})(?=[\s:,]|$)[:,]*", re.IGNORECASE)
_WORKDAY = re.compile(
    rf"(?:until )?(?:the )?(?:{WORKDAY}|(?:next )?business day)(?=[\s:,]|$)[:,]*", re.IGNORECASE
)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(days=7)}
_LONGEST_WORD = 20
_HOW = (
    "For how long? `silence A12 4h deploy goes on`; there are minutes, hours, days (`30m`, `1h30m`, `2d`) "
    f"and `{WORKDAY}`, until the next business day. Without one it is for 1 h."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceAlerts:
    """They are to be quiet for so long; None: until the next business day."""

    numbers: tuple[int, ...] = ()
    length: timedelta | None = USUAL
    reason: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        length = WORKDAY if self.length is None else f"{self.length // timedelta(minutes=1)}m"
        return line_about("silence", self.numbers, length, escaped(self.reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsilenceAlerts:
    """They are to be heard again."""

    numbers: tuple[int, ...] = ()

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("unsilence", self.numbers)


def _silence(said: Said) -> Command:
    """`silence A12 4h deploy goes on`, `silence A12 A13 workday`, `silence 30m`."""
    numbers, text = alert_numbers(said.rest, before=_LENGTH)
    if found := _LENGTH.match(text):
        length: timedelta | None = _length(found[1])
    elif found := _WORKDAY.match(text):
        length = None
    elif text[:1].isdigit():
        raise InvalidError(f"“{clean(first(text)[0], _LONGEST_WORD)}” is no length of time. {_HOW}")
    else:
        return SilenceAlerts(numbers=numbers, reason=text)
    return SilenceAlerts(numbers=numbers, length=length, reason=text[found.end() :].strip())


def _length(text: str) -> timedelta:
    """What `4h`, `90 min` or `1h30m` comes to."""
    return sum((int(count) * _UNITS[unit[0].lower()] for count, unit in _PARTS.findall(text)), timedelta())


WORDS: Mapping[str, Read] = {
    "silence": _silence,
    "unsilence": about_several("unsilence", lambda numbers: UnsilenceAlerts(numbers=numbers)),
}
