"""The words for what is done once an incident is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from handlers.lines import line_of
from handlers.slack_text import escaped
from handlers.words.said import Read, Said, alone, first, number_and_text

_HOW = (
    "`postmortem 42` posts a fresh draft, `postmortem 42 done https://…` says where it stands, "
    "`postmortem 42 not-needed why` that none is needed, `postmortem 42 to @lee` that Lee writes it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPostmortem:
    """A fresh draft. Here and below: `number` None is the incident of the thread, or the only open one."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("postmortem", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishPostmortem:
    """It is written; `link` says where."""

    number: int | None = None
    link: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("postmortem", self.number, "done", self.link)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaivePostmortem:
    """None is needed, and why."""

    number: int | None = None
    reason: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("postmortem", self.number, "not-needed", self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverPostmortem:
    """Somebody else writes it."""

    number: int | None = None
    to: Actor

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"{line_of('postmortem', self.number, 'to')} <@{self.to.id}|{escaped(self.to.name)}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPostmortems:
    """What is still to be written."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("postmortems")


def _postmortem(
    said: Said,
) -> DraftPostmortem | FinishPostmortem | WaivePostmortem | HandOverPostmortem:
    number, words = number_and_text(said.rest)
    verb, rest = first(words)
    match verb.lower():
        case "":
            return DraftPostmortem(number=number)
        case "done":
            return FinishPostmortem(number=number, link=rest or None)
        case "not-needed":
            return WaivePostmortem(number=number, reason=rest)
        case "to" if len(said.people) == 1:
            return HandOverPostmortem(number=number, to=said.people[0])
        case _:
            raise InvalidError(_HOW)


WORDS: Mapping[str, Read] = {
    "postmortem": _postmortem,
    "post-mortem": _postmortem,
    "postmortems": alone("postmortems", ListPostmortems()),
}
