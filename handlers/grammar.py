"""Text → command value: the one grammar of `/incident` and of mentions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NoReturn

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.nearest import nearest
from bot.domain.severity import Severity
from handlers.lines import (
    NOBODY,
    Acknowledge,
    Ask,
    ChangeSeverity,
    Command,
    Declare,
    Escalate,
    GiveRole,
    Help,
    ListOpen,
    Reopen,
    Show,
    TakeTurn,
    Turn,
    Unknown,
    Update,
)
from handlers.slack_text import people_in, plain

HIGHEST_NUMBER = 2**31 - 1

_SEVERITY = re.compile(r"p([0-9]+)(?:[:,：]+(.*))?", re.IGNORECASE)  # noqa: RUF001 - full-width, as typed
_NUMBER = re.compile(r"#?([0-9]+)[:,]?")
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


def parse(text: str, services: Iterable[str]) -> Command:
    """What a line asks for. `text` is as Slack sends it, `services` are the guide's keys.

    Raises InvalidError or NotFoundError in words for the one who typed it.
    """
    typed = plain(text)
    word, rest = _first(typed)
    verb = word.lower()
    if not verb:
        return Ask()
    if verb == "declare":
        return _declare(rest, services)
    if verb == "drill":
        return replace(_declare(rest, services), drill=True)
    if _SEVERITY.fullmatch(word) or _is_flag(word) or _SECURITY_APART.match(typed):
        return _declare(typed, services)
    if verb == "role":
        return _read_role(rest, people_in(text))
    read = _VERBS.get(verb)
    if read is None:
        known = nearest(verb, (*_VERBS, "declare", "drill", "role"))
        return Unknown(word=word, nearest=known, typed=typed)
    return read(rest)


def _declare(line: str, services: Iterable[str]) -> Declare | Ask:
    flags, word, rest = _leading_flags(line)
    match = _SEVERITY.fullmatch(word)
    if match is None and word:
        raise InvalidError("Which severity? P0 is the worst, P3 the least: `p0 checkout is down`.")
    severity = _severity(match[1]) if match else None
    words = f"{(match[2] if match else None) or ''} {rest}".lstrip(_SEPARATORS).split()
    said = _Declared.of([*flags, *words], {key.lower(): key for key in services})
    if severity is None or not said.title:
        return Ask(severity=severity, service=said.service, security=said.security)
    return Declare(severity=severity, title=said.title, service=said.service, security=said.security)


def _leading_flags(line: str) -> tuple[list[str], str, str]:
    """The flags before the severity, the word after them, and the rest of the line."""
    flags: list[str] = []
    rest = line
    while True:
        word, after = _first(rest)
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
        return self.known.get(name.lower()) or _no_service(name, self.known.values())

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


def _no_service(name: str, keys: Iterable[str]) -> NoReturn:
    near = nearest(name, keys)
    hint = f"Did you mean `{near}`?" if near else f"The guide has: {', '.join(sorted(keys))}."
    raise NotFoundError(f"There is no service `{name}`. {hint}")


def _severity(digits: str) -> Severity:
    try:
        return Severity(f"P{digits}")
    except ValueError:
        raise InvalidError(f"Severities are P0 to P3; there is no P{digits[:20]}.") from None


def _number(word: str) -> int | None:
    """The incident's number that a word is, or None for a word that is none."""
    match = _NUMBER.fullmatch(word)
    if match is None:
        return None
    digits = match[1].lstrip("0")
    if len(digits) > len(str(HIGHEST_NUMBER)) or int(digits or "0") > HIGHEST_NUMBER:
        raise NotFoundError(f"There is no incident #{digits[:12]}…: that number is too big.")
    return int(digits or "0")


def _first(line: str) -> tuple[str, str]:
    word, _, rest = line.partition(" ")
    return word, rest.lstrip(" ")


def _optional_number(verb: str, rest: str) -> int | None:
    if not rest:
        return None
    number = _number(rest)
    if number is None:
        raise InvalidError(f"`{verb}` takes an incident's number and nothing else: `{verb} 42`.")
    return number


def _number_and_text(rest: str) -> tuple[int | None, str]:
    word, text = _first(rest)
    number = _number(word)
    return (None, rest) if number is None else (number, text)


def _no_more(command: Command, verb: str, rest: str) -> Command:
    if rest:
        raise InvalidError(f"`{verb}` stands alone.")
    return command


def _read_severity(rest: str) -> Command:
    words = rest.split()
    given = [match[1] for word in words if (match := _SEVERITY.fullmatch(word)) and not match[2]]
    numbers = [number for word in words if (number := _number(word)) is not None]
    if len(given) != 1 or len(numbers) > 1 or len(words) != len(given) + len(numbers):
        raise InvalidError("Which severity? `sev p1`, or `sev 42 p1` where several incidents are open.")
    return ChangeSeverity(number=numbers[0] if numbers else None, severity=_severity(given[0]))


def _read_update(rest: str) -> Command:
    number, text = _number_and_text(rest)
    if not text:
        raise InvalidError("An update needs a text: `update 42 rolled back, error rate falling`.")
    return Update(number=number, text=text)


def _read_role(rest: str, people: Sequence[Actor]) -> Command:
    """`role commander`, `role 42 commander @lee`, `role 42 commander nobody`."""
    number, words = _number_and_text(rest)
    role, whom = _first(words)
    if not role or (whom and whom != NOBODY and len(people) != 1):
        raise InvalidError(
            "Which role, and whose? `role commander` takes it, `role 42 commander @lee` gives it to Lee, "
            f"`role 42 commander {NOBODY}` gives it up."
        )
    to = people[0] if whom and whom != NOBODY else None
    return GiveRole(number=number, role=role.lower(), to=to, nobody=whom == NOBODY)


def _read_turn(turn: Turn, rest: str) -> Command:
    number, text = _number_and_text(rest)
    return TakeTurn(turn=turn, number=number, text=text or None)


_VERBS: Mapping[str, Callable[[str], Command]] = {
    "ack": lambda rest: Acknowledge(number=_optional_number("ack", rest)),
    "acknowledge": lambda rest: Acknowledge(number=_optional_number("acknowledge", rest)),
    "sev": _read_severity,
    "severity": _read_severity,
    "escalate": lambda rest: Escalate(number=_optional_number("escalate", rest)),
    "update": _read_update,
    "mitigate": partial(_read_turn, Turn.MITIGATE),
    "resolve": partial(_read_turn, Turn.RESOLVE),
    "close": partial(_read_turn, Turn.RESOLVE),
    "cancel": partial(_read_turn, Turn.CANCEL),
    "reopen": lambda rest: Reopen(number=_optional_number("reopen", rest)),
    "list": partial(_no_more, ListOpen(), "list"),
    "show": lambda rest: Show(number=_optional_number("show", rest)),
    "help": lambda _rest: Help(),
}
