"""What the one who asked reads: what is so now, and what comes next."""

from __future__ import annotations

from datetime import datetime

from bot.domain.card import IncidentCard
from bot.domain.incident import Status
from bot.domain.page import PageState
from bot.domain.text import duration


def declared(card: IncidentCard, now: datetime) -> str:
    """The answer to a declaration: number, who is reached now, who comes next."""
    incident = card.incident
    return f"{incident.label} is declared: {incident.title}. {_reached(card)}{_next(card, now)}"


def changed(card: IncidentCard, now: datetime) -> str:
    """The answer to any other change: what is so now, and who comes next."""
    return f"{card.incident.describe(now)}.{_next(card, now)}"


def _reached(card: IncidentCard) -> str:
    if not card.incident.path.pages:
        return f"Nobody is paged for it; it waits for {card.team}."
    current = [page for page in card.pages if page.epoch == card.incident.epoch]
    if not current:
        return "Nobody is paged yet."
    if current[-1].state is PageState.UNREACHABLE:
        return f"{current[-1].title} is not paged: mentioned in Slack instead."
    return f"{current[-1].title} is being paged."


def _next(card: IncidentCard, now: datetime) -> str:
    step = card.next_step
    if step is None or card.incident.status is not Status.TRIGGERED:
        return ""
    verb = "paged" if step.pages else "mentioned"
    return f" {step.title} is {verb} in {duration(step.due - now)} unless somebody acknowledges."
