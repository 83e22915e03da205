"""The words by which two incidents become one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import InvalidError
from handlers.lines import line_of
from handlers.words.said import Read, Said, number_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """It is the same as another, `into`, which goes on."""

    number: int | None = None
    into: int

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"{line_of('merge', self.number)} into #{self.into}"


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
