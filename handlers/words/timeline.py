"""The words of the timeline."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.errors import InvalidError
from bot.domain.export import Format
from bot.domain.times import HOW, Moment
from handlers.lines import Amend, Command, ExportTimeline, Note, SetTime, ShowTimes, Timeline
from handlers.words.said import Read, Said, first, number_and_text, number_of, numbered


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
