"""The question whether an incident is over: what became of it, and the message that shows that."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.delivery import DeliveryKind
from bot.domain.event import Event, EventKind
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.ports.store import Transaction
from bot.services.record import UPDATE_LANE, Record

_LOOKED_AT = 200
"""Entries after a question in which its answer is looked for."""


def take_back(record: Record, incident: Incident) -> None:
    """The question is open no more: owe its message with the answer, where it stands already."""
    asked = _newest_question(record.tx, incident)
    at = record.tx.messages.of(incident.id, Face.QUESTION)
    if asked is None or at is None:
        return
    record.deliver(
        incident,
        DeliveryKind.QUESTION,
        key=f"question/{incident.id}/{asked.sequence}",
        order_key=f"question/{incident.id}",
        lane=UPDATE_LANE,
        payload={"sequence": asked.sequence},
    )


def answer_of(tx: Transaction, event: Event) -> str | None:
    """What became of a question; None for any other entry, and for a question that is open."""
    if event.kind is not EventKind.ALERTS_ASKED:
        return None
    later = tx.events.of(event.subject, after=event.sequence, limit=_LOOKED_AT)
    return next((_ANSWERS[one.kind](one) for one in later if one.kind in _ANSWERS), None)


def _newest_question(tx: Transaction, incident: Incident) -> Event | None:
    newest = reversed(tx.events.of(incident.id, limit=_LOOKED_AT))
    return next((one for one in newest if one.kind is EventKind.ALERTS_ASKED), None)


_ANSWERS: Mapping[EventKind, Callable[[Event], str]] = {
    EventKind.ALERTS_KEPT: lambda event: f"{event.actor.name}: not yet.",
    EventKind.ALERTS_FIRING: lambda _: "It is not: an alert fires again.",
    EventKind.RESOLVED: lambda event: f"Resolved by {event.actor.name}.",
    EventKind.CANCELLED: lambda event: f"Cancelled by {event.actor.name}.",
    EventKind.MERGED: lambda event: f"Merged into another by {event.actor.name}.",
}
