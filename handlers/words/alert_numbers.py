"""How alerts are named in a line: `A12`, several, or none."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.errors import InvalidError, NotFoundError
from handlers.lines import Command
from handlers.words.said import HIGHEST_NUMBER, Read, Said, first

MOST_AT_ONCE = 10
"""How many alerts one line may name."""

_NUMBER = re.compile(r"a?([0-9]+)[:,]*", re.IGNORECASE)
_INCIDENT = re.compile(r"#a?([0-9]+)[:,]*", re.IGNORECASE)


def alert_number(word: str) -> int | None:
    """The alert's number that a word is, or None for a word that is none.

    Raises NotFoundError for one that is too big, InvalidError for an incident's.
    """
    if other := _INCIDENT.fullmatch(word):
        digits = other[1][:12]
        raise InvalidError(f"`#{digits}` is an incident. An alert is `A{digits}`.")
    match = _NUMBER.fullmatch(word)
    if match is None:
        return None
    digits = match[1].lstrip("0") or "0"
    if len(digits) > len(str(HIGHEST_NUMBER)) or int(digits) > HIGHEST_NUMBER:
        raise NotFoundError(f"There is no alert A{digits[:12]}…: that number is too big.")
    return int(digits)


def alert_numbers(rest: str, *, before: re.Pattern[str] | None = None) -> tuple[tuple[int, ...], str]:
    """The numbers that a text begins with, each once, and the text. Raises as above.

    `before`: what ends them where it could begin with a number, too.
    """
    numbers: list[int] = []
    text = rest
    while text and not (before and before.match(text)):
        word, after = first(text)
        found = [_number_of(one) for one in word.strip(",").split(",")]
        known = [one for one in found if one is not None]
        if len(known) < len(found) and not (word.lower() in {"and", "&"} and numbers):
            break
        numbers += known
        text = after
    once = tuple(dict.fromkeys(numbers))
    if len(once) > MOST_AT_ONCE:
        raise InvalidError(f"That are {len(once)} alerts; a line takes up to {MOST_AT_ONCE}.")
    return once, text


def _number_of(word: str) -> int | None:
    return alert_number(word) if word else None


def named(*numbers: int | None) -> tuple[str, ...]:
    """How a line names alerts."""
    return tuple(f"A{number}" for number in numbers if number is not None)


def line_about(verb: str, numbers: tuple[int, ...], *texts: str | None) -> str:
    """The line of a command by its verb, its alerts, and what else it says."""
    return " ".join((verb, *named(*numbers), *(text for text in texts if text)))


def about_one(verb: str, command: Callable[[int | None], Command]) -> Read:
    """Read a command that takes one alert's number, or none, and nothing else."""

    def read(said: Said) -> Command:
        numbers, text = alert_numbers(said.rest)
        if text or len(numbers) > 1:
            raise InvalidError(f"`{verb}` takes one alert and nothing else: `{verb} A12`.")
        return command(numbers[0] if numbers else None)

    return read


def about_several(verb: str, command: Callable[[tuple[int, ...]], Command]) -> Read:
    """Read a command that takes any alerts' numbers and nothing else."""

    def read(said: Said) -> Command:
        numbers, text = alert_numbers(said.rest)
        if text:
            raise InvalidError(f"`{verb}` takes alerts and nothing else: `{verb} A12`, `{verb} A12 A13`.")
        return command(numbers)

    return read
