"""The timeline: a history as people read it, with what was said later about its entries beside them.

Nothing is ever changed: a correction is an event of its own, and the entry keeps what it said first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.event import AMENDING, Event, EventData, EventKind
from bot.domain.outcome import Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry: what happened, and what was said about it later, oldest first."""

    event: Event
    amendments: tuple[Event, ...] = ()

    @property
    def number(self) -> int:
        """By which people name it."""
        return self.event.sequence

    @property
    def newest(self) -> Event | None:
        """What was said about it last: that holds."""
        return self.amendments[-1] if self.amendments else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    """Some entries in a row, oldest first, and how many there are before them."""

    entries: tuple[Entry, ...] = ()
    earlier: int = 0

    def newest(self, most: int) -> TimelinePage:
        """The page's last entries."""
        kept = self.entries[-most:] if most else ()
        return TimelinePage(entries=kept, earlier=self.earlier + len(self.entries) - len(kept))


def entries_of(events: Iterable[Event], amendments: Iterable[Event]) -> tuple[Entry, ...]:
    """The entries that events are, with what was said about them."""
    about: dict[object, list[Event]] = {}
    for one in amendments:
        about.setdefault(one.data.get("of"), []).append(one)
    return tuple(
        Entry(event=event, amendments=tuple(about.get(event.sequence, ())))
        for event in events
        if event.kind not in AMENDING
    )


def note(text: str) -> Happened:
    """Somebody writes down what happened, told in the thread."""
    if not text:
        raise InvalidError("A note needs a text: `note 42 traffic moved to the other region`.")
    return Happened(kind=EventKind.NOTED, data={"text": text}, told=True)


def correct(event: Event | None, number: int, text: str) -> Happened:
    """Somebody says what an entry should have said."""
    if not text:
        raise InvalidError(f"What should it say? `correct 42 {number} the right text`.")
    _check_is_entry(event, number)
    return Happened(kind=EventKind.CORRECTED, data={"of": number, "text": text}, told=True)


def strike(event: Event | None, number: int, why: str) -> Happened:
    """Somebody says that an entry is wrong altogether."""
    _check_is_entry(event, number)
    data: EventData = {"of": number, "text": why or None}
    return Happened(kind=EventKind.STRUCK, data=data, told=True)


def _check_is_entry(event: Event | None, number: int) -> None:
    if event is None or event.kind in AMENDING:
        raise NotFoundError(
            f"There is no entry {number} in its timeline: `timeline` shows them with numbers."
        )
