"""Use cases of runbooks in incidents: opened, and their steps checked off."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.alert import AlertGroup
from bot.domain.card import MessageRef
from bot.domain.checklists.run import Run
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.event import EventData, EventKind
from bot.domain.guide import Guide, Runbook
from bot.domain.incident import Incident
from bot.domain.outcome import Happened
from bot.domain.runbooks.opened import OpenedRunbook, OpenStep
from bot.domain.runbooks.search import nearest_books, ranked
from bot.domain.text import clean
from bot.ports.store import Store, Transaction
from bot.services.found import subject_in_thread
from bot.services.incident_changes import IncidentChanges
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request
from bot.services.runbook_opening import owe_reading_of, show_opened
from bot.services.subjects import find_subject

TEXT_LIMIT = 300
"""Characters of a step's first line that the timeline keeps."""

Verb = Callable[[OpenedRunbook, Record], tuple[OpenedRunbook, OpenStep]]
"""What becomes of a step. Raises DomainError."""


class Runbooks:
    """What people do with runbooks in incidents. Every method raises DomainError in words for who asked."""

    def __init__(self, *, changes: IncidentChanges, store: Store, directory: Directory) -> None:
        self._changes = changes
        self._store = store
        self._directory = directory

    async def is_inside(self, request: Request) -> bool:
        """Whether it is asked in an incident's own channel, or in its thread."""

        def body(tx: Transaction) -> bool:
            if request.channel is None:
                return False
            if tx.incidents.by_room(request.channel) is not None:
                return True
            subject = subject_in_thread(tx, request)
            return subject is not None and tx.incidents.by_id(subject) is not None

        return await self._store.read(body)

    async def own(self, request: Request) -> Runbook | None:
        """The one that belongs to the alert or the review in whose thread it is asked."""
        if request.channel is None or request.thread is None:
            return None
        at = MessageRef(channel=request.channel, ts=request.thread)

        def body(tx: Transaction) -> Runbook | None:
            subject = tx.messages.subject_at(at)
            found = find_subject(tx, subject) if subject is not None else None
            if isinstance(found, AlertGroup):
                return self._directory.runbook(found)
            if isinstance(found, Run) and found.runbook:
                return self._directory.guide.runbooks.get(found.runbook)
            return None

        return await self._store.read(body)

    async def open(self, request: Request, ref: Ref, words: str = "") -> Answer:
        """Open the one that is called so, has such a service or tag; without words the incident's own."""

        def act(incident: Incident, record: Record) -> Answer:
            runbook = self._meant(incident, words)
            if not runbook.is_readable:
                raise InvalidError(
                    f"What {runbook.title} says is not known: set `runbooks.base` or `runbooks.folder` "
                    "in the guide."
                )
            opened = _of(record.tx, incident, runbook)
            if opened is not None:
                show_opened(record, incident, opened)
                return Answer(text=f"{opened.title} is open in {incident.label} already: {opened.progress}.")
            owe_reading_of(record, incident, runbook)
            return Answer(text=f"{runbook.title} opens in {incident.label}, for everybody there.")

        return await self._changes.carry_out(Deed.RUNBOOK, request, ref, act)

    async def check(self, request: Request, opened: str, position: int) -> Answer:
        """A step is done."""
        zone = self._directory.guide.organization.zone

        def verb(one: OpenedRunbook, record: Record) -> tuple[OpenedRunbook, OpenStep]:
            return one.check(position, request.actor, record.now, zone)

        return await self._change(request, opened, verb, EventKind.RUNBOOK_STEP)

    async def reopen(self, request: Request, opened: str, position: int) -> Answer:
        """A step is to be done after all."""
        return await self._change(
            request, opened, lambda one, _record: one.reopen(position), EventKind.RUNBOOK_STEP_REOPENED
        )

    async def _change(self, request: Request, opened: str, verb: Verb, kind: EventKind) -> Answer:
        def act(incident: Incident, record: Record) -> Answer:
            changed, one = verb(_existing(record.tx, opened), record)
            record.tx.opened_runbooks.mark(opened, one)
            data: EventData = {
                "runbook": changed.runbook,
                "title": changed.title,
                "position": one.step.position,
                "text": clean(one.step.title, TEXT_LIMIT),
            }
            record.tell(incident, Happened(kind=kind, data=data))
            show_opened(record, incident, changed)
            record.show_pages(incident)  # the card says how far it has come
            return Answer(text=f"{changed.title} in {incident.label}: {changed.progress}.")

        found = await self._store.read(lambda tx: _existing(tx, opened))
        return await self._changes.carry_out(Deed.RUNBOOK, request, Ref(id=found.incident), act)

    def _meant(self, incident: Incident, words: str) -> Runbook:
        if not words.strip():
            return self._directory.runbook(incident)
        return named_book(self._directory.guide, words)


def named_book(guide: Guide, words: str) -> Runbook:
    """The best that is called so, by name, service, or tag. Raises NotFoundError with the nearest."""
    found = ranked(guide, words)
    if found:
        return found[0].runbook
    near = ", ".join(f"`{book.key}`" for book in nearest_books(guide, words))
    raise NotFoundError(
        f"No runbook is called “{clean(words, 100)}”. Nearest: {near}. "
        "`/runbook search` looks into the texts."
    )


def _of(tx: Transaction, incident: Incident, runbook: Runbook) -> OpenedRunbook | None:
    return next((one for one in tx.opened_runbooks.of(incident.id) if one.runbook == runbook.key), None)


def _existing(tx: Transaction, opened: str) -> OpenedRunbook:
    found = tx.opened_runbooks.one(opened)
    if found is None:
        raise NotFoundError("That runbook is open no more. `/runbook` opens it again.")
    return found
