"""The question whether an incident is over, once all its alerts are resolved."""

from __future__ import annotations

from bot.domain.card import IncidentCard
from bot.domain.event import Event
from bot.domain.incident import Incident
from bot.views.blocks import Block, actions, button
from bot.views.incident import encode_target

OVER = "incident.alerts_over"
NOT_YET = "incident.alerts_not_yet"

BLOCK_ID = "incident.alerts_asked"


def is_open_question(event: Event, card: IncidentCard) -> bool:
    """Whether this entry is the question whether it is over that is open now."""
    return event.at == card.incident.over_asked_at


def over_buttons(incident: Incident) -> Block:
    """The buttons that answer it."""
    value = encode_target(incident.id, incident.epoch)
    return actions(
        BLOCK_ID, button("Resolve", OVER, value, style="primary"), button("Not yet", NOT_YET, value)
    )
