"""A JSON array of any length, one item after the other: no more of it is held than an item is long."""

from __future__ import annotations

import asyncio
import codecs
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

LARGEST_ITEM = 16 * 1024**2
"""Characters of one item that are read at most."""

_decode = json.JSONDecoder().raw_decode


async def items(chunks: AsyncIterator[bytes], *, largest: int = LARGEST_ITEM) -> AsyncIterator[Any]:
    """The items of an array that comes in pieces, to its closing bracket. Raises ValueError for all else.

    Others have their turn after each piece.
    """
    reading, text = _Reading(largest), codecs.getincrementaldecoder("utf-8")()
    async for chunk in chunks:
        for item in reading.take(text.decode(chunk)):
            yield item
        await asyncio.sleep(0)
    for item in reading.take(text.decode(b"", final=True), final=True):
        yield item
    if not reading.is_over:
        raise ValueError("the array has no end")


# Where in the array the reading is: what may stand there beside an item, and where that leads.
_BEGIN, _FIRST, _ITEM, _AFTER, _OVER = range(5)
_LEADS = {
    _BEGIN: {"[": _FIRST},
    _FIRST: {"]": _OVER, "{": _FIRST},
    _ITEM: {"{": _ITEM},
    _AFTER: {",": _ITEM, "]": _OVER},
    _OVER: dict[str, int](),
}


class _Reading:
    """How far an array was read. What is no whole item yet is tried again once there is twice as much."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._place = _BEGIN
        self._pieces: list[str] = []
        self._length = self._enough = 0

    @property
    def is_over(self) -> bool:
        """Whether the closing bracket was there, and nothing after it."""
        return self._place == _OVER and not self._length

    def take(self, text: str, *, final: bool = False) -> Iterator[Any]:
        """The items that are whole now. Raises ValueError."""
        self._pieces.append(text)
        self._length += len(text)
        if self._length < self._enough and not final:
            return
        rest, at = "".join(self._pieces), 0
        while (at := self._item_at(rest, at)) < len(rest):
            try:
                item, at = _decode(rest, at)
            except json.JSONDecodeError:
                break
            self._place = _AFTER
            yield item
        self._pieces, self._length = [rest[at:]], len(rest) - at
        self._enough = 2 * self._length
        if self._length > self._largest:
            raise ValueError("an item is too long")

    def _item_at(self, rest: str, at: int) -> int:
        """Where the next item begins: past what stands between two. Raises ValueError."""
        while at < len(rest):
            character = rest[at]
            if not character.isspace():
                leads = _LEADS[self._place]
                if character not in leads:
                    raise ValueError("this is no array of objects")
                if character == "{":
                    break
                self._place = leads[character]
            at += 1
        return at
