"""The words of `/alerts` that look and change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.named import meant
from bot.domain.nearest import nearest
from bot.domain.severity import Severity
from bot.domain.text import clean
from handlers.lines import Command
from handlers.slack_text import escaped
from handlers.words.alert_numbers import about_one, line_about
from handlers.words.said import SEVERITY, Read, Said, alone, severity_of

_SERVICE = "service:"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAlerts:
    """What is firing: all of it, or of one service (a key of the guide), or of one severity."""

    service: str | None = None
    severity: Severity | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return " ".join(("list", *filter_words(self.severity, self.service)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAlert:
    """One group with its alerts. Here and below: `number` None is that of the thread, or the only one."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("show", _one(self.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSilences:
    """What is kept quiet, by whom and until when."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "silences"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowStorm:
    """What a storm stands for; without a number the storm that goes on."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("storm", _one(self.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHelp:
    """Ask what can be asked."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "help"


def listing(said: Said) -> ListAlerts:
    """`p1`, `api-gateway`, `API Gateway p1`: which of all. Raises InvalidError and NotFoundError."""
    severity, others = None, []
    for word in said.rest.split():
        match = SEVERITY.fullmatch(word)
        if match and not match[2]:
            if severity is not None:
                raise InvalidError("One severity at a time: `p1`, `p1 api-gateway`.")
            severity = severity_of(match[1])
        else:
            others.append(word)
    name = " ".join(others)
    return ListAlerts(severity=severity, service=service_named(name, said.services) if name else None)


def service_named(name: str, services: Mapping[str, str]) -> str:
    """The guide's key of the service that is named so, by key, title, or how either begins.

    `services` are the keys by keys and titles in lower case. Raises InvalidError where several begin so,
    NotFoundError where none does.
    """
    name = clean(name, _LONGEST_NAME)
    typed = " ".join(name.lower().removeprefix(_SERVICE).split())
    found = meant(typed, services)
    if len(found) == 1:
        return found[0]
    if found:
        raise InvalidError(f"“{name}” begins several services; which one? {_listed(found)}.")
    near = nearest(typed, services)
    every = _listed(sorted(set(services.values())))
    hint = f"Did you mean `{services[near]}`?" if near else f"The guide has: {every}."
    raise NotFoundError(
        f"There is no service “{name}”, and no such command. {hint} `/alerts help` has every command."
    )


def _one(number: int | None) -> tuple[int, ...]:
    return () if number is None else (number,)


def filter_words(severity: Severity | None, service: str | None) -> tuple[str, ...]:
    """How a line says which severity and which service."""
    said = (severity.lower() if severity else None, f"{_SERVICE}{escaped(service)}" if service else None)
    return tuple(word for word in said if word)


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _show(number: int | None) -> Command:
    return ShowAlert(number=number)


WORDS: Mapping[str, Read] = {
    "list": listing,
    "show": about_one("show", _show),
    "silences": alone("silences", ListSilences()),
    "storm": about_one("storm", lambda number: ShowStorm(number=number)),
    "help": lambda _said: AlertHelp(),
}
