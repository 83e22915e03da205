"""What a paging service tells the bot by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PagerNewsKind(StrEnum):
    """What happened to an incident of the paging service."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    UNACKNOWLEDGED = "unacknowledged"
    ESCALATED = "escalated"
    DELEGATED = "delegated"
    REASSIGNED = "reassigned"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    PRIORITY_UPDATED = "priority_updated"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerNews:
    """One piece of news, told at least once: `event_id` stays the same when it is told again.

    `key` is the page's key where the service shows it; where it does not, the incident is known by
    `incident_id` alone, which only news of kind OTHER may lack. `by_person` names who did it, if a
    person and not a service did. `merged`: the incident is resolved only because it was merged into
    another one, which goes on.
    """

    event_id: str
    kind: PagerNewsKind
    key: str | None
    incident_id: str | None
    at: datetime
    by_person: str | None = None
    merged: bool = False
    html_url: str | None = None
