"""How a line is read, word for word: what every command's words are read with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.nearest import nearest
from bot.domain.severity import Severity
from handlers.lines import Command

HIGHEST_NUMBER = 2**31 - 1

SEVERITY = re.compile(r"p([0-9]+)(?:[:,：]+(.*))?", re.IGNORECASE)  # noqa: RUF001 - full-width, as typed
_NUMBER = re.compile(r"#?([0-9]+)[:,]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What follows a command's word: `rest`, made plain, and `people`, who is mentioned in the line.

    `services` are the guide's, by their keys in lower case.
    """

    rest: str
    people: tuple[Actor, ...]
    services: Mapping[str, str]


Read = Callable[[Said], Command]
"""Reads what follows a command's word. Raises InvalidError or NotFoundError for the one who typed it."""


def first(line: str) -> tuple[str, str]:
    """The first word, and the rest."""
    word, _, rest = line.partition(" ")
    return word, rest.lstrip(" ")


def severity_of(digits: str) -> Severity:
    """The severity of a number. Raises InvalidError for one that is none."""
    try:
        return Severity(f"P{digits}")
    except ValueError:
        raise InvalidError(f"Severities are P0 to P3; there is no P{digits[:20]}.") from None


def service_of(name: str, services: Mapping[str, str]) -> str:
    """The guide's key of a service, among those by their keys in lower case. Raises NotFoundError."""
    known = services.get(name.lower())
    if known is not None:
        return known
    near = nearest(name, services.values())
    hint = f"Did you mean `{near}`?" if near else f"The guide has: {', '.join(sorted(services.values()))}."
    raise NotFoundError(f"There is no service `{name}`. {hint}")


def number_of(word: str) -> int | None:
    """The incident's number that a word is, or None for a word that is none."""
    match = _NUMBER.fullmatch(word)
    if match is None:
        return None
    digits = match[1].lstrip("0")
    if len(digits) > len(str(HIGHEST_NUMBER)) or int(digits or "0") > HIGHEST_NUMBER:
        raise NotFoundError(f"There is no incident #{digits[:12]}…: that number is too big.")
    return int(digits or "0")


def number_and_text(rest: str) -> tuple[int | None, str]:
    """The incident's number that a text begins with, where it does, and the text."""
    word, text = first(rest)
    number = number_of(word)
    return (None, rest) if number is None else (number, text)


def numbered(verb: str, command: Callable[[int | None], Command]) -> Read:
    """Read a command that takes an incident's number, or none, and nothing else."""

    def read(said: Said) -> Command:
        number = number_of(said.rest) if said.rest else None
        if said.rest and number is None:
            raise InvalidError(f"`{verb}` takes an incident's number and nothing else: `{verb} 42`.")
        return command(number)

    return read


def alone(verb: str, command: Command) -> Read:
    """Read a command that takes nothing."""

    def read(said: Said) -> Command:
        if said.rest:
            raise InvalidError(f"`{verb}` stands alone.")
        return command

    return read
