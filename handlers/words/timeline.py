"""The words of the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import InvalidError
from bot.domain.export import Format
from bot.domain.times import HOW, Moment
from handlers.lines import Command, line_of
from handlers.words.said import Read, Said, first, number_and_text, number_of, numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All of one incident's history."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("timeline", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to be written down."""

    number: int | None = None
    text: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("note", self.number, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """What is to be said about an entry: what it should have said, or (`strike`) why it is wrong."""

    number: int | None = None
    entry: int
    text: str = ""
    strike: bool = False

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("strike" if self.strike else "correct", self.number, f"{self.entry}:", self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTimes:
    """When one incident started, was detected, acknowledged, mitigated and resolved."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("times", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTime:
    """When a moment was, as it was typed."""

    number: int | None = None
    moment: Moment
    when: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("times", self.number, self.moment, self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTimeline:
    """One incident's timeline as a file."""

    number: int | None = None
    format: Format = Format.MARKDOWN

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("export", self.number, self.format)


def _note(said: Said) -> Command:
    number, text = number_and_text(said.rest)
    if not text:
        raise InvalidError("A note needs a text: `note 42 traffic moved to the other region`.")
    return Note(number=number, text=text)


def _amend(*, strike: bool) -> Read:
    """`correct 42 7 the right text`; with one number, or a colon after the first, that is the entry's."""
    verb, rest = ("strike", "why it is wrong") if strike else ("correct", "the right text")

    def read(said: Said) -> Command:
        word, after = first(said.rest)
        number, entry, text = None, number_of(word), after
        second, others = first(after)
        if entry is not None and not word.endswith(":") and number_of(second) is not None:
            number, entry, text = entry, number_of(second), others
        if entry is None or (not text and not strike):
            raise InvalidError(f"Which entry of the timeline, and what? `{verb} 42 7 {rest}`.")
        return Amend(number=number, entry=entry, text=text, strike=strike)

    return read


def _times(said: Said) -> Command:
    """`times 42`, `times 42 started 14:05`."""
    number, rest = number_and_text(said.rest)
    if not rest:
        return ShowTimes(number=number)
    word, when = first(rest)
    moment = next((one for one in Moment if one == word.lower()), None)
    if moment is None or not when:
        names = ", ".join(f"`{one}`" for one in Moment)
        raise InvalidError(f"Which time? `times 42 started 14:05`; there are {names}. {HOW}")
    return SetTime(number=number, moment=moment, when=when)


def _export(said: Said) -> Command:
    """`export 42`, `export 42 json`."""
    number, rest = number_and_text(said.rest)
    form = _FORMATS.get(rest.lower())
    if form is None:
        raise InvalidError("As which file? `export 42 md` for people, `export 42 json` for programs.")
    return ExportTimeline(number=number, format=form)


_FORMATS = {
    "": Format.MARKDOWN,
    "md": Format.MARKDOWN,
    "markdown": Format.MARKDOWN,
    "json": Format.JSON,
}

WORDS: Mapping[str, Read] = {
    "timeline": numbered("timeline", lambda number: Timeline(number=number)),
    "note": _note,
    "correct": _amend(strike=False),
    "strike": _amend(strike=True),
    "times": _times,
    "export": _export,
}
