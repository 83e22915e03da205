"""The words by which two incidents become one."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.errors import InvalidError
from handlers.lines import Merge
from handlers.words.said import Read, Said, number_of

_JOINING = frozenset({"into", "in", "to", "with"})
_BOTH = 2


def _merge(said: Said) -> Merge:
    """`merge 42 into 41`, `merge 42 41`, `merge into 41` in the thread of 42."""
    words = said.rest.split()
    numbers = [number_of(word) for word in words if word.lower() not in _JOINING]
    known = [number for number in numbers if number is not None]
    into_only = len(known) == 1 and bool(words) and words[0].lower() in _JOINING
    if len(known) != len(numbers) or not (len(known) == _BOTH or into_only):
        raise InvalidError(
            "Which one into which? `merge 42 into 41` ends 42; `merge into 41` in the thread of 42 does, too."
        )
    return Merge(number=None if into_only else known[0], into=known[-1])


WORDS: Mapping[str, Read] = {"merge": _merge}
