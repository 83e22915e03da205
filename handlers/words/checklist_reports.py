"""The words of `/checklist` that look back: `history` and `report`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from handlers.lines import Command
from handlers.words.checklist_numbers import Hear, Heard
from handlers.words.checklists import checklist_named
from handlers.words.counting import USUAL, length_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHistory:
    """The newest runs, of all checklists or of one (a key of the guide)."""

    key: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return " ".join(word for word in ("history", self.key) if word)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountReviews:
    """How reviews went in the last `length`: all of them, or those of one checklist, by item."""

    length: timedelta = USUAL
    key: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return " ".join(word for word in ("report", self.key, f"{self.length.days}d") if word)


def _history(heard: Heard) -> Command:
    return ListHistory(key=checklist_named(heard.rest, heard.called) if heard.rest else None)


def _report(heard: Heard) -> Command:
    """A checklist and a length, in any order, each where it is said."""
    words = heard.rest.split()
    lengths = [found for word in words if (found := length_of(word)) is not None]
    name = " ".join(word for word in words if length_of(word) is None)
    return CountReviews(
        length=lengths[-1] if lengths else USUAL,
        key=checklist_named(name, heard.called) if name else None,
    )


WORDS: Mapping[str, Hear] = {"history": _history, "report": _report}
