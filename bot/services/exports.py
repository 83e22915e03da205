"""Use cases that hand an incident's timeline out in a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.card import IncidentCard, MessageRef
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import ForbiddenError, InvalidError
from bot.domain.event import EventKind
from bot.domain.export import Export, Format, told_in
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.domain.outcome import Happened, Outcome
from bot.domain.subject import has_room
from bot.ports.store import Store, Transaction
from bot.services.cards import read_card
from bot.services.histories import read_page
from bot.services.incident_changes import IncidentChanges
from bot.services.incident_reader import IncidentReader
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request

MOST_ENTRIES = 20_000
"""The newest entries that a file holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was answered; and what is to be shared in which thread, unless that was done before."""

    answer: Answer
    export: Export | None = None
    at: MessageRef | None = None


class Exports:
    """Reads whole timelines for a file in the card's thread: everybody there can read it, nobody else."""

    def __init__(
        self, *, store: Store, changes: IncidentChanges, reader: IncidentReader, directory: Directory
    ) -> None:
        self._store = store
        self._change = changes.change
        self._reader = reader
        self._directory = directory

    async def export(self, request: Request, ref: Ref, form: Format) -> Asked:
        """Note who asked, and read what the file is to hold. Raises DomainError.

        A security incident is handed out in its own channel only, and only when it is asked for there.
        """

        def decide(incident: Incident, record: Record) -> Outcome:
            self._check_may_be_told(record.tx, incident, request)
            happened = Happened(kind=EventKind.EXPORTED, data={"format": form.value})
            return Outcome(incident=incident, happened=(happened,))

        def say(card: IncidentCard, _now: datetime) -> str:
            return f"The timeline of {card.incident.label} comes into its thread as a file."

        answer = await self._change(Deed.EXPORT, request, ref, decide, say=say)
        if answer.repeated or answer.card is None:
            return Asked(answer=answer)
        incident_id = answer.card.incident.id

        def body(tx: Transaction) -> tuple[Export, MessageRef | None]:
            incident = tx.incidents.by_id(incident_id)
            assert incident is not None, "incidents are never removed"
            at = tx.messages.of(incident.id, _stands_under(incident))
            page = told_in(read_page(tx, incident, limit=MOST_ENTRIES), at.channel if at else None)
            return Export(card=read_card(tx, incident, self._directory), page=page, format=form), at

        export, at = await self._store.read(body)
        return Asked(answer=answer, export=export, at=at)

    def _check_may_be_told(self, tx: Transaction, incident: Incident, request: Request) -> None:
        at = tx.messages.of(incident.id, _stands_under(incident))
        told = at is None or self._reader.may_read(incident, at.channel)
        if not told or not self._reader.may_read(incident, request.channel):
            raise ForbiddenError(
                f"Security incident {incident.number} is exported in its own channel only, when it is asked "
                "for there."
            )
        if at is None:
            raise InvalidError(
                f"The card of {incident.label} is not posted yet: the file would stand in its thread. "
                "Try again in a minute."
            )


def _stands_under(incident: Incident) -> Face:
    """In whose thread the file stands: the notice's, once the card's room is archived."""
    return Face.NOTICE if incident.room is not None and not has_room(incident) else Face.CARD
