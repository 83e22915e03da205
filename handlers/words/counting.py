"""`stats`: how far back, which service, and whether a chart is wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import InvalidError
from handlers.lines import line_of
from handlers.words.said import Read, Said, service_of

USUAL = timedelta(days=30)
"""How far statistics reach back where nothing else is asked."""

_LENGTH = re.compile(r"([0-9]{1,4})(d|w|m)(?:ays?|eeks?|onths?)?", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30}
_SERVICE = "service:"
_CHART = "chart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How incidents went in the last `length`, all or of one service (a key of the guide)."""

    length: timedelta = USUAL
    service: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("stats", None, *_words(self.length, self.service))


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawChart:
    """The same, drawn for everybody in the channel."""

    length: timedelta = USUAL
    service: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("stats", None, *_words(self.length, self.service), _CHART)


def length_of(word: str) -> timedelta | None:
    """The length of time that a word says: `7d`, `12w`, `1month`. None where it says none."""
    found = _LENGTH.fullmatch(word)
    return timedelta(days=int(found[1]) * _DAYS[found[2].lower()]) if found else None


def _words(length: timedelta, service: str | None) -> tuple[str, str | None]:
    return f"{length.days}d", f"{_SERVICE}{service}" if service else None


def _count(said: Said) -> Count | DrawChart:
    length, service, chart = USUAL, None, False
    for word in said.rest.replace(f"{_SERVICE} ", _SERVICE).split():
        if word.lower().startswith(_SERVICE):
            service = service_of(word[len(_SERVICE) :], said.services)
        elif (found := length_of(word)) is not None:
            length = found
        elif word.lower() == _CHART:
            chart = True
        else:
            raise InvalidError(
                f"`stats` knows how far back, which service, and `{_CHART}`, not `{word}`: "
                "`stats`, `stats 7d chart`, `stats 12w service:payment`."
            )
    return (DrawChart if chart else Count)(length=length, service=service)


WORDS: Mapping[str, Read] = {"stats": _count}
