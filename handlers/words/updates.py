"""The words about the state of things: updates, who is hurt, and how often an update is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import InvalidError
from handlers.lines import Command, line_of
from handlers.words.said import Read, Said, number_and_text

NEVER = "off"
"""How often updates are asked for that are not wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """How things stand."""

    number: int | None = None
    text: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("update", self.number, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpdates:
    """An update is to be asked for this often; None: never."""

    number: int | None = None
    every: timedelta | None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        pace = NEVER if self.every is None else f"{self.every // timedelta(minutes=1)}m"
        return line_of("updates", self.number, pace)


@dataclass(frozen=True, slots=True, kw_only=True)
class StillOnIt:
    """It is in hands."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("still", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetImpact:
    """Who is hurt, and how."""

    number: int | None = None
    text: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("impact", self.number, self.text)


_LENGTH = re.compile(r"(?:every )?(\d{1,6}) ?(m|min|mins|minutes?|h|hours?)", re.IGNORECASE)


def _update(said: Said) -> Command:
    number, text = number_and_text(said.rest)
    if not text:
        raise InvalidError("An update needs a text: `update 42 rolled back, error rate falling`.")
    return Update(number=number, text=text)


def _updates(said: Said) -> Command:
    """`updates 42 30m`, `updates 42 off`."""
    number, pace = number_and_text(said.rest)
    if pace.lower() == NEVER:
        return SetUpdates(number=number, every=None)
    length = _LENGTH.fullmatch(pace)
    if length is None:
        raise InvalidError(
            f"How often? `updates 42 30m` asks for an update every 30 minutes, `updates 42 {NEVER}` never."
        )
    minutes = int(length[1]) * (60 if length[2].lower().startswith("h") else 1)
    return SetUpdates(number=number, every=timedelta(minutes=minutes))


def _impact(said: Said) -> Command:
    number, text = number_and_text(said.rest)
    if not text:
        raise InvalidError("Who is hurt, and how? `impact 42 customers cannot pay`.")
    return SetImpact(number=number, text=text)


def _still(said: Said) -> Command:
    """`still`, `still on it`, `still 42`."""
    number, text = number_and_text(said.rest)
    if text.lower().rstrip(".!") not in {"", "on it"}:
        raise InvalidError("`still 42` says that somebody is on it. An update: `update 42 rolled back`.")
    return StillOnIt(number=number)


WORDS: Mapping[str, Read] = {"update": _update, "updates": _updates, "impact": _impact, "still": _still}
