"""The calendar of changes as a file that other calendars subscribe to."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.changes.change import Change
from bot.domain.changes.feed import (
    FEED_AHEAD,
    FEED_BACK,
    MOST_EVENTS,
    WINDOWS_AHEAD,
    FeedEvent,
    change_event,
    is_called_off,
    newest,
    span_event,
    weekly_events,
)
from bot.domain.changes.span import Span
from bot.domain.changes.windows import calendar_of
from bot.domain.directory import Directory
from bot.domain.face import Face
from bot.ports.clock import Clock
from bot.ports.feed import FeedWriter
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace

NAME = "Changes"
KEPT_FOR = timedelta(seconds=15)
"""So long what was read for one subscriber is good enough for the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A file, and what tells it from any other: the same for as long as nothing has changed."""

    body: bytes
    tag: str
    content_type: str


class CalendarFeed:
    """Reads all of it in one transaction; writes it anew, beside what else is done, where it has changed.

    Who asks while it is being read, or shortly after, gets what was read.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        directory: Directory,
        workspace: Workspace,
        writer: FeedWriter,
    ) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._workspace = workspace
        self._writer = writer
        self._last: tuple[tuple[FeedEvent, ...], Feed] | None = None
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def read(self) -> Feed:
        """The calendar as it is now, or was a moment ago. Raises StoreUnavailable."""
        async with self._reading:
            now = self._clock.now()
            if self._last is None or self._read_at is None or not _is_fresh(self._read_at, now):
                self._last = await self._anew(now)
                self._read_at = now
            return self._last[1]

    async def _anew(self, now: datetime) -> tuple[tuple[FeedEvent, ...], Feed]:
        events = await self._store.read(lambda tx: tuple(self._events(tx, now)))
        if self._last is not None and self._last[0] == events:
            return self._last
        body = await asyncio.to_thread(self._writer.write, NAME, events)
        tag = hashlib.sha256(body).hexdigest()[:32]
        feed = Feed(body=body, tag=tag, content_type=self._writer.content_type)
        return events, feed

    def _events(self, tx: Transaction, now: datetime) -> Iterator[FeedEvent]:
        guide, since, until = self._directory.guide, now - FEED_BACK, now + FEED_AHEAD
        for change in _changes(tx, since, until):
            yield change_event(change, guide, self._url(tx, change, Face.CHANGE))
        for span in tx.spans.between(since, until, removed=True):
            yield span_event(span, guide, self._url(tx, span, Face.SPAN))
        calendar = calendar_of(self._directory.business, guide.changes, ())
        yield from weekly_events(guide.changes, calendar, now, now + WINDOWS_AHEAD)

    def _url(self, tx: Transaction, subject: Change | Span, face: Face) -> str | None:
        at = tx.messages.of(subject.id, face)
        return self._workspace.url(at) if at else None


def _is_fresh(read: datetime, now: datetime) -> bool:
    return timedelta() <= now - read < KEPT_FOR


def _changes(tx: Transaction, since: datetime, until: datetime) -> list[Change]:
    """What was, is or is planned, and of the newest what was called off: subscribers are to drop that."""
    off = (one for one in tx.changes.newest(MOST_EVENTS) if is_called_off(one))
    there = (one for one in off if one.plan.ends > since and one.plan.starts < until)
    return newest([*tx.changes.between(since, until), *there])
