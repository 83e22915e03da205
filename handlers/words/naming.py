"""What somebody means by a name: of the guide's things, by key or title, or how either begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from bot.domain.errors import NotFoundError
from bot.domain.named import OFFERED, among
from bot.domain.named import meant as of_name
from bot.domain.nearest import closest
from bot.domain.text import clean

T = TypeVar("T")

_LONGEST = 60


def called(*parts: Iterable[tuple[str, str, T]]) -> dict[str, T]:
    """Things by key and by title, in lower case: a key goes before a title, earlier parts before later."""
    things = [thing for part in parts for thing in part]
    names: dict[str, T] = {}
    for place in (0, 1):
        for thing in things:
            names.setdefault(_plain(str(thing[place])), thing[2])
    return names


def meant(said: str, names: Mapping[str, T], *, what: str, usage: str) -> T:
    """What is named so. Raises NotFoundError, naming what is near, where nothing or more than one is.

    `what` says what there should have been, such as "service or tier", `usage` is an example.
    """
    typed = _plain(said)
    found = of_name(typed, names)
    if len(found) == 1:
        return found[0]
    firsts: dict[T, str] = {}
    for name, thing in names.items():
        firsts.setdefault(thing, name)
    choices = {name: firsts[thing] for name, thing in among(found, names).items()}
    offered = closest(typed, choices, OFFERED)
    near = ", ".join(f"`{name}`" for name in offered)
    shown = clean(said, _LONGEST).replace("`", "")
    if found:
        raise NotFoundError(f"“{shown}” is the beginning of more than one: {near}. For example `{usage}`.")
    raise NotFoundError(f"There is no {what} “{shown}” in the guide. The nearest: {near}.")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
