"""An incident and its whole timeline, as they are handed out in a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.domain.timeline import Entry, TimelinePage


class Format(StrEnum):
    """How a file is written, by its name's ending."""

    MARKDOWN = "md"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What a file holds."""

    card: IncidentCard
    page: TimelinePage
    format: Format

    @property
    def file_name(self) -> str:
        """The file's name: nothing of the title, which may be a secret."""
        return f"incident-{self.card.incident.number}.{self.format}"


def told_in(page: TimelinePage, channel: str | None) -> TimelinePage:
    """The entries as they may be told in a channel (Slack's id): private channels keep their texts."""
    return replace(page, entries=tuple(_told(entry, channel) for entry in page.entries))


def _told(entry: Entry, channel: str | None) -> Entry:
    event = entry.event
    if not _is_kept(event, channel):
        return entry
    amendments = (
        _without_text(one) if one.kind is EventKind.MESSAGE_CHANGED else one for one in entry.amendments
    )
    return Entry(event=_without_text(event), amendments=tuple(amendments))


def _is_kept(event: Event, channel: str | None) -> bool:
    if event.kind is not EventKind.MESSAGE_ADDED or not event.data.get("private"):
        return False
    return event.data.get("channel") != channel


def _without_text(event: Event) -> Event:
    return replace(event, data={**event.data, "text": ""})
