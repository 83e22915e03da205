"""Writes down how an incident's error budget stood, or that nobody knows."""

from __future__ import annotations

import logging

from bot.domain.event import EventKind
from bot.domain.incident import Incident
from bot.domain.outcome import Happened
from bot.domain.slo.note import BudgetNote, Noted, missing_note, note_of
from bot.domain.subject import Subject
from bot.ports.failures import DeliveryFailure, PermanentFailure
from bot.services.record import Record
from bot.services.settlement import Settling
from bot.services.slo_noting import is_first, owe_again
from bot.services.work import BudgetRead, Claimed, ReadBudget, Sent

TRIES = 20
"""About an hour of trying: nobody waits for it longer."""

_TOLD = frozenset({Noted.DECLARED, Noted.RESOLVED})

_log = logging.getLogger(__name__)


def budget_read(settling: Settling, work: ReadBudget, sent: Sent) -> None:
    """Note it, once: without the lease it is another's to note."""
    if settling.held and isinstance(sent, BudgetRead):
        _note(settling.record, settling.incident, work, note_of(work.moment, work.promise, sent.found))


def is_put_aside(record: Record, subject: Subject, claimed: Claimed, failure: DeliveryFailure) -> bool:
    """Whether it is asked by itself from now on, or no more. Else it is tried again as it is.

    That it is given up is noted, and wakes nobody: no incident depends on it.
    """
    work = claimed.work
    if not isinstance(work, ReadBudget) or not isinstance(subject, Incident):
        return False
    if isinstance(failure, PermanentFailure) or work.delivery.attempts >= TRIES:
        _give_up(record, subject, work, claimed.token, failure)
        return True
    if not is_first(work.delivery):
        return False
    if record.tx.outbox.settle(work.delivery, claimed.token):
        owe_again(record, subject, work.delivery)
    return True


def _give_up(
    record: Record, subject: Incident, work: ReadBudget, token: str, failure: DeliveryFailure
) -> None:
    if record.tx.outbox.settle(work.delivery, token):
        facts = {"delivery": work.delivery.key, "incident": subject.id}
        reason = "of a security incident" if subject.security else failure.reason  # may name its service
        _log.warning("an error budget was not measured: %s", reason, extra=facts)
        _note(record, subject, work, missing_note(work.moment, work.promise, work.at, failure.reason))


def _note(record: Record, incident: Incident, work: ReadBudget, note: BudgetNote) -> None:
    told = work.told and note.is_measured and note.moment in _TOLD
    record.tell(incident, Happened(kind=EventKind.SLO_NOTED, data=note.data, told=told))
    noted = incident.note_budget(note)
    if noted != incident:
        record.tx.incidents.save(noted)
        record.show_pages(noted)
