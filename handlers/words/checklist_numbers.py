"""How runs and their items are named in a line: `C12`, `2`, `2 3`, `2-4`, `all`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.text import clean
from handlers.lines import Command
from handlers.slack_text import escaped
from handlers.words.said import HIGHEST_NUMBER, first

HIGHEST_ITEM = 999

_RUN = re.compile(r"c([0-9]+)[:,]*", re.IGNORECASE)
_OTHERS = re.compile(r"(#|a|#a|#c)([0-9]+)[:,]*", re.IGNORECASE)
_ITEMS = re.compile(r"[0-9]+(?:[-\u2013][0-9]+)?(?:,[0-9]+(?:[-\u2013][0-9]+)?)*[:,]*")
_SPAN = re.compile(r"[-\u2013]")
_BETWEEN = frozenset({"and", "&", "item", "items"})
_ALL = frozenset({"all", "everything"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What follows a word of `/checklist`: `rest`, made plain, and `people`, who is mentioned in the line.

    `called` are the guide's checklists: keys by what they are called, in lower case; a title may be shared.
    """

    rest: str
    people: tuple[Actor, ...]
    called: Mapping[str, tuple[str, ...]]


Hear = Callable[[Heard], Command]
"""Reads what follows a word. Raises InvalidError or NotFoundError for the one who typed it."""


def run_number(word: str) -> int | None:
    """The run's number that a word is, or None for a word that is none. Raises NotFoundError: too big."""
    match = _RUN.fullmatch(word)
    if match is None:
        return None
    digits = match[1].lstrip("0") or "0"
    if len(digits) > len(str(HIGHEST_NUMBER)) or int(digits) > HIGHEST_NUMBER:
        raise NotFoundError(f"There is no run C{digits[:12]}…: that number is too big.")
    return int(digits)


def run_and_text(rest: str) -> tuple[int | None, str]:
    """The run that a text begins with, where it does, and the text."""
    word, text = first(rest)
    number = run_number(word)
    return (None, rest) if number is None else (number, text)


def one_item(rest: str) -> tuple[int | None, str]:
    """The item that a text begins with, where it does, and the text."""
    text = _without_between(rest)
    word, after = first(text)
    if not _ITEMS.fullmatch(word):
        return None, rest
    found = _positions(word)
    if len(found) > 1:
        raise InvalidError(f"One item at a time: `{found[0]}`, not `{clean(word, 40)}`.")
    return found[0], after


def several_items(rest: str) -> tuple[tuple[int, ...], bool, str]:
    """The items that a text begins with, each once; whether it says `all`; and the text after them."""
    found: list[int] = []
    text = rest
    while text:
        word, after = first(text)
        if word.lower() in _ALL and not found:
            return (), True, after
        if _ITEMS.fullmatch(word):
            found += _positions(word)
        elif word.lower() not in _BETWEEN:
            break
        text = after
    return tuple(dict.fromkeys(found)), False, text


def refuse_others(word: str) -> None:
    """Raise InvalidError for what names an incident or an alert."""
    if other := _OTHERS.fullmatch(word):
        digits = other[2][:12]
        what = "an alert" if other[1].lower().endswith("a") else "an incident"
        raise InvalidError(f"`{clean(word, 20)}` is {what}. A run is `C{digits}`, one of its items `2`.")


def line_about(verb: str, run: int | None, items: tuple[int, ...] = (), *texts: str | None) -> str:
    """The line of a command by its verb, its run, its items, and what else it says, in plain text."""
    named = (f"C{run}" if run is not None else None, *(str(item) for item in items))
    said = (escaped(text) for text in texts if text)
    return " ".join(part for part in (verb, *named, *said) if part)


def mentioned(one: Actor) -> str:
    """Somebody, as Slack sends it in a line."""
    return f"<@{one.id}|{escaped(one.name)}>"


def _without_between(rest: str) -> str:
    word, after = first(rest)
    return after if word.lower() in {"item", "items"} and _ITEMS.fullmatch(first(after)[0]) else rest


def _positions(word: str) -> list[int]:
    found: list[int] = []
    for part in word.strip(":,").split(","):
        begin, *ends = (_position(one) for one in _SPAN.split(part))
        end = ends[0] if ends else begin
        if end < begin:
            raise InvalidError(f"`{part}` ends before it begins: `{end}-{begin}`.")
        found += range(begin, end + 1)
    return found


def _position(digits: str) -> int:
    short = digits.lstrip("0") or "0"
    if len(short) > len(str(HIGHEST_ITEM)):
        raise NotFoundError(f"There is no item {short[:12]}. A run is `C{short[:12]}`.")
    return int(short)
