"""Incidents as PagerDuty keeps them, and whom it notified of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.clock import iso
from bot.sandbox.pagerduty.people import API, SITE, Person, Service, reference

TRIGGERED = "triggered"
ACKNOWLEDGED = "acknowledged"
RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One time that PagerDuty notified a person: PagerDuty's own view of who was paged, and how often.

    `at` is epoch milliseconds, `reason` the webhook's event type without its prefix. Low urgency does
    not ring.
    """

    at: int
    key: str
    incident: str
    tier: str
    service: str
    level: int
    person: str
    summary: str
    urgency: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """The notification as control shows it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote on an incident, at epoch milliseconds."""

    id: str
    at: int
    by: dict[str, Any]
    content: str

    def to_json(self) -> dict[str, Any]:
        """The note as control shows it."""
        return {"at": self.at, "by": self.by["summary"], "content": self.content}

    def to_rest(self) -> dict[str, Any]:
        """The note as the REST API shows it."""
        return {"id": self.id, "user": self.by, "content": self.content, "created_at": iso(self.at)}


@dataclass(slots=True, kw_only=True)
class Incident:
    """One incident. `agent` references say who did what; instants are epoch milliseconds."""

    number: int
    key: str
    service: Service
    title: str
    severity: str
    created_at: int
    changed_at: int
    changed_by: dict[str, Any]
    details: dict[str, Any] = field(default_factory=dict)
    links: list[dict[str, str]] = field(default_factory=list)
    client: str = ""
    status: str = TRIGGERED
    level: int = 1
    assignees: tuple[Person, ...] = ()
    acknowledgements: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    merged_into: Incident | None = None
    triggers: int = 1
    opened_at: int = 0
    notified_at: int = 0
    set_urgency: str | None = None
    priority: str | None = None
    policy: Service | None = None
    notes: list[Note] = field(default_factory=list)

    def __post_init__(self) -> None:
        """It opens as it is made."""
        self.opened_at = self.notified_at = self.created_at

    @property
    def id(self) -> str:
        """PagerDuty's id of it."""
        return f"Q{self.number:013d}"

    @property
    def open(self) -> bool:
        """Whether it is not resolved."""
        return self.status != RESOLVED

    @property
    def urgency(self) -> str:
        """As set, or by dynamic notifications: by the severity of the event."""
        if self.set_urgency is not None:
            return self.set_urgency
        return "high" if self.severity in {"critical", "error"} else "low"

    @property
    def climbs(self) -> Service:
        """The service by whose escalation policy it climbs: its own, unless it was delegated."""
        return self.policy or self.service

    @property
    def priority_reference(self) -> dict[str, Any] | None:
        """Its priority, where one is set."""
        if self.priority is None:
            return None
        return reference("priority", "priorities", f"PRIORITY{self.priority}", self.priority)

    @property
    def reference(self) -> dict[str, Any]:
        """The incident as PagerDuty's objects refer to it."""
        return {
            "id": self.id,
            "type": "incident_reference",
            "summary": self.title,
            "self": f"{API}/incidents/{self.id}",
            "html_url": f"{SITE}/incidents/{self.id}",
        }

    @property
    def resolve_reason(self) -> dict[str, Any] | None:
        """Why it is resolved, where that is because of a merge."""
        if self.merged_into is None:
            return None
        return {"type": "merge_resolve_reason", "incident": self.merged_into.reference}

    def to_rest(self, *, with_key: bool) -> dict[str, Any]:
        """The incident as the REST API shows it: without its level."""
        return {
            **self.reference,
            "type": "incident",
            "summary": f"[#{self.number}] {self.title}",
            "incident_number": self.number,
            "title": self.title,
            "created_at": iso(self.created_at),
            "updated_at": iso(self.changed_at),
            "status": self.status,
            "urgency": self.urgency,
            "incident_key": self.key if with_key else None,
            "service": self.service.reference,
            "escalation_policy": self.climbs.policy_reference,
            "assigned_via": "escalation_policy",
            "assignments": [
                {"at": iso(self.changed_at), "assignee": person.reference} for person in self.assignees
            ],
            "acknowledgements": [
                {"at": iso(at), "acknowledger": agent} for at, agent in self.acknowledgements
            ],
            "last_status_change_at": iso(self.changed_at),
            "last_status_change_by": self.changed_by,
            "resolve_reason": self.resolve_reason,
            "priority": self.priority_reference,
            "alert_counts": {
                "all": 1,
                "triggered": int(self.open),
                "resolved": int(not self.open),
            },
        }

    def to_webhook(self, *, with_key: bool) -> dict[str, Any]:
        """The incident as a webhook's `event.data`."""
        return {
            "id": self.id,
            "type": "incident",
            "self": f"{API}/incidents/{self.id}",
            "html_url": f"{SITE}/incidents/{self.id}",
            "number": self.number,
            "status": self.status,
            "incident_key": self.key if with_key else None,
            "created_at": iso(self.created_at),
            "title": self.title,
            "service": self.service.reference,
            "assignees": [person.reference for person in self.assignees],
            "escalation_policy": self.climbs.policy_reference,
            "teams": [],
            "priority": self.priority_reference,
            "urgency": self.urgency,
            "conference_bridge": None,
            "resolve_reason": self.resolve_reason,
        }

    def note_to_webhook(self) -> dict[str, Any]:
        """The newest note as a webhook's `event.data`."""
        note = self.notes[-1]
        return {
            "incident": self.reference,
            "id": note.id,
            "content": note.content,
            "trimmed": False,
            "type": "incident_note",
        }

    def to_json(self) -> dict[str, Any]:
        """The incident as control shows it."""
        return {
            "id": self.id,
            "number": self.number,
            "key": self.key,
            "tier": self.service.tier,
            "service": self.service.name,
            "title": self.title,
            "severity": self.severity,
            "urgency": self.urgency,
            "status": self.status,
            "level": self.level,
            "assignees": [person.name for person in self.assignees],
            "acknowledged_by": [agent["summary"] for _, agent in self.acknowledgements],
            "changed_by": self.changed_by["summary"],
            "created_at": self.created_at,
            "changed_at": self.changed_at,
            "merged_into": self.merged_into.id if self.merged_into else None,
            "triggers": self.triggers,
            "links": self.links,
            "details": self.details,
            "client": self.client,
            "priority": self.priority,
            "policy": self.climbs.name,
            "notes": [note.to_json() for note in self.notes],
        }
