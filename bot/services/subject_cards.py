"""Reads what the card of a subject shows, whatever its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.domain.alert import AlertGroup
from bot.domain.call import Call
from bot.domain.changes.change import Change
from bot.domain.changes.span import Span
from bot.domain.checklists.run import Run
from bot.domain.directory import Directory
from bot.domain.incident import Incident
from bot.domain.subject import Subject
from bot.domain.subject_card import SubjectCard
from bot.ports.store import Transaction
from bot.services.alert_cards import read_alert_card
from bot.services.call_cards import read_call_card
from bot.services.cards import read_card
from bot.services.change_cards import read_change_card
from bot.services.run_cards import read_run_card
from bot.services.span_cards import read_span_card

Read = Callable[[Transaction, Any, Directory], SubjectCard]


def read_card_of(tx: Transaction, subject: Subject, directory: Directory, now: datetime) -> SubjectCard:
    """Everything that the subject's card shows, as it is in this transaction."""
    return _BY_TYPE[type(subject)](tx, subject, directory, now)


def _at_any_time(read: Read) -> Callable[[Transaction, Any, Directory, datetime], SubjectCard]:
    """Of a card that time alone does not change."""
    return lambda tx, subject, directory, _now: read(tx, subject, directory)


_BY_TYPE: Mapping[type, Callable[[Transaction, Any, Directory, datetime], SubjectCard]] = {
    Incident: _at_any_time(read_card),
    AlertGroup: _at_any_time(read_alert_card),
    Call: _at_any_time(read_call_card),
    Run: _at_any_time(read_run_card),
    Change: read_change_card,
    Span: read_span_card,
}
