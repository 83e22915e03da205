"""Writes what a decision owes: timers of the path, pages, and their ends. For subjects of every type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.directory import Directory
from bot.domain.escalating import Escalating
from bot.domain.event import EventKind
from bot.domain.outcome import Happened, PageOwed, PagesAcknowledged, PagesResolved, StepDue, TimersStopped
from bot.domain.timer import TimerKind, escalation_timer
from bot.services.paging import acknowledge_pages, forget_unsent, owe_page, resolve_pages_before
from bot.services.record import Record

Owe = Callable[[Record, Any, Any], None]
"""Writes one thing that is owed for a subject."""


def as_reached(happened: Happened, subject: Escalating, directory: Directory) -> Happened:
    """Mention a tier in Slack where no page reaches it, and say why."""
    if happened.kind is not EventKind.PAGED:
        return happened
    tier = str(happened.data["tier"])
    if directory.via(tier, drill=subject.drill):
        return happened
    data = {**happened.data, "reached": False, "why": directory.why_unreached(tier)}
    return replace(happened, data=data, told=True, notify=(tier,), loud=True)


def stop(kind: TimerKind) -> Owe:
    """Stops all timers of a kind."""
    return lambda record, subject, _owed: record.tx.timers.stop(subject.id, kind)


def _step(record: Record, subject: Escalating, owed: StepDue) -> None:
    record.tx.timers.set(escalation_timer(subject.id, subject.epoch, owed.step, owed.due))


def _acknowledge(record: Record, subject: Escalating, _owed: PagesAcknowledged) -> None:
    forget_unsent(record, subject)
    acknowledge_pages(record, subject)


def _resolve(record: Record, subject: Escalating, owed: PagesResolved) -> None:
    forget_unsent(record, subject)
    resolve_pages_before(record, subject, owed.before)


PATH_OWED: Mapping[type, Owe] = {
    PageOwed: owe_page,
    StepDue: _step,
    TimersStopped: stop(TimerKind.ESCALATION),
    PagesAcknowledged: _acknowledge,
    PagesResolved: _resolve,
}
"""How each kind of what a path owes is written."""
