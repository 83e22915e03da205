"""Which messages show an incident, and where each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.domain.directory import Directory
from bot.domain.face import Face, Place
from bot.domain.incident import Incident


def faces_of(incident: Incident, directory: Directory) -> Iterator[Face]:
    """The faces that the incident has now."""
    return (face for face, has in _HAS.items() if has(incident, directory))


def place_of(incident: Incident, face: Face, directory: Directory) -> Place:
    """Where a face of the incident stands, or is to stand."""
    return _PLACES[face](incident, directory)


def _home(incident: Incident, _directory: Directory) -> Place:
    return Place(channel=incident.channel)


def _leadership(_incident: Incident, directory: Directory) -> Place:
    return Place(channel=directory.guide.defaults.leadership)


_HAS: dict[Face, Callable[[Incident, Directory], bool]] = {
    Face.CARD: lambda _incident, _directory: True,
}
_PLACES: dict[Face, Callable[[Incident, Directory], Place]] = {
    Face.CARD: _home,
    Face.NOTICE: _home,
    Face.LEADERSHIP: _leadership,
}
