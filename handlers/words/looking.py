"""The words that look and change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.lines import line_of
from handlers.words.said import Read, alone, numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOpen:
    """Ask what is open."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One incident, with its history."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("show", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSeverities:
    """The guide's matrix of severities."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("severities")


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Ask what can be asked."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("help")


WORDS: Mapping[str, Read] = {
    "list": alone("list", ListOpen()),
    "show": numbered("show", lambda number: Show(number=number)),
    "severities": alone("severities", ShowSeverities()),
    "help": lambda _said: Help(),
}
