"""What the one who asked reads: what is so now, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.alert_link import still_firing
from bot.domain.card import IncidentCard, NextStep
from bot.domain.directory import Directory
from bot.domain.incident import Incident, Status
from bot.domain.page import PageState
from bot.domain.room import wants_room
from bot.domain.text import clock_time, duration

_SOON = timedelta(hours=12)
"""What comes within this time is told by how long it takes; what comes later, by the clock."""


def declared(card: IncidentCard, now: datetime, directory: Directory, *, here: bool) -> str:
    """The answer to a declaration: number, who is reached now, who comes next, and where its card stands.

    `here`: it was declared in that very channel.
    """
    incident = card.incident
    said = f"{incident.label} is declared: {incident.title}. {_reached(card)}"
    return f"{said}{_next(card, now)}{_where(incident, directory, here=here)}"


def changed(card: IncidentCard, now: datetime) -> str:
    """The answer to any other change: what is so now, and who comes next."""
    firing = "" if card.incident.is_open else still_firing(card.alerts)
    return f"{card.incident.describe(now)}.{_next(card, now)}{firing and f' {firing}'}"


def written(what: str) -> Callable[[IncidentCard, datetime], str]:
    """The answer to words that somebody has written: that they are told, and when they are asked again."""

    def say(card: IncidentCard, now: datetime) -> str:
        return f"{card.incident.label}: {what} is on the card and in its thread.{_asked_again(card, now)}"

    return say


def _asked_again(card: IncidentCard, now: datetime) -> str:
    due = card.incident.update_due
    return f" The next update is asked for in {duration(due - now)}." if due and due > now else ""


def _where(incident: Incident, directory: Directory, *, here: bool) -> str:
    name = directory.guide.channels[incident.channel].name
    if wants_room(incident, directory):
        return f" A channel of its own is being made for it; #{name} shows it, too."
    return "" if here else f" Its card is in #{name}."


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
    again = " again" if _was_paged(card, step) else ""
    wait = step.due - now
    soon = step.pages and wait <= _SOON
    when = f"in {duration(wait)}" if soon else f"on {clock_time(step.due, now)}"
    return f" {step.title} is {verb}{again} {when} unless somebody acknowledges."


def _was_paged(card: IncidentCard, step: NextStep) -> bool:
    pages = (page for page in card.pages if page.epoch == card.incident.epoch)
    return any(page.title == step.title and not page.dropped_at for page in pages)
