"""How people type a stretch of time to come: `2026-12-05 22:00 for 4h`, `until fri 18:00`, `for 2h`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.domain.changes.length import HOW_LONG, cut_length, one_line, quoted
from bot.domain.changes.when import HOW, cut_when
from bot.domain.errors import InvalidError

_FROM = re.compile(r"(?:from|starting) +", re.IGNORECASE)
_FOR = re.compile(r"for(?: +|$)", re.IGNORECASE)
_UNTIL = re.compile(r"(?:(?:until|till|to)(?: +|$)|[-\N{EN DASH}] *)", re.IGNORECASE)
_KEYWORD = re.compile(r" (?:for|until|till|to) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From when to when, and what was typed after that: what it is for."""

    starts: datetime
    ends: datetime
    rest: str


def read_stretch(text: str, now: datetime, zone: tzinfo, *, from_now: bool = False) -> Stretch:
    """The stretch with which a text begins. With `from_now` its beginning may be left out.

    An end without a day is the next such time after the beginning. Raises InvalidError, in words for the one
    who typed it.
    """
    typed = one_line(text)
    starts, after = _beginning(typed, now, zone, from_now=from_now)
    if word := _FOR.match(after):
        length, rest = cut_length(after[word.end() :])
        if length is None:
            raise InvalidError(f"For how long?{_no(after[word.end() :], 'length of time')} {HOW_LONG}")
        ends = starts + length
    elif word := _UNTIL.match(after):
        end, rest = cut_when(after[word.end() :], now, zone, after=starts)
        if end is None:
            raise InvalidError(f"Until when?{_no(after[word.end() :], 'time')} {HOW}")
        ends = end
    else:
        raise InvalidError("For how long? Say `for 4h`, or `until fri 18:00`, after when it begins.")
    return Stretch(starts=starts, ends=ends, rest=rest)


def _beginning(typed: str, now: datetime, zone: tzinfo, *, from_now: bool) -> tuple[datetime, str]:
    """When it begins, and what follows."""
    if from_now and (_FOR.match(typed) or _UNTIL.match(typed)):
        return now, typed
    word = _FROM.match(typed)
    said = typed[word.end() :] if word else typed
    starts, rest = cut_when(said, now, zone)
    if starts is None:
        begins = _KEYWORD.split(said, maxsplit=1)[0]
        raise InvalidError(f"From when?{_no(begins, 'time')} {HOW}")
    return starts, rest


def _no(said: str, what: str) -> str:
    """That what was said is none."""
    return f" `{quoted(said)}` is no {what}." if said else ""
