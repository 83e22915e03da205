"""Several calendars subscribe to the feed, and ask for it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.domain.changes.feed import FeedEvent
from bot.ports.store import Transaction
from bot.services.calendar_feed import KEPT_FOR, CalendarFeed
from storage.open import OpenStore
from tests.support.builders import a_directory, a_span
from tests.support.clock import FakeClock
from tests.support.fake_vendors import FakeWorkspace


class Written:
    """Writes titles, and counts how often."""

    content_type = "text/calendar"

    def __init__(self) -> None:
        self.times = 0

    def write(self, name: str, events: Sequence[FeedEvent]) -> bytes:
        self.times += 1
        return "; ".join((name, *(one.summary for one in events))).encode()


def a_feed(store: OpenStore, clock: FakeClock, writer: Written) -> CalendarFeed:
    return CalendarFeed(
        store=store, clock=clock, directory=a_directory(), workspace=FakeWorkspace(), writer=writer
    )


async def test_who_asks_at_once_gets_what_was_read_for_the_first(store: OpenStore, clock: FakeClock) -> None:
    writer = Written()
    feed = a_feed(store, clock, writer)
    first, *others = await asyncio.gather(*(feed.read() for _ in range(5)))
    assert all(one is first for one in others)
    assert writer.times == 1


async def test_what_was_read_is_kept_for_a_moment_and_no_longer(store: OpenStore, clock: FakeClock) -> None:
    feed = a_feed(store, clock, Written())
    first = await feed.read()

    def freeze(tx: Transaction) -> None:
        tx.spans.add(a_span(number=0, title="Black Friday"))

    await store.transaction("freeze", freeze)
    clock.advance(seconds=14)
    assert await feed.read() is first
    clock.advance(seconds=1)
    assert b"Black Friday" in (await feed.read()).body
    assert KEPT_FOR.total_seconds() == 15
