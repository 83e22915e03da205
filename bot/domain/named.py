"""What people name: by key, by title, or by how either begins where only one does."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.errors import NotFoundError
from bot.domain.nearest import closest
from bot.domain.text import clean

OFFERED = 3
"""How many names are offered where one is unknown."""

_LONGEST = 60


def named(word: str, titles: Mapping[str, str], what: str) -> str:
    """The key of what is called so, of titles by key. `what` says what it would be: `service`.

    Raises NotFoundError with what is called most like it.
    """
    typed = _plain(word)
    called = {_plain(title): key for key, title in titles.items()}
    called |= {_plain(key): key for key in titles}
    if typed in called:
        return called[typed]
    begun = {name: key for name, key in called.items() if typed and name.startswith(typed)}
    keys = set(begun.values())
    if len(keys) == 1:
        return keys.pop()
    offered = ", ".join(f"`{key}`" for key in closest(typed, begun or called, OFFERED))
    shown = clean(word, _LONGEST).replace("`", "'")
    raise NotFoundError(f"The guide has no {what} `{shown}`. Nearest: {offered}.")


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
