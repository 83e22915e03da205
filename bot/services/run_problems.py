"""What becomes of problems that checklists have found when the incident declared for them is over.

The incident is locked by the caller; runs are locked after it, in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from bot.domain.checklists import course
from bot.domain.checklists.run import Run
from bot.domain.event import EventKind
from bot.domain.incident import Incident
from bot.services.record import Record
from bot.services.run_writing import write_run


def follow_problems(record: Record, incident: Incident, kind: EventKind) -> None:
    """Write what follows for the problems behind it from an entry of the incident's history."""
    then = _FOLLOWS.get(kind)
    if then is not None:
        then(record, incident)


def _close(record: Record, incident: Incident, *, what: str) -> None:
    how = f"{incident.label} {what}"
    for run in _locked(record, incident):
        closed, happened = course.incident_over(run, incident.id, how, record.actor, record.now)
        write_run(record, run, closed, happened)


def _move(record: Record, incident: Incident) -> None:
    """It goes on as another one, whose end closes the problem."""
    other = record.tx.incidents.by_number(incident.merged_into) if incident.merged_into else None
    if other is None:
        return
    for run in _locked(record, incident):
        write_run(record, run, course.follow_incident(run, incident.id, other.id))


def _locked(record: Record, incident: Incident) -> Iterator[Run]:
    for run_id in sorted(run.id for run in record.tx.runs.with_incident(incident.id)):
        run = record.tx.runs.by_id(run_id, lock=True)
        if run is not None:
            yield run


_FOLLOWS: Mapping[EventKind, Callable[[Record, Incident], None]] = {
    EventKind.RESOLVED: partial(_close, what="was resolved"),
    EventKind.CANCELLED: partial(_close, what="was a false alarm"),
    EventKind.MERGED: _move,
}
