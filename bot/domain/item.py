"""Action items: what will be done so that an incident does not come again, by whom and until when."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.actor import Actor
from bot.domain.business_time import instant_of
from bot.domain.due import business_days_after
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.path import BusinessTime
from bot.domain.text import clean

ITEM_LIMIT = 500
"""Characters of an item's text that are kept."""

MOST_OPEN = 50
"""Open items an incident may have."""

SNOOZE_DAYS = 5
"""Business days for which somebody who snoozes an item is left alone."""

LATEST_DAYS = 366
"""How far ahead an item may be due."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DUE = re.compile(
    r"(?:by|until) (?:\d{4}-\d{2}-\d{2}|today|tomorrow|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?"
    r"|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"|in \d{1,3} ?(?:d|days?|w|weeks?)",
    re.IGNORECASE,
)
"""How people say until when: `by 2026-04-01`, `by friday`, `in 2w`."""

_DAY = timedelta(days=1)
_NOON = time(12)


class ItemState(StrEnum):
    """Whether somebody still has to do it."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One action item of an incident. `number` is for people; 0 until it is stored. `due` is a local date."""

    number: int
    incident: str
    text: str
    added_by: Actor
    added_at: datetime
    owner: Actor | None = None
    due: date | None = None
    state: ItemState = ItemState.OPEN
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state is ItemState.OPEN

    def finish(self) -> Item:
        """It is done."""
        return replace(self._still_open(), state=ItemState.DONE)

    def drop(self, reason: str) -> Item:
        """It will not be done, and why."""
        said = clean(reason, ITEM_LIMIT)
        if not said:
            raise InvalidError(f"Why is it dropped? `item {self.number} drop the service is switched off`.")
        return replace(self._still_open(), state=ItemState.DROPPED, reason=said)

    def give(self, to: Actor) -> Item:
        """Somebody else does it."""
        if self._still_open().owner and self.owner and self.owner.id == to.id:
            raise AlreadyError(f"Nothing to do: item {self.number} is {to.name}'s already.")
        return replace(self, owner=to)

    def put_off(self, due: date) -> Item:
        """It is due on another day."""
        if self._still_open().due == due:
            raise AlreadyError(f"Nothing to do: item {self.number} is due by {day(due)} already.")
        return replace(self, due=due)

    def is_late(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.is_open and self.due is not None and today > self.due

    def _still_open(self) -> Item:
        if not self.is_open:
            raise AlreadyError(f"Nothing to do: item {self.number} is {self.state} already.")
        return self


def item_text(text: str) -> str:
    """An item's text as it is kept. Raises InvalidError for none."""
    said = clean(text, ITEM_LIMIT)
    if not said:
        raise InvalidError("What is to be done? `item 42 add rotate the keys @lee by 2026-04-01`.")
    return said


def read_due(words: str, today: date) -> date:
    """The day that `by friday`, `in 2w` or `by 2026-04-01` means today. Raises InvalidError."""
    said = " ".join(words.lower().split())
    if not DUE.fullmatch(said):
        raise InvalidError("Until when? `by 2026-04-01`, `by friday`, `by tomorrow`, or `in 2w`.")
    preposition, _, when = said.partition(" ")
    due = _after(when, today) if preposition == "in" else _named(when, today)
    if due < today:
        raise InvalidError(f"{day(due)} has passed: until when? `by friday`, or `in 2w`.")
    if due > today + LATEST_DAYS * _DAY:
        raise InvalidError(f"{day(due)} is too far ahead: at most {LATEST_DAYS} days.")
    return due


def day(due: date) -> str:
    """A day in words: `Wed 1 Apr 2026`."""
    return f"{due:%a} {due.day} {due:%b} {due.year}"


def first_reminder(item: Item, now: datetime, business: BusinessTime, zone: ZoneInfo) -> datetime | None:
    """The opening of the business day on which it is due, or of the first after it; None without a day.

    Where that has passed, the next opening.
    """
    if item.due is None:
        return None
    opening = business_days_after(business, instant_of(zone, item.due - _DAY, _NOON), 1)
    return opening if opening > now else business_days_after(business, now, 1)


def snoozed(now: datetime, business: BusinessTime) -> datetime:
    """When somebody who has snoozed it is reminded again."""
    return business_days_after(business, now, SNOOZE_DAYS)


def _after(when: str, today: date) -> date:
    count = int("".join(filter(str.isdigit, when)))
    return today + count * (7 * _DAY if "w" in when else _DAY)


def _named(when: str, today: date) -> date:
    if when in {"today", "tomorrow"}:
        return today + (_DAY if when == "tomorrow" else timedelta())
    if when[0].isalpha():
        weekday = next(number for number, name in enumerate(WEEKDAYS) if name.startswith(when[:3]))
        return today + ((weekday - today.weekday()) % 7) * _DAY
    try:
        return date.fromisoformat(when)
    except ValueError:
        raise InvalidError(f"There is no day {when}: until when? `by 2026-04-01`.") from None
