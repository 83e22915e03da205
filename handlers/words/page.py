"""The words of `/page`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.guide import Guide
from bot.domain.named import OFFERED, among, meant
from bot.domain.nearest import closest
from bot.domain.text import clean
from handlers.lines import Command
from handlers.slack_text import escaped, plain
from handlers.words.naming import called
from handlers.words.said import HIGHEST_NUMBER, first

_NUMBER = re.compile(r"(?:pg)?\s*#?0*([1-9][0-9]{0,11})", re.IGNORECASE)
_LABEL = re.compile(r"\s*/?(ack|cancel)\s+(pg\s*#?[0-9]+)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPageForm:
    """Ask by the form; `tier` is chosen already where it was named."""

    tier: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return self.tier or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """Page a tier (a key of the guide), and why."""

    tier: str
    reason: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"{self.tier} {escaped(self.reason)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCall:
    """Acknowledge one, by its number, or the one that is meant where it is said."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "ack" if self.number is None else f"ack PG{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOff:
    """The same to call it off."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "cancel" if self.number is None else f"cancel PG{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCalls:
    """What waits."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHelp:
    """Ask what can be asked."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "help"


WORDS = frozenset({"ack", "cancel", "list", "help"})
"""What a line may begin with beside a tier's name."""


def parse_page(text: str, guide: Guide) -> Command:
    """What a line asks for. A tier's name goes before a word. Raises InvalidError and NotFoundError."""
    said = " ".join(plain(text).split())
    if not said:
        return OpenPageForm()
    names = called((key, tier.title, key) for key, tier in guide.tiers.items())
    asked = _named(said, names)
    if asked is not None:
        return asked
    word, rest = first(said)
    match word.lower():
        case "help":
            return PageHelp()
        case "list":
            return ListCalls()
        case "ack":
            return AnswerCall(number=_number("ack", rest))
        case "cancel":
            return CallOff(number=_number("cancel", rest))
        case _:
            return _begun(word, rest, names)


def line_of_calls(text: str) -> str | None:
    """`ack PG3` or `cancel PG3`, wherever it is said, as `/page` takes it; None for any other line."""
    found = _LABEL.fullmatch(plain(text))
    return f"{found[1]} {found[2]}" if found else None


def _named(said: str, names: Mapping[str, str]) -> Command | None:
    """A tier by its whole key or title, the longest first, and what follows it."""
    lower = said.casefold()
    for name in sorted(names, key=len, reverse=True):
        rest = said[len(name) :] if lower.startswith(name) else None
        if rest is not None and (not rest or rest[0] in " :,"):
            return _asked(names[name], rest)
    return None


def _begun(word: str, rest: str, names: Mapping[str, str]) -> Command:
    """A tier by how its key or title begins, where only one does."""
    typed = word.casefold().rstrip(":,")
    tiers = meant(typed, names)
    if len(tiers) == 1:
        return _asked(tiers[0], rest)
    choices = {**among(tiers, names)}
    choices |= {} if tiers else {one: one for one in sorted(WORDS)}
    near = ", ".join(f"`{one}`" for one in closest(typed, choices, OFFERED))
    shown = clean(word, 60).replace("`", "")
    why = "is the beginning of more than one" if tiers else "is no tier of the guide"
    raise NotFoundError(f"“{shown}” {why}, and nobody was paged. The nearest: {near}.")


def _asked(tier: str, rest: str) -> Command:
    reason = rest.lstrip(" :,").strip()
    return AskPage(tier=tier, reason=reason) if reason else OpenPageForm(tier=tier)


def _number(verb: str, rest: str) -> int | None:
    if not rest:
        return None
    found = _NUMBER.fullmatch(rest.strip())
    if found is None or int(found[1]) > HIGHEST_NUMBER:
        raise InvalidError(f"`{verb}` takes a page's number and nothing else: `/page {verb} PG3`.")
    return int(found[1])
