"""A card of whatever has one."""

from __future__ import annotations

from bot.domain.alert_card import AlertCard
from bot.domain.call_card import CallCard
from bot.domain.card import IncidentCard
from bot.domain.changes.card import ChangeCard
from bot.domain.changes.span_card import SpanCard
from bot.domain.checklists.card import RunCard

EscalatingCard = IncidentCard | AlertCard | CallCard
"""A card of whatever people are paged for."""

SubjectCard = EscalatingCard | RunCard | ChangeCard | SpanCard
"""A card of whatever has a history and a message that shows it."""
