"""How changes, their types and services are named in a line: `CH12`, `standard`, `API Gateway`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.named import meant
from bot.domain.nearest import nearest
from bot.domain.slo.objective import PLATFORM
from bot.domain.text import clean
from handlers.lines import Command
from handlers.slack_text import escaped
from handlers.words.said import HIGHEST_NUMBER, first

_NUMBER = re.compile(r"(?:#|ch|#ch)?([0-9]+)[:,]*", re.IGNORECASE)
_OTHERS = re.compile(r"#?(a|c|w|f)([0-9]+)[:,]*", re.IGNORECASE)
_SPOKEN_OF = re.compile(r"#?[awf][0-9]+[:,]*", re.IGNORECASE)
_SEVERAL = re.compile(r"(?:(?:and|&|,)\s*)?#?ch[0-9]+(?:(?:\s|,|and|&)+#?ch[0-9]+)*", re.IGNORECASE)
_WHAT_OTHERS_ARE = {
    "a": "an alert",
    "c": "a checklist's run",
    "w": "a window of the calendar",
    "f": "a freeze",
}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What follows a word of `/change`: `rest`, made plain.

    `types` and `services` are the guide's, titles by key, in its order; the platform is no service, but may
    be named as one.
    """

    rest: str
    types: Mapping[str, str]
    services: Mapping[str, str]


Hear = Callable[[Heard], Command]
"""Reads what follows a word. Raises InvalidError or NotFoundError for the one who typed it."""


def change_number(word: str) -> int | None:
    """The number of a change that a word is: `CH12`, `12`, `#12`; None for a word that is none.

    Raises NotFoundError for one that is too big, InvalidError for what names something else.
    """
    if other := _OTHERS.fullmatch(word):
        what = _WHAT_OTHERS_ARE[other[1].lower()]
        raise InvalidError(f"`{clean(word, 20)}` is {what}. A change is `CH{other[2][:12]}`.")
    match = _NUMBER.fullmatch(word)
    if match is None:
        return None
    digits = match[1].lstrip("0") or "0"
    if len(digits) > len(str(HIGHEST_NUMBER)) or int(digits) > HIGHEST_NUMBER:
        raise NotFoundError(f"There is no change CH{digits[:12]}…: that number is too big.")
    return int(digits)


def change_and_text(rest: str) -> tuple[int | None, str]:
    """The change that a text begins with, where it does, and the text.

    What is said of it may begin with an alert: `rollback A12 fires since`.
    """
    word, text = first(rest)
    if text and _SPOKEN_OF.fullmatch(word):
        return None, rest
    number = change_number(word)
    if number is not None and _SEVERAL.fullmatch(text):
        raise InvalidError(f"One change at a time: `CH{number}` alone.")
    return (None, rest) if number is None else (number, text)


def service_and_text(heard: Heard) -> tuple[str | None, str]:
    """The guide's key of the service (or PLATFORM) that a text begins with, where it does, and the text."""
    return _begins_with(heard.rest, _called(services_of(heard)))


def type_and_text(heard: Heard) -> tuple[str | None, str]:
    """The guide's key of the type of change that a text begins with, where it does, and the text."""
    return _begins_with(heard.rest, _called(types_of(heard)))


def service_named(name: str, heard: Heard) -> str:
    """The guide's key of what is called so, or PLATFORM. Raises NotFoundError with the nearest."""
    return _named(name, services_of(heard), "service")


def services_of(heard: Heard) -> Mapping[str, str]:
    """What may be changed: titles by key, the platform as a whole last."""
    return {**heard.services, PLATFORM: "Platform"}


def types_of(heard: Heard) -> Mapping[str, str]:
    """The types of changes, titles by key."""
    return heard.types


def unknown_name(name: str, called: Mapping[str, str], what: str) -> NotFoundError:
    """Nothing is called so: what is nearest, and all that there is."""
    shown = clean(name, _LONGEST_NAME).replace("`", "'")
    near = nearest(shown, [*called, *called.values()])
    key = near if near in called else next((key for key, title in called.items() if title == near), None)
    hint = f"Did you mean `{key}`? " if key else ""
    return NotFoundError(f"There is no {what} “{shown}”. {hint}The guide has: {listed(called)}.")


def listed(keys: Mapping[str, str]) -> str:
    """Keys, as they are typed."""
    return ", ".join(f"`{key}`" for key in keys)


def line_about(verb: str, number: int | None, *texts: str | None) -> str:
    """The line of a command by its verb, its change, and what else it says, in plain text."""
    named = f"CH{number}" if number is not None else None
    return " ".join(part for part in (verb, named, *(escaped(text) for text in texts if text)) if part)


def _named(name: str, titles: Mapping[str, str], what: str) -> str:
    called = _called(titles)
    typed = _typed(name)
    found = meant(typed, called)
    if len(found) == 1:
        return found[0]
    if found:
        several = listed({key: "" for key in titles if key in found})
        raise InvalidError(f"“{clean(name, _LONGEST_NAME)}” may be several; which one? {several}.")
    raise unknown_name(name, titles, what)


def _begins_with(rest: str, called: Mapping[str, str]) -> tuple[str | None, str]:
    """The longest name that a text begins with (word by word), and what follows it."""
    words = rest.split(" ")
    longest = max((name.count(" ") + 1 for name in called), default=0)
    for count in range(min(longest, len(words)), 0, -1):
        typed = _typed(" ".join(words[:count]).rstrip(":,"))
        if typed in called:
            return called[typed], " ".join(words[count:])
    return None, rest


def _called(titles: Mapping[str, str]) -> Mapping[str, str]:
    """Keys by what they are called, in lower case; a key goes before another's title."""
    called = {_typed(title): key for key, title in titles.items()}
    return (
        called | {_typed(key.replace("-", " ")): key for key in titles} | {key.lower(): key for key in titles}
    )


def _typed(name: str) -> str:
    return " ".join(name.lower().split())
