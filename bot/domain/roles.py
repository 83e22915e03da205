"""Who does what in an incident: roles of the guide's that people take on, hand over and give up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.errors import AlreadyError, InvalidError, StaleError
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident
from bot.domain.incident_policy import IncidentRole
from bot.domain.outcome import Happened, Outcome


def give_role(incident: Incident, role: IncidentRole, to: Actor | None, by: Actor, now: datetime) -> Outcome:
    """Let `to` have a role from now on, or nobody. Whoever gets it from somebody else is mentioned."""
    if not incident.status.is_open:
        raise InvalidError(f"Nobody has a role in it any more: {incident.describe(now)}.")
    before = incident.holder(role.key)
    if before == to or (before and to and before.id == to.id):
        raise AlreadyError(f"Nothing to do: {role.title} is {to.name if to else 'nobody'} already.")
    data: EventData = {
        "role": role.key,
        "title": role.title,
        "to": to.name if to else None,
        "from": before.name if before else None,
    }
    mentioned = (to.id,) if to and to.id != by.id else ()
    happened = Happened(kind=EventKind.ROLE_GIVEN, data=data, told=True, notify_people=mentioned)
    return Outcome(incident=incident.give_role(role.key, to), happened=(happened,))


def check_holders(
    incident: Incident, given: Iterable[tuple[IncidentRole, Actor | None]], shown: Mapping[str, str]
) -> None:
    """Refuse to change a role that somebody else has by now than who (an id) was shown in it."""
    for role, to in given:
        holder = incident.holder(role.key)
        has = holder.id if holder else None
        if has not in {shown.get(role.key), to.id if to else None}:
            raise StaleError(holds(role, holder))


def holds(role: IncidentRole, holder: Actor | None) -> str:
    """Who has a role, as a sentence."""
    return f"{role.title} is {holder.name if holder else 'nobody'} now."


def give_roles(
    incident: Incident, given: Iterable[tuple[IncidentRole, Actor | None]], by: Actor, now: datetime
) -> Outcome:
    """Let several people have roles at once. What is so already is passed over, unless that is all."""
    outcome = Outcome(incident=incident, happened=())
    already: AlreadyError | None = None
    for role, to in given:
        try:
            one = give_role(outcome.incident, role, to, by, now)
        except AlreadyError as error:
            already = already or error
            continue
        outcome = Outcome(incident=one.incident, happened=(*outcome.happened, *one.happened))
    if already and not outcome.happened:
        raise already
    return outcome
