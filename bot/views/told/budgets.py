"""How it is told how the error budget of what is broken stands, and what an incident cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.domain.slo.note import BudgetNote, Noted, read_note
from bot.domain.text import duration
from bot.views.budget_note import WHEN, cost, standing, title
from bot.views.told.telling import Told

LATE = timedelta(minutes=5)
"""From when on it is said of which time it is."""


def _noted(event: Event, _card: IncidentCard) -> str:
    note = read_note(event.data)
    if note is None:
        return "The error budget was looked at."
    if note.moment is Noted.RESOLVED and (spent := cost(note)):
        return f"📉 It cost {spent}. {title(note)}: {standing(note)}{_when(event, note)}."
    return f"📉 {title(note)}: {standing(note)}{_when(event, note)}."


def _when(event: Event, note: BudgetNote) -> str:
    """Which moment it is about, where that is not plain from where it stands."""
    late = event.at - note.at
    if late > LATE:
        return f" ({WHEN[note.moment]}, {duration(late)} earlier)"
    return f" ({WHEN[note.moment]})" if note.moment is Noted.ACKNOWLEDGED else ""


TOLD: Mapping[EventKind, Told] = {
    EventKind.SLO_NOTED: Told(sentence=_noted, public="its error budget was looked at"),
}
