"""Asks people: for an update that is due, and whether they are still on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain import attendance
from bot.domain.attendance import Signs, signs_of_life
from bot.domain.escalation import unattended
from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.outcome import Happened
from bot.domain.timer import Timer, TimerKind, update_timer
from bot.domain.updates import ask
from bot.ports.store import Transaction
from bot.services.record import Record
from bot.services.writing import write_outcome, write_prompt

LATE = timedelta(seconds=10)
"""A deadline that is missed by more was missed by the bot itself, not by what it waited for."""

_LOOKED_AT = 200
"""Entries of a history in which a sign of life is looked for."""


def ask_for_update(record: Record, incident: Incident, timer: Timer) -> None:
    """Ask whoever leads for an update; one question at a time: first whether somebody is there at all."""
    open_question = next(_questions(record.tx, incident), None)
    if open_question is not None:
        record.tx.timers.set(update_timer(incident.id, incident.epoch, timer.step, open_question.due))
        return
    whom, every = record.directory.leader(incident), record.directory.update_every(incident)
    outcome = ask(incident, timer.step, record.now, whom=whom, every=every)
    if outcome is not None:
        write_prompt(record, outcome)


def attend(record: Record, incident: Incident, timer: Timer) -> None:
    """Ask whoever has it whether they are still on it; give them up where nobody has answered in time."""
    after = record.directory.still_on_it(incident)
    if timer.epoch != incident.epoch or after is None or incident.status is not Status.ACKNOWLEDGED:
        return
    signs = _signs(record.tx, incident)
    if timer.step == 0:
        outcome = attendance.look(incident, signs, record.now, after)
    else:
        late = record.now - timer.due > LATE
        outcome = attendance.wait_longer(incident, signs, record.now, after, late=late)
        if outcome is None:
            _give_up(record, incident)
    if outcome is not None:
        write_prompt(record, outcome)


def note_pager_answer(record: Record, incident: Incident, at: datetime | None) -> None:
    """Whoever acknowledges in the paging service once they are asked is still on it."""
    if at is None or next(_questions(record.tx, incident), None) is None:
        return
    signs = _signs(record.tx, incident)
    if signs.asked_at is not None and not signs.answered and at > signs.asked_at:
        record.note(incident.id, Happened(kind=EventKind.STILL_ON_IT))


def _give_up(record: Record, incident: Incident) -> None:
    directory = record.directory
    path = directory.path(incident.severity)
    write_outcome(
        record, unattended(incident, path, record.now, directory.business, role=directory.first_role)
    )


def _questions(tx: Transaction, incident: Incident) -> Iterator[Timer]:
    """The deadline of a question that is open."""
    return (timer for timer in tx.timers.of(incident.id, TimerKind.ATTENDANCE) if timer.step)


def _signs(tx: Transaction, incident: Incident) -> Signs:
    return signs_of_life(incident, tx.events.of(incident.id, limit=_LOOKED_AT))
