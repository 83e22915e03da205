"""Declaring in a line: a severity, flags anywhere, and the words of the title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.errors import InvalidError
from bot.domain.severity import Severity
from handlers.slack_text import escaped
from handlers.words.said import SEVERITY, Read, Said, first, service_of, severity_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare:
    """Something is wrong, or (`drill`) is to be treated as if it were. `service` is a key of the guide."""

    severity: Severity
    title: str
    service: str | None = None
    security: bool = False
    drill: bool = False

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return _declare_line(self, self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Something is wrong, and a form is to ask for the rest."""

    severity: Severity | None = None
    service: str | None = None
    security: bool = False
    drill: bool = False

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return _declare_line(self, "")


def _declare_line(command: Declare | Ask, title: str) -> str:
    parts = (
        "drill" if command.drill else "",
        command.severity.lower() if command.severity else "",
        "security:" if command.security else "",
        f"service:{escaped(command.service)}" if command.service else "",
        escaped(title),
    )
    return " ".join(part for part in parts if part)


_SEPARATORS = " -–—:,："  # noqa: RUF001 - people type all of these between a severity and a title
_SERVICE = "service:"

# The word may be bold or quoted, in brackets, and apart from its colon: a flag too many does less harm than
# one too few.
_OPEN = r"[*_~`\"'(\[{<«»‹›「『【（]*"  # noqa: RUF001 - as typed, here and below
_CLOSE = r"[*_~`\"')\]}>«»‹›」』】）]*"  # noqa: RUF001
_COLON = r"[:：]+"  # noqa: RUF001
_SECURITY = re.compile(rf"({_OPEN})security({_CLOSE}){_COLON}({_CLOSE})", re.IGNORECASE)
_SECURITY_WORD = re.compile(rf"({_OPEN})security({_CLOSE})", re.IGNORECASE)
_ITS_COLON = re.compile(rf"{_COLON}({_CLOSE})")
_SECURITY_APART = re.compile(rf"{_OPEN}security{_CLOSE} {_COLON}{_CLOSE}", re.IGNORECASE)


def begins(typed: str) -> bool:
    """Whether a line declares without the word for it: it begins with a severity or a flag."""
    word, _ = first(typed)
    return bool(SEVERITY.fullmatch(word) or _is_flag(word) or _SECURITY_APART.match(typed))


def declare(said: Said) -> Declare | Ask:
    """`p0 checkout is down`, with its flags; what does not say all asks for the form."""
    flags, word, rest = _leading_flags(said.rest)
    match = SEVERITY.fullmatch(word)
    if match is None and word:
        raise InvalidError("Which severity? P0 is the worst, P3 the least: `p0 checkout is down`.")
    severity = severity_of(match[1]) if match else None
    words = f"{(match[2] if match else None) or ''} {rest}".lstrip(_SEPARATORS).split()
    declared = _Declared.of([*flags, *words], said.services)
    if severity is None or not declared.title:
        return Ask(severity=severity, service=declared.service, security=declared.security)
    return Declare(
        severity=severity, title=declared.title, service=declared.service, security=declared.security
    )


def _drill(said: Said) -> Declare | Ask:
    return replace(declare(said), drill=True)


def _leading_flags(line: str) -> tuple[list[str], str, str]:
    """The flags before the severity, the word after them, and the rest of the line."""
    flags: list[str] = []
    rest = line
    while True:
        word, after = first(rest)
        if apart := _SECURITY_APART.match(rest):
            flags.append("security:")
            rest = rest[apart.end() :].lstrip(" ")
        elif _is_flag(word) or (flags and flags[-1].lower() == _SERVICE):
            flags.append(word)
            rest = after
        else:
            return flags, word, after


def _is_flag(word: str) -> bool:
    return bool(_SECURITY.match(word)) or word.lower().startswith(_SERVICE)


@dataclass(slots=True)
class _Declared:
    """A declaration's words, with the flags taken out of them wherever they stand.

    `security:word` flags and keeps the word; what opens before it and closes after the flag goes with it,
    what does not stays with the next word. `service: word` with a blank is a flag only where the word is a
    service: "payment service: errors" is a title.
    """

    known: Mapping[str, str]
    words: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    security: bool = False
    opened: str = ""
    """Brackets and quotes that a flag has left behind."""

    @classmethod
    def of(cls, words: Iterable[str], known: Mapping[str, str]) -> _Declared:
        """Read all words; `known` are the guide's services by their keys in lower case."""
        declared = cls(known)
        for word in words:
            declared._take(word)
        return declared

    @property
    def title(self) -> str:
        """The words that are no flags."""
        return " ".join(self.words)

    @property
    def service(self) -> str | None:
        """The guide's key of the service that is named. Raises where two are, or one unknown."""
        if not self.services:
            return None
        name, *others = self.services
        if any(other.lower() != name.lower() for other in others):
            raise InvalidError(f"One service at a time, not both `{name}` and `{others[-1]}`.")
        return service_of(name, self.known)

    def _take(self, word: str) -> None:
        word = self._unflagged(word)
        if self.words and self.words[-1].lower() == _SERVICE and word.lower() in self.known:
            self.words.pop()
            self.services.append(word)
        elif word.lower().startswith(_SERVICE) and word.lower() != _SERVICE:
            self.services.append(word[len(_SERVICE) :].strip("\"'"))
        elif word:
            self.words.append(self.opened + word)
            self.opened = ""

    def _unflagged(self, word: str) -> str:
        """What is left of a word without the flags that it begins with, or completes."""
        while True:
            if match := _SECURITY.match(word):
                opened, closed = match[1], match[2] + match[3]
            elif (
                (match := _ITS_COLON.match(word))
                and self.words
                and (before := _SECURITY_WORD.fullmatch(self.words[-1]))
            ):
                self.words.pop()
                opened, closed = before[1], before[2] + match[1]
            else:
                return word
            self.security, word = True, word[match.end() :]
            if not closed:
                self.opened += opened
            elif not opened:
                word = closed + word


WORDS: Mapping[str, Read] = {"declare": declare, "drill": _drill}
