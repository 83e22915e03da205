"""Calendars as files (RFC 5545), by the `icalendar` library: its only home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from icalendar import Calendar, Event
from typing_extensions import override

from bot.domain.changes.feed import FeedEvent
from bot.ports.feed import FeedWriter

REFRESH = timedelta(minutes=15)
"""How often subscribers are asked to look."""

_DOMAIN = "opsbot"


class IcsWriter(FeedWriter):
    """Writes one calendar; times are UTC, so that it needs no table of time zones."""

    content_type = "text/calendar"

    @override
    def write(self, name: str, events: Sequence[FeedEvent]) -> bytes:
        calendar = Calendar()
        calendar.add("prodid", "-//opsbot//changes//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", f"PT{REFRESH // timedelta(minutes=1)}M")
        for event in events:
            calendar.add_component(_event(event))
        written: bytes = calendar.to_ical()
        return written


def _event(event: FeedEvent) -> Event:
    written = Event()
    written.add("uid", f"{event.uid}@{_DOMAIN}")
    written.add("dtstamp", event.at)
    written.add("last-modified", event.at)
    written.add("sequence", event.sequence)
    written.add("dtstart", event.starts)
    written.add("dtend", event.ends)
    written.add("summary", event.summary)
    written.add("status", event.status.upper())
    written.add("transp", "OPAQUE" if event.busy else "TRANSPARENT")
    if event.location:
        written.add("location", event.location)
    description = "\n".join(part for part in (event.description, event.url) if part)
    if description:
        written.add("description", description)
    if event.url:
        written.add("url", event.url)
    return written
