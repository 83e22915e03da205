"""Keeps incidents' rooms: each step of it is a delivery of its own, which holds up none of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from bot.domain.delivery import Delivery, DeliveryKind, priority
from bot.domain.event import EventKind
from bot.domain.face import Face
from bot.domain.incident import Incident, Room
from bot.domain.outcome import Happened, Outcome
from bot.domain.room import (
    archive_room,
    belongs_in_room,
    enter_room,
    leave_room,
    not_invited_yet,
    room_topic,
    wants_room,
)
from bot.domain.subject import has_room
from bot.domain.timer import TimerKind, room_archive
from bot.services.record import NO_METHOD, Record

_MAY_BEGIN_ROOM = frozenset({EventKind.DECLARED, EventKind.SEVERITY_CHANGED, EventKind.REOPENED})
"""What may make an incident one that the guide gives a room. Nothing else tries again to make one."""


def without_archived_room(record: Record, incident: Incident) -> Incident:
    """The incident, which has been reopened, without the room that was archived when it had ended.

    Slack lets no bot back into an archived channel: it gets another room, or goes on where it began.
    """
    if not incident.status.is_open or incident.room is None or has_room(incident):
        return incident
    record.note(incident.id, Happened(kind=EventKind.ROOM_LEFT, data={"name": incident.room.name}))
    return _left(record, incident, incident.room)


def keep_room(record: Record, incident: Incident, outcome: Outcome) -> Incident:
    """Owe what the incident's room needs after what has happened; it was written in this transaction.

    Returns the incident as it is then.
    """
    kinds = {happened.kind for happened in outcome.happened}
    if kinds & _MAY_BEGIN_ROOM and wants_room(incident, record.directory):
        _owe(record, incident, DeliveryKind.ROOM_CREATE, "conversations.create", again=True)
    if EventKind.REOPENED in kinds:
        record.tx.timers.stop(incident.id, TimerKind.ROOM_ARCHIVE)
    if incident.room is None or not has_room(incident):
        return incident
    _owe_topic(record, incident, incident.room)
    _archive_later(record, incident)
    return _owe_invitations(record, incident, incident.room)


def room_entered(record: Record, incident: Incident, room: Room) -> None:
    """The room is there: the card goes into it, and the message that was the card is the notice."""
    if incident.room is not None:
        return
    entered = enter_room(incident, room)
    tx = record.tx
    tx.incidents.save(entered)
    in_doubt = tx.messages.of(incident.id, Face.CARD) is None  # it may stand where nobody knows of it
    tx.messages.turn(incident.id, Face.CARD, Face.NOTICE)
    record.note(incident.id, Happened(kind=EventKind.ROOM_MADE, data={"name": room.name, "room": room.id}))
    record.show_face(entered, Face.NOTICE, uncertain=in_doubt)
    record.show_face(entered, Face.CARD)
    _owe_topic(record, entered, room)
    _owe_bookmarks(record, entered, room)
    _owe_invitations(record, entered, room)
    _archive_later(record, entered)


def card_posted(record: Record, incident: Incident, ts: str) -> None:
    """The card stands in the room: it is pinned there."""
    if incident.room is not None and has_room(incident):
        payload = {"room": incident.room.id, "ts": ts}
        _owe(record, incident, DeliveryKind.ROOM_PIN, "pins.add", suffix=f"/{ts}", payload=payload)


def topic_set(record: Record, incident: Incident, room_id: str, topic: str) -> None:
    """Remember what the room's topic says. An earlier room's says nothing of this one's."""
    if incident.room is None or incident.room.id != room_id:
        return
    room = replace(incident.room, topic=topic)
    record.tx.incidents.save(replace(incident, room=room))
    if has_room(incident):
        _owe_topic(record, incident, room)  # it may have changed meanwhile


def room_archived(record: Record, incident: Incident) -> None:
    """The room is closed to everything new: what is said from now on is said under the notice."""
    if incident.room is None or not has_room(incident):
        return
    if incident.status.is_open:  # reopened while it was being archived: it goes on where it began
        room_gone(record, incident, "it was archived just as the incident was reopened")
        return
    archived = archive_room(incident, record.now)
    record.tx.incidents.save(archived)
    record.tx.timers.stop(incident.id, TimerKind.ROOM_ARCHIVE)
    data = {"name": incident.room.name}
    record.note(incident.id, Happened(kind=EventKind.ROOM_ARCHIVED, data=data))
    record.show(archived)


def room_gone(record: Record, incident: Incident, reason: str) -> None:
    """Somebody has taken the room away. What is still open goes on where it began, and people are told."""
    if incident.room is None or not has_room(incident):
        return
    if not incident.status.is_open:
        room_archived(record, incident)
        return
    left = _left(record, incident, incident.room)
    record.tx.incidents.save(left)
    data = {"name": incident.room.name, "reason": reason}
    record.tell(left, Happened(kind=EventKind.ROOM_LEFT, data=data, told=True, loud=True))
    record.show(left)


def archive_due(record: Record, incident: Incident) -> None:
    """Owe the end of a room that nobody needs any more."""
    if incident.room is not None and has_room(incident) and not incident.status.is_open:
        kind, payload = DeliveryKind.ROOM_ARCHIVE, {"room": incident.room.id}
        _owe(record, incident, kind, "conversations.archive", payload=payload, again=True)


def _left(record: Record, incident: Incident, room: Room) -> Incident:
    record.tx.messages.forget_channel(room.id)
    record.tx.messages.turn(incident.id, Face.NOTICE, Face.CARD)
    return leave_room(incident)


def _owe_topic(record: Record, incident: Incident, room: Room) -> None:
    if room_topic(incident, record.directory) != room.topic:
        _owe(
            record,
            incident,
            DeliveryKind.ROOM_TOPIC,
            "conversations.setTopic",
            payload={"room": room.id},
            again=True,
        )


def _owe_bookmarks(record: Record, incident: Incident, room: Room) -> None:
    """Runbook and dashboards; a security incident's dashboards may be seen by who is in its room."""
    runbook = record.directory.runbook(incident)
    links = [(f"Runbook: {runbook.title}", runbook.url)] if runbook.url else []
    links += [(board.title, board.url) for board in record.directory.dashboards(incident)]
    for number, (title, href) in enumerate(links):
        payload = {"room": room.id, "title": title, "href": href}
        suffix = f"/{room.id}/{number}"
        kind = DeliveryKind.ROOM_BOOKMARK
        _owe(record, incident, kind, "bookmarks.add", suffix=suffix, payload=payload)


def _owe_invitations(record: Record, incident: Incident, room: Room) -> Incident:
    """Invite whoever belongs in the room and was not invited before, all with one call."""
    called = dict.fromkeys(page.tier for page in record.tx.pages.of(incident.id))
    invited = not_invited_yet(room, belongs_in_room(incident, called, record.directory))
    if not invited:
        return incident
    newly = (*invited.people, *invited.groups)
    kept = replace(room, invited=(*room.invited, *newly))
    inviting = enter_room(incident, kept)
    record.tx.incidents.save(inviting)
    _owe(
        record,
        incident,
        DeliveryKind.ROOM_INVITE,
        "conversations.invite",
        suffix=f"/{room.id}/{len(kept.invited)}",
        payload={"room": room.id, "people": list(invited.people), "groups": list(invited.groups)},
    )
    return inviting


def _archive_later(record: Record, incident: Incident) -> None:
    after = record.directory.guide.incidents.room.archive_after
    if incident.status.is_open or after is None:
        return
    record.tx.timers.set(room_archive(incident.id, incident.epoch, _end(record, incident) + after))


def _end(record: Record, incident: Incident) -> datetime:
    return incident.ended_at or record.now


def _owe(
    record: Record,
    incident: Incident,
    kind: DeliveryKind,
    method: str,
    *,
    suffix: str = "",
    payload: Mapping[str, object] = MappingProxyType({}),
    again: bool = False,
) -> None:
    """Owe one step. Each has an order of its own: none waits for another."""
    key = f"{kind}/{incident.id}{suffix}"
    owe = record.tx.outbox.owe_again if again else record.tx.outbox.owe
    owe(
        Delivery(
            key=key,
            kind=kind,
            subject=incident.id,
            epoch=incident.epoch,
            order_key=key,
            lane=f"slack/{method}",
            method=NO_METHOD,
            priority=priority(kind, incident.severity),
            not_before=record.now,
            created_at=record.now,
            payload=payload,
        )
    )
