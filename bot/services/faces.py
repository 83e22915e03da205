"""Which messages show a subject, where each stands, and where what happens is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.alert import AlertGroup
from bot.domain.call import Call
from bot.domain.card import MessageRef
from bot.domain.changes.change import Change
from bot.domain.changes.span import Span
from bot.domain.checklists.run import Run, RunState
from bot.domain.directory import Directory
from bot.domain.face import Face, Place
from bot.domain.incident import Incident
from bot.domain.subject import Subject, has_room
from bot.ports.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Faces:
    """The faces of one type of subject: which has everything, and of each whether a subject has it now."""

    card: Face
    has: Mapping[Face, Callable[[Any, Directory], bool]]


def card_of(subject: Subject) -> Face:
    """The face that shows everything."""
    return _BY_TYPE[type(subject)].card


def faces_of(subject: Subject, directory: Directory) -> Iterator[Face]:
    """The faces that the subject has now."""
    return (face for face, has in _BY_TYPE[type(subject)].has.items() if has(subject, directory))


def place_of(subject: Subject, face: Face, directory: Directory) -> Place:
    """Where a face of the subject stands, or is to stand."""
    return _PLACES[face](subject, directory)


def where_said(
    tx: Transaction, subject: Subject, *, at_home: bool = False
) -> tuple[Place, MessageRef | None]:
    """Where a line is said, and in which message's thread: in the room itself, or under what shows it.

    `at_home`: under what shows it in the channel in which everybody sees it, room or not.
    """
    if has_room(subject) and not at_home:
        return _by_the_card(subject), None
    face = Face.NOTICE if subject.room else card_of(subject)
    return _at_home(subject), tx.messages.of(subject.id, face)


def _at_home(subject: Subject) -> Place:
    return Place(channel=subject.channel)


def _by_the_card(subject: Subject) -> Place:
    room = subject.room.id if subject.room and has_room(subject) else None
    return Place(channel=subject.channel, room=room)


def _leadership(_subject: Subject, directory: Directory) -> Place:
    return Place(channel=directory.guide.defaults.leadership)


_INCIDENT: Mapping[Face, Callable[[Incident, Directory], bool]] = {
    Face.NOTICE: lambda incident, _directory: incident.room is not None,
    Face.CARD: lambda incident, _directory: incident.room is None or has_room(incident),
    Face.LEADERSHIP: lambda incident, _directory: incident.leadership,
}
_ALERT_GROUP: Mapping[Face, Callable[[AlertGroup, Directory], bool]] = {
    Face.ALERT: lambda group, _directory: group.storm is None,  # else the storm's card stands for it
}
_RUN: Mapping[Face, Callable[[Run, Directory], bool]] = {
    Face.RUN: lambda run, _directory: run.state is not RunState.SKIPPED,  # nobody was asked for that
}
_CALL: Mapping[Face, Callable[[Call, Directory], bool]] = {Face.CALL: lambda _call, _directory: True}
_CHANGE: Mapping[Face, Callable[[Change, Directory], bool]] = {Face.CHANGE: lambda _change, _directory: True}
_SPAN: Mapping[Face, Callable[[Span, Directory], bool]] = {Face.SPAN: lambda _span, _directory: True}
_BY_TYPE: Mapping[type, _Faces] = {
    Incident: _Faces(card=Face.CARD, has=_INCIDENT),
    AlertGroup: _Faces(card=Face.ALERT, has=_ALERT_GROUP),
    Call: _Faces(card=Face.CALL, has=_CALL),
    Run: _Faces(card=Face.RUN, has=_RUN),
    Change: _Faces(card=Face.CHANGE, has=_CHANGE),
    Span: _Faces(card=Face.SPAN, has=_SPAN),
}
_PLACES: Mapping[Face, Callable[[Subject, Directory], Place]] = {
    Face.CARD: lambda subject, _directory: _by_the_card(subject),
    Face.NOTICE: lambda subject, _directory: _at_home(subject),
    Face.LEADERSHIP: _leadership,
    Face.ALERT: lambda subject, _directory: _at_home(subject),
    Face.CALL: lambda subject, _directory: _at_home(subject),
    Face.RUN: lambda subject, _directory: _at_home(subject),
    Face.CHANGE: lambda subject, _directory: _at_home(subject),
    Face.SPAN: lambda subject, _directory: _at_home(subject),
}
