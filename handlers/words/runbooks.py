"""The words of `/runbook`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import InvalidError
from bot.domain.text import clean
from handlers.lines import Command
from handlers.slack_text import escaped

LONGEST = 200
"""Characters of what is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRunbooks:
    """All of them, by section."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRunbook:
    """The best that fits `words`; without any, what fits where it is asked. In an incident it is opened."""

    words: str = ""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return escaped(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowRunbook:
    """Show the one that is called so, for whoever asks."""

    words: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"show {escaped(self.words)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRunbooks:
    """All that hold these words."""

    words: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"search {escaped(self.words)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookHelp:
    """Ask what can be asked."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "help"


def open_runbook(said: str) -> Command:
    """`payment`, or nothing."""
    return OpenRunbook(words=clean(said, LONGEST))


def show_runbook(said: str) -> Command:
    """`show payment-operations`. Raises InvalidError."""
    words = clean(said, LONGEST)
    if not words:
        raise InvalidError("Which one? `/runbook show incident-response`; `/runbook list` names them all.")
    return ShowRunbook(words=words)


def search_runbooks(said: str) -> Command:
    """`search failover replica`. Raises InvalidError."""
    words = clean(said, LONGEST)
    if not words:
        raise InvalidError("Search for what? `/runbook search failover replica` finds what holds both words.")
    return SearchRunbooks(words=words)
