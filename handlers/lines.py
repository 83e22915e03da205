"""What `/incident` can be asked, as values; and each as the line that asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from handlers.slack_text import escaped


class Command(Protocol):
    """Something that is asked. Two are equal where they ask the same."""

    @property
    def line(self) -> str:
        """The line that asks for it, as Slack would send it: `parse` gives the same value again."""


def line_of(verb: str, number: int | None = None, *texts: str | None) -> str:
    """The line of a command by its verb, its incident's number and what else it says, in plain text."""
    parts = (verb, f"#{number}" if number is not None else None, *(escaped(text) for text in texts if text))
    return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A line that begins with no known word: the word, the nearest known one, and all that was typed."""

    word: str
    nearest: str | None
    typed: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return escaped(self.typed)
