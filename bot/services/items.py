"""Use cases of action items: added, given, done, and reminded of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.domain.actor import Actor
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident
from bot.domain.item import MOST_OPEN, Item, day, item_text, read_due
from bot.domain.outcome import Happened
from bot.domain.rights import Rights
from bot.ports.store import Store, Transaction
from bot.services.find import find_incident
from bot.services.incident_changes import IncidentChanges
from bot.services.incident_reader import IncidentReader
from bot.services.item_reminders import remind_first, snooze, stop_reminding
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem:
    """An item and its incident. `shown` is whether what people wrote about it may be shown here."""

    item: Item
    incident: Incident
    shown: bool


Change = Callable[[Item, Record], tuple[Item, Happened]]
"""What becomes of an item, and the entry for it. Raises DomainError."""


class Items:
    """What people do with action items. Every method raises DomainError in words for the one who asked."""

    def __init__(
        self,
        *,
        changes: IncidentChanges,
        store: Store,
        directory: Directory,
        reader: IncidentReader,
        rights: Rights,
    ) -> None:
        self._changes = changes
        self._rights = rights
        self._store = store
        self._directory = directory
        self._reader = reader

    async def add(
        self, request: Request, ref: Ref, text: str, *, to: Actor | None = None, due: str | None = None
    ) -> Answer:
        """Add one; `to` does it, `due` says until when as people say it."""
        said = item_text(text)

        def decide(incident: Incident, record: Record) -> Answer:
            if to is not None:
                self._rights.check_may_hold(to)
            if sum(one.is_open for one in record.tx.items.of(incident.id)) >= MOST_OPEN:
                raise InvalidError(
                    f"{incident.label} has {MOST_OPEN} open items: that is enough to do first."
                )
            draft = Item(
                number=0,
                incident=incident.id,
                text=said,
                added_by=request.actor,
                added_at=record.now,
                owner=to,
                due=read_due(due, self._today(record)) if due else None,
            )
            item = record.tx.items.add(draft)
            remind_first(record, item)
            record.tell(incident, _happened(EventKind.ITEM_ADDED, item, notify=_notified(to, request)))
            return Answer(text=f"Item {item.number} of {incident.label} is added{_until(item)}.")

        return await self._changes.carry_out(Deed.ITEM, request, ref, decide)

    async def finish(self, request: Request, number: int) -> Answer:
        """It is done."""
        return await self._change(
            request, number, lambda item, _record: _both(item.finish(), EventKind.ITEM_DONE), "is done"
        )

    async def drop(self, request: Request, number: int, reason: str) -> Answer:
        """It will not be done, and why."""
        return await self._change(
            request,
            number,
            lambda item, _record: _both(item.drop(reason), EventKind.ITEM_DROPPED),
            "is dropped",
        )

    async def give(self, request: Request, number: int, to: Actor) -> Answer:
        """Somebody else does it."""

        def change(item: Item, _record: Record) -> tuple[Item, Happened]:
            self._rights.check_may_hold(to)
            given = item.give(to)
            return given, _happened(EventKind.ITEM_GIVEN, given, notify=_notified(to, request))

        return await self._change(request, number, change, f"is {to.name}'s now")

    async def put_off(self, request: Request, number: int, due: str) -> Answer:
        """It is due on another day, as people say it."""

        def change(item: Item, record: Record) -> tuple[Item, Happened]:
            return _both(item.put_off(read_due(due, self._today(record))), EventKind.ITEM_PUT_OFF)

        return await self._change(request, number, change, "has another day")

    async def snooze(self, request: Request, number: int) -> Answer:
        """Leave whoever has it alone for a week."""

        def decide(incident: Incident, record: Record) -> Answer:
            item = _existing(record.tx, number)
            if not item.is_open:
                item.finish()  # refuses in words
            snooze(record, item)
            return Answer(text=f"Nobody is reminded of item {number} of {incident.label} for a week.")

        return await self._changes.carry_out(Deed.ITEM, request, await self._its_incident(number), decide)

    async def list(self, request: Request, number: int | None) -> tuple[ListedItem, ...]:
        """An incident's items, by number or where it is talked about; else all that are to be done."""

        def body(tx: Transaction) -> tuple[ListedItem, ...]:
            if number is None and request.thread is None and not _is_in_room(tx, request):
                return self._listed(tx, tx.items.open(), request)
            incident = find_incident(tx, request, Ref(number=number), verb="items")
            return self._listed(tx, tx.items.of(incident.id), request)

        return await self._store.read(body)

    def _listed(self, tx: Transaction, items: tuple[Item, ...], request: Request) -> tuple[ListedItem, ...]:
        incidents = {key: tx.incidents.by_id(key) for key in dict.fromkeys(item.incident for item in items)}
        return tuple(
            ListedItem(item=item, incident=one, shown=self._reader.may_read(one, request.channel))
            for item in items
            if (one := incidents[item.incident]) is not None
        )

    async def _change(self, request: Request, number: int, change: Change, so: str) -> Answer:
        def decide(incident: Incident, record: Record) -> Answer:
            before = _existing(record.tx, number)
            item, happened = change(before, record)
            record.tx.items.save(item)
            if not item.is_open:
                stop_reminding(record, item)
            elif item.due != before.due:
                remind_first(record, item)
            record.tell(incident, happened)
            until = _until(item) if item.is_open else ""
            return Answer(text=f"Item {number} of {incident.label} {so}{until}.")

        return await self._changes.carry_out(Deed.ITEM, request, await self._its_incident(number), decide)

    async def _its_incident(self, number: int) -> Ref:
        """The incident of an item: that never changes."""
        item = await self._store.read(lambda tx: _existing(tx, number))
        return Ref(id=item.incident)

    def _today(self, record: Record) -> date:
        return record.now.astimezone(self._directory.guide.organization.zone).date()


def _is_in_room(tx: Transaction, request: Request) -> bool:
    return request.channel is not None and tx.incidents.by_room(request.channel) is not None


def _existing(tx: Transaction, number: int) -> Item:
    item = tx.items.one(number)
    if item is None:
        raise NotFoundError(f"There is no item {number}. `items` lists those that are still to be done.")
    return item


def _both(item: Item, kind: EventKind) -> tuple[Item, Happened]:
    return item, _happened(kind, item)


def _happened(kind: EventKind, item: Item, *, notify: tuple[str, ...] = ()) -> Happened:
    data: EventData = {
        "item": item.number,
        "text": item.text,
        "owner": item.owner.name if item.owner else None,
        "due": day(item.due) if item.due else None,
        "reason": item.reason,
    }
    return Happened(kind=kind, data=data, told=True, notify_people=notify)


def _notified(to: Actor | None, request: Request) -> tuple[str, ...]:
    return (to.id,) if to and to.id != request.actor.id else ()


def _until(item: Item) -> str:
    who = f"{item.owner.name} does it" if item.owner else "nobody has it yet"
    return f": {who}, {f'by {day(item.due)}' if item.due else 'without a day'}"
