"""What `/incident` can be asked, as values; and each as the line that asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.actor import Actor
from bot.domain.export import Format
from bot.domain.severity import Severity
from bot.domain.times import Moment
from handlers.slack_text import escaped

NOBODY = "nobody"
"""To whom a role is given that is given up."""

NEVER = "off"
"""How often updates are asked for that are not wanted."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """How things stand."""

    number: int | None = None
    text: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("update", self.number, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpdates:
    """An update is to be asked for this often; None: never."""

    number: int | None = None
    every: timedelta | None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        pace = NEVER if self.every is None else f"{self.every // timedelta(minutes=1)}m"
        return line_of("updates", self.number, pace)


@dataclass(frozen=True, slots=True, kw_only=True)
class StillOnIt:
    """It is in hands."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("still", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetImpact:
    """Who is hurt, and how."""

    number: int | None = None
    text: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("impact", self.number, self.text)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """It is the same as another, `into`, which goes on."""

    number: int | None = None
    into: int

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"{line_of('merge', self.number)} into #{self.into}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOpen:
    """Ask what is open."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One incident, with its history."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("show", self.number)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Ask what can be asked."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("help")


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


def _declare_line(command: Declare | Ask, title: str) -> str:
    parts = (
        "drill" if command.drill else "",
        command.severity.lower() if command.severity else "",
        "security:" if command.security else "",
        f"service:{escaped(command.service)}" if command.service else "",
        escaped(title),
    )
    return " ".join(part for part in parts if part)
