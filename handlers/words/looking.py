"""The words that look and change nothing."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.lines import Help, ListOpen, Show
from handlers.words.said import Read, alone, numbered

WORDS: Mapping[str, Read] = {
    "list": alone("list", ListOpen()),
    "show": numbered("show", lambda number: Show(number=number)),
    "help": lambda _said: Help(),
}
