"""What people name: by key, by title, or by how either begins where only one does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from bot.domain.errors import NotFoundError
from bot.domain.nearest import closest
from bot.domain.text import clean

T = TypeVar("T")

OFFERED = 3
"""How many names are offered where one is unknown."""

_LONGEST = 60


def meant(typed: str, names: Mapping[str, T]) -> tuple[T, ...]:
    """What somebody means who has typed so: what is called exactly so, or all whose names begin so.

    `typed` and the names are in the same plain form, which is the caller's.
    """
    if typed in names:
        return (names[typed],)
    begun = (thing for name, thing in names.items() if typed and name.startswith(typed))
    return tuple(dict.fromkeys(begun))


def named(word: str, titles: Mapping[str, str], what: str) -> str:
    """The key of what is called exactly so, of titles by key. `what` says what it would be: `service`.

    A beginning is not enough: what a pipeline wrote down means the same when the guide has grown. Raises
    NotFoundError with what is called most like it.
    """
    typed = _plain(word)
    called = {_plain(title): key for key, title in titles.items()}
    called |= {_plain(key): key for key in titles}
    if typed in called:
        return called[typed]
    begun = meant(typed, called)
    offered = ", ".join(f"`{key}`" for key in closest(typed, among(begun, called), OFFERED))
    shown = clean(word, _LONGEST).replace("`", "'")
    raise NotFoundError(f"The guide has no {what} `{shown}`. Nearest: {offered}.")


def among(found: Collection[T], names: Mapping[str, T]) -> Mapping[str, T]:
    """What may be offered: the names of what was found; all of them where nothing was."""
    return {name: thing for name, thing in names.items() if not found or thing in found}


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
