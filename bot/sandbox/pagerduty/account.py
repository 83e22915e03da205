"""What happens inside of PagerDuty: from events and people's acts to incidents and notifications."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.pagerduty.incidents import ACKNOWLEDGED, RESOLVED, TRIGGERED, Incident, Note, Notification
from bot.sandbox.pagerduty.people import Person, Service

Listener = Callable[[str, Incident, dict[str, Any]], None]
"""Told of each change: the webhook's event type without its prefix, the incident, and the agent.

Other words are changes that PagerDuty sends no webhook for.
"""

CHANGED = "changed"


class UnknownError(LookupError):
    """There is no such incident, person or service. The text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What of an account outlives its stand-in. `alerts` and `by_key` are the incidents of dedup keys."""

    services: list[Service]
    incidents: list[Incident]
    notifications: list[Notification]
    alerts: dict[tuple[str, str], Incident]
    by_key: dict[str, list[Incident]]
    opened: int


class Account:
    """Services, people, incidents and notifications. What time brings is in `lapses`."""

    def __init__(
        self, *, services: Sequence[Service], people: Sequence[Person], clock: Clock, listener: Listener
    ) -> None:
        self.services = list(services)
        self.people = list(people)
        self.incidents: list[Incident] = []
        self.notifications: list[Notification] = []
        self._clock = clock
        self._listener = listener
        self._opened = 0
        self._alerts: dict[tuple[str, str], Incident] = {}
        self._by_key: dict[str, list[Incident]] = {}
        self._by_id: dict[str, Incident] = {}

    def clear(self) -> None:
        """Forget every incident and notification; the incidents' numbers go on."""
        self.incidents.clear()
        self.notifications.clear()
        self._alerts.clear()
        self._by_key.clear()
        self._by_id.clear()

    def kept(self) -> Kept:
        """What is to be there again."""
        return Kept(
            services=self.services,
            incidents=self.incidents,
            notifications=self.notifications,
            alerts=self._alerts,
            by_key=self._by_key,
            opened=self._opened,
        )

    def restore(self, was: Kept) -> None:
        """Go on from there, and tell nobody."""
        self.services, self.incidents, self.notifications = was.services, was.incidents, was.notifications
        self._alerts, self._by_key, self._opened = was.alerts, was.by_key, was.opened
        self._by_id = {incident.id: incident for incident in was.incidents}

    def service_of(self, routing_key: str) -> Service | None:
        """The service behind a routing key."""
        return next((each for each in self.services if each.routing_key == routing_key), None)

    def service_for(self, tier: str) -> Service:
        """A tier's service. Raises `UnknownError`."""
        for service in self.services:
            if service.tier == tier:
                return service
        raise UnknownError(f"No service is for a tier {tier!r} here.")

    def put_service(self, service: Service) -> None:
        """Add a service, or replace the one of the same tier."""
        self.services = [each for each in self.services if each.tier != service.tier]
        self.services.append(service)

    def person(self, name: str) -> Person:
        """Somebody by name or email. Raises `UnknownError`."""
        for person in self.people:
            if name in {person.name, person.email}:
                return person
        raise UnknownError(f"Nobody is called {name!r} here.")

    def by_id(self, identity: str) -> Incident:
        """The incident with PagerDuty's id. Raises `UnknownError`."""
        try:
            return self._by_id[identity]
        except KeyError:
            raise UnknownError(f"There is no incident with the id {identity!r}.") from None

    def find(self, key_or_id: str) -> Incident:
        """The newest incident with an id or key, open ones first. Raises `UnknownError`."""
        found = self._by_key.get(key_or_id)
        if not found:
            return self.by_id(key_or_id)
        return max(found, key=lambda each: (each.open, each.number))

    def under(self, key: str) -> list[Incident]:
        """The incidents whose alerts had the key, newest first: also those it was merged into."""
        return sorted(self._by_key.get(key, ()), key=lambda each: each.number, reverse=True)

    def trigger(self, service: Service, key: str, event: dict[str, Any]) -> Incident | None:
        """A trigger event: opens an incident and notifies, unless one is open under the key."""
        held = self._open_under(service, key)
        if held is not None:
            held.triggers += 1
            held.severity = event["payload"]["severity"]
            self._listener(CHANGED, held, service.integration_reference)
            return held
        if not service.takes_events:
            return None
        return self._open(service, key, event, service.integration_reference)

    def create(self, service: Service, key: str, title: str, agent: dict[str, Any]) -> Incident | None:
        """A person opens one by the REST API; None where one is open under the key."""
        if self._open_under(service, key) is not None:
            return None
        return self._open(service, key, {"payload": {"summary": title, "severity": "critical"}}, agent)

    def _open(self, service: Service, key: str, event: dict[str, Any], agent: dict[str, Any]) -> Incident:
        self._opened += 1
        payload, now = event["payload"], self._clock()
        incident = Incident(
            number=self._opened,
            key=key,
            service=service,
            title=payload["summary"],
            severity=payload["severity"],
            details=payload.get("custom_details") or {},
            links=event.get("links") or [],
            client=event.get("client") or "",
            created_at=now,
            changed_at=now,
            changed_by=agent,
            assignees=service.at_level(1, now),
        )
        self._keep(incident)
        self._notify(incident, TRIGGERED, incident.assignees)
        self._listener(TRIGGERED, incident, agent)
        return incident

    def acknowledge_event(self, service: Service, key: str) -> None:
        """An acknowledge event: dropped where no alert is open under the key."""
        held = self._open_under(service, key)
        if held is not None and held.status == TRIGGERED:
            self.acknowledge(held, service.integration_reference)

    def resolve_event(self, service: Service, key: str) -> None:
        """A resolve event: dropped where no alert is open under the key."""
        held = self._open_under(service, key)
        if held is not None:
            self.resolve(held, service.integration_reference)

    def acknowledge(self, incident: Incident, agent: dict[str, Any]) -> None:
        """Somebody takes it."""
        if not incident.open:
            return
        now = self._clock()
        incident.acknowledgements.append((now, agent))
        self._changed(incident, ACKNOWLEDGED, ACKNOWLEDGED, agent, now)

    def unacknowledge(self, incident: Incident, agent: dict[str, Any]) -> None:
        """The acknowledgement runs out: who holds the incident is notified again."""
        if incident.status != ACKNOWLEDGED:
            return
        incident.acknowledgements.clear()
        self._notify(incident, "unacknowledged", incident.assignees)
        self._changed(incident, TRIGGERED, "unacknowledged", agent)

    def resolve(self, incident: Incident, agent: dict[str, Any]) -> None:
        """It is over."""
        if not incident.open:
            return
        incident.acknowledgements.clear()
        incident.assignees = ()
        self._changed(incident, RESOLVED, RESOLVED, agent)

    def reopen(self, incident: Incident, agent: dict[str, Any]) -> None:
        """It is not over: the first level is notified again."""
        if incident.open:
            return
        incident.level, incident.merged_into, incident.opened_at = 1, None, self._clock()
        incident.assignees = incident.climbs.at_level(1, self._clock())
        self._notify(incident, "reopened", incident.assignees)
        self._changed(incident, TRIGGERED, "reopened", agent)

    def escalate(self, incident: Incident, level: int, agent: dict[str, Any]) -> None:
        """Hand it to a level of its policy, up or down, and notify those who are on call there."""
        if not incident.open:
            return
        incident.level = min(max(level, 1), max(len(incident.climbs.levels), 1))
        self._hand(incident, incident.climbs.at_level(incident.level, self._clock()), "escalated", agent)

    def delegate(self, incident: Incident, to: Service, agent: dict[str, Any]) -> None:
        """Hand it to another escalation policy, whose first level is notified."""
        if not incident.open:
            return
        incident.policy, incident.level = to, 1
        self._hand(incident, to.at_level(1, self._clock()), "delegated", agent)

    def reassign(self, incident: Incident, to: tuple[Person, ...], agent: dict[str, Any]) -> None:
        """Hand it to people, who are notified."""
        if not incident.open:
            return
        self._hand(incident, to, "reassigned", agent)

    def prioritize(self, incident: Incident, priority: str | None, agent: dict[str, Any]) -> None:
        """Set its priority, or none."""
        incident.priority = priority
        self._listener("priority_updated", incident, agent)

    def retitle(self, incident: Incident, title: str, agent: dict[str, Any]) -> None:
        """Say better what it is."""
        incident.title = title
        self._listener(CHANGED, incident, agent)

    def set_urgency(self, incident: Incident, urgency: str, agent: dict[str, Any]) -> None:
        """Have it ring from now on, or not."""
        incident.set_urgency = urgency
        self._listener(CHANGED, incident, agent)

    def annotate(self, incident: Incident, content: str, agent: dict[str, Any]) -> Note:
        """Write a note on it."""
        note = Note(
            id=f"N{incident.number}N{len(incident.notes) + 1}", at=self._clock(), by=agent, content=content
        )
        incident.notes.append(note)
        self._listener("annotated", incident, agent)
        return note

    def merge(self, incident: Incident, into: Incident, agent: dict[str, Any]) -> None:
        """Make it part of another one: its alerts move, and it shows as resolved."""
        if not incident.open or incident is into:
            return
        for alert, held in self._alerts.items():
            if held is incident:
                self._alerts[alert] = into
                self._by_key[alert[1]].append(into)
        incident.merged_into = into
        self.resolve(incident, agent)

    def _hand(self, incident: Incident, to: tuple[Person, ...], what: str, agent: dict[str, Any]) -> None:
        incident.assignees = to
        incident.acknowledgements.clear()
        self._notify(incident, what, to)
        self._changed(incident, TRIGGERED, what, agent)

    def _keep(self, incident: Incident) -> None:
        self.incidents.append(incident)
        self._alerts[incident.service.routing_key, incident.key] = incident
        self._by_key.setdefault(incident.key, []).append(incident)
        self._by_id[incident.id] = incident

    def _open_under(self, service: Service, key: str) -> Incident | None:
        held = self._alerts.get((service.routing_key, key))
        return held if held is not None and held.open else None

    def _changed(
        self, incident: Incident, status: str, what: str, agent: dict[str, Any], now: int | None = None
    ) -> None:
        incident.status = status
        incident.changed_at = self._clock() if now is None else now
        incident.changed_by = agent
        self._listener(what, incident, agent)

    def _notify(self, incident: Incident, reason: str, people: Iterable[Person]) -> None:
        now = incident.notified_at = self._clock()
        for person in people:
            self.notifications.append(
                Notification(
                    at=now,
                    key=incident.key,
                    incident=incident.id,
                    tier=incident.service.tier,
                    service=incident.service.name,
                    level=incident.level,
                    person=person.name,
                    summary=incident.title,
                    urgency=incident.urgency,
                    reason=reason,
                )
            )
