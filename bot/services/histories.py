"""Reads timelines, a page at a time: an incident with thousands of entries is read as fast as any."""

from __future__ import annotations

from bot.domain.incident import Incident
from bot.domain.timeline import TimelinePage, entries_of
from bot.ports.store import Transaction

PAGE = 30
"""Entries of a page."""


def read_page(
    tx: Transaction, incident: Incident, *, before: int | None = None, limit: int = PAGE
) -> TimelinePage:
    """The newest entries, or the newest before one of them (its number)."""
    events = tx.events.page(incident.id, before=before, limit=limit)
    if not events:
        return TimelinePage()
    oldest = events[0].sequence
    amendments = tx.events.amendments(incident.id, after=oldest)
    return TimelinePage(
        entries=entries_of(events, amendments), earlier=tx.events.count(incident.id, before=oldest)
    )
