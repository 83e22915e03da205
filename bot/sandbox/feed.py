"""Every change in a stand-in, in order, for those who watch."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

KEPT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: its number in the feed, its kind (`message`, `incident`, …) and its data."""

    number: int
    kind: str
    data: dict[str, Any]


class Feed:
    """The newest changes, numbered from 1. A watcher that falls behind what is kept is told `reset`."""

    def __init__(self) -> None:
        self.last = 0
        self._kept: deque[Change] = deque(maxlen=KEPT)
        self._waiting: set[asyncio.Event] = set()
        self._closed = False

    def publish(self, kind: str, data: dict[str, Any]) -> None:
        """Append a change and wake the watchers."""
        self.last += 1
        self._kept.append(Change(number=self.last, kind=kind, data=data))
        self._wake()

    def close(self) -> None:
        """End every watcher's feed."""
        self._closed = True
        self._wake()

    def reopen(self) -> None:
        """Serve watchers (again)."""
        self._closed = False

    def since(self, number: int) -> list[Change]:
        """The changes after `number`, oldest first; one `reset` where they are not kept any more."""
        first = self._kept[0].number if self._kept else self.last + 1
        if number > self.last or number + 1 < first:
            return [Change(number=self.last, kind="reset", data={})]
        return [change for change in self._kept if change.number > number]

    async def watch(self, number: int, *, heartbeat: float = 15.0) -> AsyncIterator[list[Change]]:
        """What follows `number`, in batches as it comes; an empty batch every `heartbeat` seconds."""
        wake = asyncio.Event()
        self._waiting.add(wake)
        try:
            while not self._closed:
                wake.clear()
                changes = self.since(number)
                if changes:
                    number = changes[-1].number
                    yield changes
                    continue
                try:
                    async with asyncio.timeout(heartbeat):
                        await wake.wait()
                except TimeoutError:
                    yield []
        finally:
            self._waiting.discard(wake)

    def _wake(self) -> None:
        for wake in self._waiting:
            wake.set()
