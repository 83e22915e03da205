"""Incidents as PagerDuty keeps them, and whom it notified of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.clock import iso
from bot.sandbox.pagerduty.people import API, SITE, Person, Service

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
        """Dynamic notifications: by the severity of the event."""
        return "high" if self.severity in {"critical", "error"} else "low"

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
            "escalation_policy": self.service.policy_reference,
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
            "escalation_policy": self.service.policy_reference,
            "teams": [],
            "priority": None,
            "urgency": self.urgency,
            "resolve_reason": self.resolve_reason,
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
        }
