"""Carries out the steps of keeping a room."""

from __future__ import annotations

from bot.ports.rooms import Rooms
from bot.services.work import (
    AddBookmark,
    ArchiveRoom,
    CreateRoom,
    Done,
    Entered,
    InviteToRoom,
    PinCard,
    RoomWork,
    Sent,
    SetTopic,
)


async def send_step(rooms: Rooms, work: RoomWork) -> Sent:
    """Do one step. Raises DeliveryFailure's subclasses."""
    uncertain = work.delivery.uncertain
    match work:
        case CreateRoom():
            made = await rooms.create(work.name, private=work.private, since=work.since, uncertain=uncertain)
            return Entered(room=made)
        case SetTopic():
            await rooms.set_topic(work.room, work.topic)
        case PinCard():
            await rooms.pin(work.at)
        case AddBookmark():
            await rooms.bookmark(work.room, work.title, work.href, uncertain=uncertain)
        case InviteToRoom():
            await rooms.invite(work.room, work.who)
        case ArchiveRoom():
            await rooms.archive(work.room)
    return Done()
