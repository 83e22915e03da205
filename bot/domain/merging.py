"""Two incidents that turn out to be one: the one ends as merged, the other goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from bot.domain.escalation import ended
from bot.domain.event import EventKind
from bot.domain.incident import Incident
from bot.domain.outcome import Happened, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What becomes of both: `ended` was merged into `kept`."""

    ended: Outcome
    kept: Outcome


def merge(incident: Incident, into: Incident, by: Actor, now: datetime) -> Merged:
    """End `incident` as part of `into`. Whoever declared it is told where it goes on, unless they did it."""
    _check(incident, into, now)
    merged = incident.merge(into.number, by, now)
    declarer = incident.declared_by.id
    told = Happened(
        kind=EventKind.MERGED,
        data={"into": into.number},
        told=True,
        notify_people=(declarer,) if declarer != by.id else (),
    )
    took_in = Happened(
        kind=EventKind.TOOK_IN,
        data={
            "number": incident.number,
            "severity": incident.severity.value,
            "title": incident.public_title,
            "declared_by": incident.declared_by.name,
        },
        told=True,
    )
    return Merged(ended=ended(merged, told), kept=Outcome(incident=into, happened=(took_in,)))


def leave(incident: Incident) -> Happened:
    """What the one that took `incident` in is told once that is reopened: it goes on by itself again."""
    return Happened(
        kind=EventKind.LEFT,
        data={
            "number": incident.number,
            "severity": incident.severity.value,
            "title": incident.public_title,
        },
        told=True,
    )


def _check(incident: Incident, into: Incident, now: datetime) -> None:
    if incident.id == into.id:
        raise InvalidError(f"#{incident.number} cannot be merged into itself.")
    incident.check_open("merge", now)
    if not into.status.is_open:
        raise InvalidError(
            f"Nothing goes on there: {into.describe(now)}. Merge into one that is open, "
            f"or `reopen {into.number}` first."
        )
    if incident.security != into.security:
        raise InvalidError(
            "A security incident is merged with security incidents only: others would read what it is about."
        )
    if incident.drill != into.drill:
        raise InvalidError("A drill is merged with drills only: it counts nowhere.")
    if incident.severity.is_worse_than(into.severity):
        raise InvalidError(
            f"#{incident.number} is {incident.severity}, #{into.number} only {into.severity}: "
            f"raise that first (`sev {into.number} {incident.severity.lower()}`), or merge the other way "
            f"round (`merge {into.number} into {incident.number}`)."
        )
