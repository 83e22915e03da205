"""Reads what the card of a subject shows, whatever its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.alert import AlertGroup
from bot.domain.changes.span import Span
from bot.domain.checklists.run import Run
from bot.domain.directory import Directory
from bot.domain.incident import Incident
from bot.domain.subject import Subject
from bot.domain.subject_card import SubjectCard
from bot.ports.store import Transaction
from bot.services.alert_cards import read_alert_card
from bot.services.cards import read_card
from bot.services.run_cards import read_run_card
from bot.services.span_cards import read_span_card


def read_card_of(tx: Transaction, subject: Subject, directory: Directory) -> SubjectCard:
    """Everything that the subject's card shows, as it is in this transaction."""
    return _BY_TYPE[type(subject)](tx, subject, directory)


_BY_TYPE: Mapping[type, Callable[[Transaction, Any, Directory], SubjectCard]] = {
    Incident: read_card,
    AlertGroup: read_alert_card,
    Run: read_run_card,
    Span: read_span_card,
}
