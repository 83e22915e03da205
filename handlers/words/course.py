"""The words by which an incident takes its course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from bot.domain.severity import Severity
from handlers.lines import Command, line_of
from handlers.slack_text import escaped
from handlers.words.said import SEVERITY, Read, Said, first, number_and_text, number_of, numbered, severity_of

NOBODY = "nobody"
"""To whom a role is given that is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """I have it. Here and below: `number` None is the incident of the thread, or the only open one."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("ack", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeverity:
    """It is worse, or less bad."""

    number: int | None = None
    severity: Severity

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("sev", self.number, self.severity.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Reach the next tier now."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("escalate", self.number)


class Turn(StrEnum):
    """The turns for the better that an incident can take, by their commands' words."""

    MITIGATE = "mitigate"
    RESOLVE = "resolve"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTurn:
    """It takes a turn for the better; `text` says how or why."""

    turn: Turn
    number: int | None = None
    text: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of(self.turn, self.number, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveRole:
    """Somebody takes on a role of the guide's: who asks, or `to`; `nobody` gives it up."""

    number: int | None = None
    role: str
    to: Actor | None = None
    nobody: bool = False

    @property
    def line(self) -> str:
        """The line that asks for it."""
        whom = f" <@{self.to.id}|{escaped(self.to.name)}>" if self.to else ""
        return line_of("role", self.number, self.role, NOBODY if self.nobody else None) + whom


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """It was not over."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("reopen", self.number)


def _severity(said: Said) -> Command:
    words = said.rest.split()
    given = [match[1] for word in words if (match := SEVERITY.fullmatch(word)) and not match[2]]
    numbers = [number for word in words if (number := number_of(word)) is not None]
    if len(given) != 1 or len(numbers) > 1 or len(words) != len(given) + len(numbers):
        raise InvalidError("Which severity? `sev p1`, or `sev 42 p1` where several incidents are open.")
    return ChangeSeverity(number=numbers[0] if numbers else None, severity=severity_of(given[0]))


def _role(said: Said) -> Command:
    """`role commander`, `role 42 commander @lee`, `role 42 commander nobody`."""
    number, words = number_and_text(said.rest)
    role, whom = first(words)
    if not role or (whom and whom != NOBODY and len(said.people) != 1):
        raise InvalidError(
            "Which role, and whose? `role commander` takes it, `role 42 commander @lee` gives it to Lee, "
            f"`role 42 commander {NOBODY}` gives it up."
        )
    to = said.people[0] if whom and whom != NOBODY else None
    return GiveRole(number=number, role=role.lower(), to=to, nobody=whom == NOBODY)


def _turn(turn: Turn) -> Read:
    def read(said: Said) -> Command:
        number, text = number_and_text(said.rest)
        return TakeTurn(turn=turn, number=number, text=text or None)

    return read


WORDS: Mapping[str, Read] = {
    "ack": numbered("ack", lambda number: Acknowledge(number=number)),
    "acknowledge": numbered("acknowledge", lambda number: Acknowledge(number=number)),
    "sev": _severity,
    "severity": _severity,
    "escalate": numbered("escalate", lambda number: Escalate(number=number)),
    "mitigate": _turn(Turn.MITIGATE),
    "resolve": _turn(Turn.RESOLVE),
    "close": _turn(Turn.RESOLVE),
    "cancel": _turn(Turn.CANCEL),
    "reopen": numbered("reopen", lambda number: Reopen(number=number)),
    "role": _role,
}
