"""Reminders of action items, as timers of their incidents."""

from __future__ import annotations

from datetime import datetime

from bot.domain.due import remind_again
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident
from bot.domain.item import Item, day, first_reminder, snoozed
from bot.domain.outcome import Happened
from bot.domain.timer import Timer, TimerKind, item_timer
from bot.services.record import Record


def remind_first(record: Record, item: Item) -> None:
    """Set the first reminder for the day that the item has, in the place of any other."""
    directory = record.directory
    zone = directory.guide.organization.zone
    _set(record, item, first_reminder(item, record.now, directory.business, zone))


def snooze(record: Record, item: Item) -> None:
    """Leave whoever has it alone for a while."""
    _set(record, item, snoozed(record.now, record.directory.business))


def stop_reminding(record: Record, item: Item) -> None:
    """Nobody is reminded of it any more."""
    _set(record, item, None)


def fire_item(record: Record, incident: Incident, timer: Timer) -> None:
    """Remind whoever has the item, and set the next reminder."""
    item = record.tx.items.one(timer.step)
    if item is None or not item.is_open:
        return
    today = record.now.astimezone(record.directory.guide.organization.zone).date()
    data: EventData = {
        "item": item.number,
        "text": item.text,
        "owner": item.owner.name if item.owner else None,
        "due": day(item.due) if item.due else None,
        "late": item.is_late(today),
    }
    people = (item.owner.id,) if item.owner else ()
    happened = Happened(
        kind=EventKind.ITEM_REMINDED, data=data, told=True, notify_people=people, notify_team=not people
    )
    record.tell(incident, happened)
    _set(record, item, remind_again(record.directory.business, record.now))


def _set(record: Record, item: Item, at: datetime | None) -> None:
    timers = record.tx.timers
    mine = [timer.key for timer in timers.of(item.incident, TimerKind.ITEM) if timer.step == item.number]
    timers.remove(mine)
    if at is not None:
        timers.set(item_timer(item.incident, item.number, at))
