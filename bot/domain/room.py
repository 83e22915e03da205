"""An incident's room: a Slack channel of its own, where the guide gives its severity one.

What the room is called, what its topic says, and who belongs in it. Making it and keeping it are deliveries.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.directory import Directory
from bot.domain.errors import InvalidError
from bot.domain.guide import Mention
from bot.domain.incident import Incident, Room

NAME_LIMIT = 80
"""Characters of a channel's name that Slack takes."""

_SUFFIX = 4
"""Characters that are kept free for what tells a room from another of the same name."""

_UNFIT = re.compile(r"[^a-z0-9]+")


def wants_room(incident: Incident, directory: Directory) -> bool:
    """Whether it is to get a room that it does not have."""
    policy = directory.guide.severities[incident.severity]
    return policy.room and incident.room is None and incident.status.is_open


def is_private_room(incident: Incident, directory: Directory) -> bool:
    """Whether only invited people are to read in its room."""
    return incident.security or directory.guide.incidents.room.private


def room_name(incident: Incident) -> str:
    """What its room is called, in letters that every Slack takes: `inc-42-checkout-is-down`.

    Of a security incident it says nothing more than that: names of private channels get about.
    """
    title = "security" if incident.security else incident.title
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = _UNFIT.sub("-", plain).strip("-")
    begin = f"{'test-' if incident.drill else ''}inc-{incident.number}"
    return f"{begin}-{words}"[: NAME_LIMIT - _SUFFIX].rstrip("-")


def room_topic(incident: Incident, directory: Directory) -> str:
    """What the room's topic says: `P0 | acknowledged | Ana leads`."""
    role = directory.first_role
    leader = incident.holder(role.key) if role else incident.acknowledged_by
    leads = f"{leader.name} leads" if leader else "nobody leads yet"
    label = f"TEST {incident.severity}" if incident.drill else incident.severity.value
    return " | ".join((label, _state(incident), leads))


def belongs_in_room(incident: Incident, called: Iterable[str], directory: Directory) -> Mention:
    """Who is to be in the room, once the tiers `called` have been: whoever works on it.

    Of a security incident who declared it, the security team, and who is called for it: nobody else.
    """
    tiers = directory.mentions(called, None).who
    if incident.security:
        team = directory.team(incident.service, security=True).mention
        security = directory.guide.roles.security
        people = (incident.declared_by.id, *security.people, *team.people, *tiers.people)
        return _each_once(people, (*security.groups, *team.groups, *tiers.groups))
    holders = (actor.id for actor in incident.roles.values())
    acknowledger = (incident.acknowledged_by.id,) if incident.acknowledged_by else ()
    people = (incident.declared_by.id, *acknowledger, *holders, *tiers.people)
    return _each_once(people, tiers.groups)


def not_invited_yet(room: Room, wanted: Mention) -> Mention:
    """Whom of them nobody has invited. Who was, and has left since, is not fetched back."""
    return Mention(
        groups=tuple(group for group in wanted.groups if group not in room.invited),
        people=tuple(person for person in wanted.people if person not in room.invited),
    )


def enter_room(incident: Incident, room: Room) -> Incident:
    """From now on people talk about it there."""
    return replace(incident, room=room)


def leave_room(incident: Incident) -> Incident:
    """It has no room any more: people talk about it where they did before."""
    return replace(incident, room=None)


def archive_room(incident: Incident, now: datetime) -> Incident:
    """Nobody talks there any more; what was said stays to be read."""
    if incident.room is None:
        raise InvalidError(f"{incident.label} has no room.")
    return replace(incident, room=replace(incident.room, archived_at=now))


def _state(incident: Incident) -> str:
    return "not acknowledged" if incident.status.value == "triggered" else incident.status.value


def _each_once(people: Iterable[str], groups: Iterable[str]) -> Mention:
    """Without those who have no account in Slack, such as who acknowledged in PagerDuty."""
    known = (person for person in people if person[:1] in {"U", "W"})
    return Mention(people=tuple(dict.fromkeys(known)), groups=tuple(dict.fromkeys(groups)))
