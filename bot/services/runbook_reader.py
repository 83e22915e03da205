"""Use cases that read runbooks: which one is meant, and what it says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.guide import Guide, Runbook
from bot.domain.runbooks.markdown import Page, read_page
from bot.domain.runbooks.search import Found, Match, named, nearest_books, ranked
from bot.ports.failures import DeliveryFailure
from bot.ports.runbooks import Library

SEARCH_SECONDS = 7.0
"""For reading all texts: what is not there by then is named as not searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A runbook with what it says; `why` not, where it cannot be read. `others` fit what was asked, too.

    `age` is how old the text is, where it could not be read anew.
    """

    runbook: Runbook
    page: Page | None = None
    why: str | None = None
    age: timedelta | None = None
    others: tuple[Runbook, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was found, best first; `unread` could not be looked into."""

    words: str
    found: tuple[Found, ...]
    unread: tuple[Runbook, ...] = ()


class RunbookReader:
    """Finds and reads. Nothing waits for longer than its deadline, and nothing raises DeliveryFailure."""

    def __init__(self, *, guide: Guide, library: Library) -> None:
        self._guide = guide
        self._library = library

    @property
    def guide(self) -> Guide:
        """The guide, for what there is."""
        return self._guide

    @property
    def is_there(self) -> bool:
        """Whether there is more than names."""
        return self._library.is_there

    def nearest(self, words: str) -> tuple[Runbook, ...]:
        """What is called most like it."""
        return nearest_books(self._guide, words)

    def by_name(self, words: str) -> Runbook | None:
        """The best that is called so, has such a service or tag: without a look into texts."""
        exact = named(self._guide, words)
        if exact is not None:
            return exact
        found = ranked(self._guide, words)
        return found[0].runbook if found else None

    async def find(self, words: str) -> Opened | None:
        """The best that fits, with what it says; by what is in the texts only where no name fits."""
        found = ranked(self._guide, words) or (await self.search(words)).found
        if not found:
            return None
        best, *others = found
        if best.match is Match.NAME:
            return await self.open(best.runbook)
        return await self.open(best.runbook, others=tuple(one.runbook for one in others))

    async def open(self, runbook: Runbook, *, others: tuple[Runbook, ...] = ()) -> Opened:
        """What one says; why that is not known, where it is not."""
        try:
            copy = await self._library.text(runbook)
        except DeliveryFailure as failure:
            return Opened(runbook=runbook, why=failure.reason, others=others)
        page = read_page(copy.text)
        return Opened(runbook=runbook, page=page, age=copy.age, others=others)

    async def search(self, words: str) -> Searched:
        """All that hold every word, in their names or their texts."""
        texts = await self._texts() if self._library.is_there else {}
        books = self._guide.runbooks.values()
        unread = tuple(one for one in books if one.key not in texts) if self._library.is_there else ()
        return Searched(words=words, found=ranked(self._guide, words, texts), unread=unread)

    async def _texts(self) -> dict[str, str]:
        texts: dict[str, str] = {}

        async def read(runbook: Runbook) -> None:
            try:
                texts[runbook.key] = (await self._library.text(runbook)).text
            except DeliveryFailure:
                return  # it is named among those that could not be looked into

        try:
            async with asyncio.timeout(SEARCH_SECONDS), asyncio.TaskGroup() as group:
                for runbook in self._guide.runbooks.values():
                    group.create_task(read(runbook))
        except TimeoutError:
            pass
        return dict(texts)
