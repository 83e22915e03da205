"""Messages that are, or may become, part of a timeline: whose they are, and how they are added."""

from __future__ import annotations

from bot.domain.actor import Actor
from bot.domain.card import MessageRef
from bot.domain.delivery import DeliveryKind
from bot.domain.event import EventKind
from bot.domain.incident import Incident
from bot.domain.mark import Mark, Way, marked
from bot.domain.outcome import Happened
from bot.domain.quote import Quote
from bot.ports.store import Transaction
from bot.services.record import Record

LOOK_LANE = "slack/conversations.replies"


def look_key(incident: Incident, at: MessageRef, by: Actor) -> str:
    """The key of the delivery that looks at a message because somebody wants it in a timeline."""
    return f"look/{incident.id}/{at.channel}/{at.ts}/{by.id}"


def look_at(record: Record, incident: Incident, at: MessageRef, by: Actor, *, private: bool) -> None:
    """Owe a look at a message that may be about the incident."""
    record.deliver(
        incident,
        DeliveryKind.LOOK_AT_MESSAGE,
        key=look_key(incident, at, by),
        order_key=f"look/{incident.id}/{at.channel}/{at.ts}",
        lane=LOOK_LANE,
        payload={
            "channel": at.channel,
            "ts": at.ts,
            "by": by.id,
            "by_name": by.name,
            "private": private,
        },
    )


def incident_of(
    tx: Transaction, at: MessageRef, thread: str | None, *, lock: bool = False
) -> Incident | None:
    """The incident in whose thread or room a message stands. None for its own cards, and all others."""
    if tx.messages.subject_at(at) is not None:
        return None
    if thread is not None:
        subject = tx.messages.subject_at(MessageRef(channel=at.channel, ts=thread))
        if subject is not None:
            return tx.incidents.by_id(subject, lock=lock)
    return tx.incidents.by_room(at.channel, lock=lock)


def incident_near(tx: Transaction, at: MessageRef) -> Incident | None:
    """An incident that a message may be about, while its thread is not known; None where there is none."""
    if tx.messages.subject_at(at) is not None:
        return None
    room = tx.incidents.by_room(at.channel)
    if room is not None:
        return room
    subject = tx.messages.newest_in(at.channel)
    return tx.incidents.by_id(subject) if subject else None


def add_mark(record: Record, incident: Incident, quote: Quote, *, by: Actor, way: Way) -> None:
    """Make a message part of the timeline, once. The incident is locked."""
    at = MessageRef(channel=quote.channel, ts=quote.ts)
    if record.tx.marks.at(at) is not None:
        return
    happened = marked(quote, way)
    event = record.note(incident.id, Happened(kind=happened.kind, data=happened.data, actor=by))
    mark = Mark(at=at, incident=incident.id, sequence=event.sequence, by=by.id, way=way)
    record.tx.marks.add(mark)


def locked_mark(tx: Transaction, at: MessageRef) -> Mark | None:
    """The mark of a message, whose incident is locked from now on."""
    mark = tx.marks.at(at)
    if mark is None or tx.incidents.by_id(mark.incident, lock=True) is None:
        return None
    return tx.marks.at(at)


def last_said(tx: Transaction, mark: Mark) -> str | None:
    """What is kept of a message's text last."""
    event = tx.events.one(mark.incident, mark.sequence)
    said = str(event.data.get("text")) if event else None
    for one in tx.events.amendments(mark.incident, after=mark.sequence):
        if one.kind is EventKind.MESSAGE_CHANGED and one.data.get("of") == mark.sequence:
            said = str(one.data.get("text"))
    return said
