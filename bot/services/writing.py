"""Writes a use case's outcome: incident, history, timers and what is owed, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.attendance import attend
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.domain.outcome import (
    AttendanceDue,
    AttendanceStopped,
    Outcome,
    Owed,
    UpdateDue,
    UpdatesStopped,
)
from bot.domain.timer import TimerKind, attendance_timer, update_timer
from bot.domain.updates import follow
from bot.services.aftermath import write_aftermath
from bot.services.alert_follows import follow_alerts
from bot.services.owing import PATH_OWED, Owe, as_reached, stop
from bot.services.record import Record
from bot.services.rooms import keep_room, without_archived_room
from bot.services.run_problems import follow_problems
from bot.services.slo_noting import owe_reading


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
    """The outcome, with what follows from the guide: when an update is due, and who is told."""
    directory = record.directory
    followed = follow(outcome, record.now, directory.update_every(outcome.incident))
    followed = attend(followed, record.now, directory.still_on_it(followed.incident))
    told = followed.incident.leadership or directory.tells_leadership(followed.incident)
    return replace(followed, incident=replace(followed.incident, leadership=told))


def _write(record: Record, incident: Incident, outcome: Outcome) -> Incident:
    for happened in outcome.happened:
        event = record.tell(incident, as_reached(happened, incident, record.directory))
        awaited = owe_reading(record, incident, event)
        write_aftermath(record, incident, happened.kind, awaited=awaited)
        follow_alerts(record, incident, happened.kind)
        follow_problems(record, incident, happened.kind)
    for owed in outcome.owed:
        _OWE[type(owed)](record, incident, owed)
    return keep_room(record, incident, outcome)


def _update(record: Record, incident: Incident, owed: UpdateDue) -> None:
    record.tx.timers.stop(incident.id, TimerKind.UPDATE_DUE)
    record.tx.timers.set(update_timer(incident.id, incident.epoch, owed.asked, owed.due))


def _attendance(record: Record, incident: Incident, owed: AttendanceDue) -> None:
    record.tx.timers.stop(incident.id, TimerKind.ATTENDANCE)
    record.tx.timers.set(attendance_timer(incident.id, incident.epoch, owed.due, asked=owed.asked))


_OWE: Mapping[type[Owed], Owe] = {
    **PATH_OWED,
    UpdateDue: _update,
    UpdatesStopped: stop(TimerKind.UPDATE_DUE),
    AttendanceDue: _attendance,
    AttendanceStopped: stop(TimerKind.ATTENDANCE),
}
"""How each kind of what is owed is written."""
