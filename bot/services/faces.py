"""Which messages show an incident, where each stands, and where what happens is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.domain.card import MessageRef
from bot.domain.directory import Directory
from bot.domain.face import Face, Place
from bot.domain.incident import Incident
from bot.domain.room import has_room
from bot.ports.store import Transaction


def faces_of(incident: Incident, directory: Directory) -> Iterator[Face]:
    """The faces that the incident has now."""
    return (face for face, has in _HAS.items() if has(incident, directory))


def place_of(incident: Incident, face: Face, directory: Directory) -> Place:
    """Where a face of the incident stands, or is to stand."""
    return _PLACES[face](incident, directory)


def where_said(
    tx: Transaction, incident: Incident, *, at_home: bool = False
) -> tuple[Place, MessageRef | None]:
    """Where a line is said, and in which message's thread: in the room itself, or under what shows it.

    `at_home`: under what shows it in the channel in which everybody sees incidents, room or not.
    """
    if has_room(incident) and not at_home:
        return _by_the_card(incident), None
    face = Face.NOTICE if incident.room else Face.CARD
    return _at_home(incident), tx.messages.of(incident.id, face)


def _at_home(incident: Incident) -> Place:
    return Place(channel=incident.channel)


def _by_the_card(incident: Incident) -> Place:
    room = incident.room.id if incident.room and has_room(incident) else None
    return Place(channel=incident.channel, room=room)


def _leadership(_incident: Incident, directory: Directory) -> Place:
    return Place(channel=directory.guide.defaults.leadership)


_HAS: dict[Face, Callable[[Incident, Directory], bool]] = {
    Face.NOTICE: lambda incident, _directory: incident.room is not None,
    Face.CARD: lambda incident, _directory: incident.room is None or has_room(incident),
    Face.LEADERSHIP: lambda incident, _directory: incident.leadership,
}
_PLACES: dict[Face, Callable[[Incident, Directory], Place]] = {
    Face.CARD: lambda incident, _directory: _by_the_card(incident),
    Face.NOTICE: lambda incident, _directory: _at_home(incident),
    Face.LEADERSHIP: _leadership,
}
