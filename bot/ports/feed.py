"""How events become a file that calendars subscribe to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.changes.feed import FeedEvent


class FeedWriter(Protocol):
    """Writes calendars' own format. Nothing in an event's texts can become anything but its text."""

    content_type: str

    def write(self, name: str, events: Sequence[FeedEvent]) -> bytes:
        """A calendar of this name with these events. It takes a while: never on the event loop."""
