"""What becomes of a subject when its step is due or its page is answered, by its type.

Each verb writes its outcome whole. The subject is locked by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import escalation
from bot.domain.alert import AlertGroup
from bot.domain.call import Call
from bot.domain.escalating import Escalating
from bot.domain.incident import Incident
from bot.domain.timer import Timer
from bot.services.alert_follows import page_taken
from bot.services.alert_writing import acknowledge_alert, take_alert_step
from bot.services.call_writing import answer_call, take_call_step
from bot.services.prompts import note_pager_answer
from bot.services.record import Record
from bot.services.writing import write_outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """The verbs of one type. `record.actor` is who acts.

    `acknowledge` is called for one that waits, `answer_again` for one that is acknowledged in the paging
    service once more, `resolve` for an open one that somebody resolves there. `take_step` is called for the
    current epoch's timers only, `page_taken` once the paging service has a page of the current epoch.
    """

    take_step: Callable[[Record, Any, Timer], None]
    acknowledge: Callable[[Record, Any], object]
    answer_again: Callable[[Record, Any, datetime | None], None]
    resolve: Callable[[Record, Any], None]
    page_taken: Callable[[Record, Any], None]


def conduct_of(subject: Escalating) -> Conduct:
    """The verbs of the subject's type."""
    return _BY_TYPE[type(subject)]


def _take_step(record: Record, incident: Incident, timer: Timer) -> None:
    outcome = escalation.step_due(incident, timer.step, timer.due, record.now, record.directory.business)
    if outcome is not None:
        write_outcome(record, outcome)


def _acknowledge(record: Record, incident: Incident) -> None:
    role = record.directory.first_role
    write_outcome(record, escalation.acknowledge(incident, record.actor, record.now, role=role))


def _resolve(record: Record, incident: Incident) -> None:
    write_outcome(record, escalation.resolve(incident, record.actor, record.now))


def _take_alert(record: Record, group: AlertGroup) -> None:
    """Who resolves it in the paging service has it: only its alerts can say that it is over."""
    if group.acknowledged_by is None:
        acknowledge_alert(record, group)


def _answer(record: Record, call: Call) -> None:
    """Who resolves it in the paging service without a word has dealt with it, too."""
    answer_call(record, call)


_BY_TYPE: Mapping[type, Conduct] = {
    Incident: Conduct(
        take_step=_take_step,
        acknowledge=_acknowledge,
        answer_again=note_pager_answer,
        resolve=_resolve,
        page_taken=page_taken,
    ),
    AlertGroup: Conduct(
        take_step=take_alert_step,
        acknowledge=acknowledge_alert,
        answer_again=lambda _record, _group, _at: None,
        resolve=_take_alert,
        page_taken=lambda _record, _group: None,
    ),
    Call: Conduct(
        take_step=take_call_step,
        acknowledge=answer_call,
        answer_again=lambda _record, _call, _at: None,
        resolve=_answer,
        page_taken=lambda _record, _call: None,
    ),
}
