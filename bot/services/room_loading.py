"""Whether a step of keeping a room is still owed, and what it does."""

from __future__ import annotations

from bot.domain.card import MessageRef
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.directory import Directory
from bot.domain.guide import Mention
from bot.domain.incident import Incident
from bot.domain.room import is_private_room, room_name, room_topic, wants_room
from bot.domain.subject import has_room
from bot.services.reading import Reading
from bot.services.work import (
    AddBookmark,
    ArchiveRoom,
    CreateRoom,
    InviteToRoom,
    PinCard,
    RoomWork,
    SetTopic,
)


def is_step_owed(incident: Incident, delivery: Delivery, directory: Directory) -> bool:
    """Whether the room that it is about is still used, or still to be made."""
    if delivery.kind is DeliveryKind.ROOM_CREATE:
        return wants_room(incident, directory)
    room = incident.room
    if room is None or not has_room(incident) or room.id != delivery.payload["room"]:
        return False
    if delivery.kind is DeliveryKind.ROOM_TOPIC:
        return room.topic != room_topic(incident, directory)
    return delivery.kind is not DeliveryKind.ROOM_ARCHIVE or not incident.status.is_open


def load_step(reading: Reading) -> RoomWork:
    """What there is to do. Raises LookupError for a kind that is no step of keeping a room."""
    delivery, incident, facts = reading.delivery, reading.incident, reading.delivery.payload
    match delivery.kind:
        case DeliveryKind.ROOM_CREATE:
            return CreateRoom(
                delivery=delivery,
                name=room_name(incident),
                private=is_private_room(incident, reading.directory),
                since=delivery.created_at,
            )
        case DeliveryKind.ROOM_TOPIC:
            topic = room_topic(incident, reading.directory)
            return SetTopic(delivery=delivery, room=facts["room"], topic=topic)
        case DeliveryKind.ROOM_PIN:
            return PinCard(delivery=delivery, at=MessageRef(channel=facts["room"], ts=facts["ts"]))
        case DeliveryKind.ROOM_BOOKMARK:
            return AddBookmark(
                delivery=delivery, room=facts["room"], title=facts["title"], href=facts["href"]
            )
        case DeliveryKind.ROOM_INVITE:
            who = Mention(people=tuple(facts["people"]), groups=tuple(facts["groups"]))
            return InviteToRoom(delivery=delivery, room=facts["room"], who=who)
        case DeliveryKind.ROOM_ARCHIVE:
            return ArchiveRoom(delivery=delivery, room=facts["room"])
        case kind:
            raise LookupError(kind)
