"""From the checked sections about incidents to the domain's values."""

from __future__ import annotations

from types import MappingProxyType

from bot.domain.incident_policy import (
    IncidentPolicy,
    IncidentRole,
    PostmortemPolicy,
    RoomPolicy,
    SeverityPolicy,
)
from bot.domain.severity import Severity
from bot.guide.incident_sections import IncidentsPart, SeverityPart
from bot.guide.keyed import by_key


def severity_policy(severity: Severity, part: SeverityPart) -> SeverityPolicy:
    """What a severity asks for."""
    return SeverityPolicy(
        severity=severity,
        title=part.title,
        meaning=part.meaning,
        response=part.response,
        path=tuple(part.path),
        pages=part.pages,
        repeats=part.repeats,
        update_every=part.update_every,
        room=part.room,
        leadership=part.leadership,
        still_on_it=part.still_on_it,
    )


def incident_policy(part: IncidentsPart, *, template: str) -> IncidentPolicy:
    """How incidents are run. `template` is the text of a post-mortem's draft."""
    owed = part.postmortem
    return IncidentPolicy(
        roles=by_key(part.roles, lambda key, role: IncidentRole(key=key, **role.model_dump())),
        same_within=None if part.same_within == "never" else part.same_within,
        timeline_reaction=None if part.timeline_reaction == "none" else part.timeline_reaction,
        room=RoomPolicy(**part.room.model_dump()),
        postmortem=PostmortemPolicy(
            due=MappingProxyType(dict(owed.due)), template=template, drills=owed.drills
        ),
    )
