"""Writes a use case's outcome: incident, history, timers and what is owed, in one transaction."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.directory import Directory
from bot.domain.event import EventKind
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.domain.outcome import (
    Happened,
    Outcome,
    Owed,
    PageOwed,
    PagesAcknowledged,
    PagesResolved,
    StepDue,
    TimersStopped,
    UpdateDue,
    UpdatesStopped,
)
from bot.domain.timer import TimerKind, escalation_timer, update_timer
from bot.domain.updates import follow
from bot.services.aftermath import write_aftermath
from bot.services.paging import acknowledge_pages, forget_unsent, owe_page, resolve_pages_before
from bot.services.record import Record
from bot.services.rooms import keep_room, without_archived_room


def write_beginning(record: Record, outcome: Outcome) -> Incident:
    """Write what begins with a declaration, whole. Returns the incident with the number that it drew."""
    outcome = _followed(record, outcome)
    incident = record.tx.incidents.add(outcome.incident)
    record.show(incident, posted=False)
    return _write(record, incident, outcome)


def write_outcome(record: Record, outcome: Outcome) -> Incident:
    """Write an outcome whole. The incident's row is locked in this transaction. Returns it as it is now."""
    outcome = _followed(record, outcome)
    incident = without_archived_room(record, outcome.incident)
    record.tx.incidents.save(incident)
    posted = record.tx.messages.of(incident.id, Face.CARD) is not None
    if not posted:  # the card goes first: its lines stand in its thread
        record.show(incident, posted=False)
    written = _write(record, incident, outcome)
    if posted:
        record.show(written, posted=True)
    return written


def write_prompt(record: Record, outcome: Outcome) -> None:
    """Write an outcome that only asks people something: the incident is as it was, and shows so already."""
    _write(record, outcome.incident, outcome)


def _followed(record: Record, outcome: Outcome) -> Outcome:
    """The outcome, with what follows from the guide's paces."""
    return follow(outcome, record.now, record.directory.update_every(outcome.incident))


def _write(record: Record, incident: Incident, outcome: Outcome) -> Incident:
    for happened in outcome.happened:
        record.tell(incident, _as_reached(happened, incident, record.directory))
        write_aftermath(record, incident, happened.kind)
    for owed in outcome.owed:
        _owe(record, incident, owed)
    return keep_room(record, incident, outcome)


def _as_reached(happened: Happened, incident: Incident, directory: Directory) -> Happened:
    """Mention a tier in Slack where no page reaches it, and say why."""
    if happened.kind is not EventKind.PAGED:
        return happened
    tier = str(happened.data["tier"])
    if directory.via(tier, drill=incident.drill):
        return happened
    data = {**happened.data, "reached": False, "why": directory.why_unreached(tier)}
    return replace(happened, data=data, told=True, notify=(tier,), loud=True)


def _owe(record: Record, incident: Incident, owed: Owed) -> None:
    match owed:
        case PageOwed():
            owe_page(record, incident, owed)
        case StepDue():
            record.tx.timers.set(escalation_timer(incident.id, incident.epoch, owed.step, owed.due))
        case TimersStopped():
            record.tx.timers.stop(incident.id, TimerKind.ESCALATION)
        case UpdateDue():
            record.tx.timers.stop(incident.id, TimerKind.UPDATE_DUE)
            record.tx.timers.set(update_timer(incident.id, incident.epoch, owed.asked, owed.due))
        case UpdatesStopped():
            record.tx.timers.stop(incident.id, TimerKind.UPDATE_DUE)
        case PagesAcknowledged():
            forget_unsent(record, incident)
            acknowledge_pages(record, incident)
        case PagesResolved():
            forget_unsent(record, incident)
            resolve_pages_before(record, incident, owed.before)
