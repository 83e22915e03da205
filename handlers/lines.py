"""What `/incident` can be asked, as values; and each as the text that asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.severity import Severity
from handlers.slack_text import escaped

NOBODY = "nobody"
"""To whom a role is given that is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare:
    """Something is wrong, or (`drill`) is to be treated as if it were. `service` is a key of the guide."""

    severity: Severity
    title: str
    service: str | None = None
    security: bool = False
    drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Something is wrong, and a form is to ask for the rest."""

    severity: Severity | None = None
    service: str | None = None
    security: bool = False
    drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """I have it. Here and below: `number` None is the incident of the thread, or the only open one."""

    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeverity:
    """It is worse, or less bad."""

    number: int | None = None
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Reach the next tier now."""

    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """How things stand."""

    number: int | None = None
    text: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveRole:
    """Somebody takes on a role of the guide's: who asks, or `to`; `nobody` gives it up."""

    number: int | None = None
    role: str
    to: Actor | None = None
    nobody: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """It was not over."""

    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOpen:
    """Ask what is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One incident, with its history."""

    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Ask what can be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A line that begins with no known word: the word, the nearest known one, and all that was typed."""

    word: str
    nearest: str | None
    typed: str


Change = Acknowledge | ChangeSeverity | Escalate | Update | TakeTurn | GiveRole | Reopen
Look = ListOpen | Show | Help | Unknown
Command = Declare | Ask | Change | Look


def to_text(command: Command) -> str:
    """The line that asks for `command`, as Slack would send it: `parse` gives the same value again."""
    match command:
        case Declare() | Ask():
            return _declare_text(command)
        case Acknowledge() | ChangeSeverity() | Escalate() | Update() | TakeTurn() | GiveRole() | Reopen():
            return _change_text(command)
        case ListOpen() | Show() | Help() | Unknown():
            return _look_text(command)


def _declare_text(command: Declare | Ask) -> str:
    parts = (
        "drill" if command.drill else "",
        command.severity.lower() if command.severity else "",
        "security:" if command.security else "",
        f"service:{escaped(command.service)}" if command.service else "",
        escaped(command.title) if isinstance(command, Declare) else "",
    )
    return " ".join(part for part in parts if part)


def _change_text(command: Change) -> str:
    match command:
        case Acknowledge():
            return _line("ack", command.number)
        case ChangeSeverity():
            return _line("sev", command.number, command.severity.lower())
        case Escalate():
            return _line("escalate", command.number)
        case Update():
            return _line("update", command.number, command.text)
        case TakeTurn():
            return _line(command.turn, command.number, command.text)
        case GiveRole():
            return _line("role", command.number, command.role) + _to_whom(command)
        case Reopen():
            return _line("reopen", command.number)


def _to_whom(command: GiveRole) -> str:
    if command.nobody:
        return f" {NOBODY}"
    return f" <@{command.to.id}|{escaped(command.to.name)}>" if command.to else ""


def _look_text(command: Look) -> str:
    match command:
        case ListOpen():
            return "list"
        case Show():
            return _line("show", command.number)
        case Help():
            return "help"
        case Unknown():
            return escaped(command.typed)


def _line(verb: str, number: int | None, text: str | None = None) -> str:
    parts = (verb, f"#{number}" if number is not None else None, escaped(text) if text else None)
    return " ".join(part for part in parts if part)
