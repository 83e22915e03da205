"""Who works at the company that the stand-in knows, and whom each service notifies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

API = "https://api.pagerduty.com"
SITE = "https://sandbox.pagerduty.com"
_SECOND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be notified and can act."""

    id: str
    name: str
    email: str
    time_zone: str = "America/New_York"

    @property
    def reference(self) -> dict[str, Any]:
        """The person as PagerDuty's objects refer to them."""
        return reference("user", "users", self.id, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A stretch of time in which somebody is on call, in epoch ms; at `ends` it is the next one's."""

    person: Person
    starts: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A rotation: each of `people` for `turn_seconds`, in order, counted from `begins` (epoch ms) on.

    Before that it goes round as well, as if it had always been.
    """

    id: str
    name: str
    people: tuple[Person, ...]
    turn_seconds: int
    begins: int = 0

    @property
    def reference(self) -> dict[str, Any]:
        """The schedule as PagerDuty's objects refer to it."""
        return reference("schedule", "schedules", self.id, self.name)

    def at(self, now: int) -> Person:
        """Who is on call at an instant."""
        return next(self.between(now, now)).person

    def between(self, since: int, until: int) -> Iterator[Turn]:
        """The turns that overlap with a range of time: whole, one after the other."""
        length = self.turn_seconds * _SECOND
        number = (since - self.begins) // length
        while (starts := self.begins + number * length) <= until:
            person = self.people[number % len(self.people)]
            yield Turn(person=person, starts=starts, ends=starts + length)
            number += 1


Target = Person | Schedule
"""Whom a level of an escalation policy notifies: somebody, or whoever a schedule says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service with its Events API v2 integration, and its escalation policy's levels.

    `enabled=False`, `maintenance`, or a first level without anybody, drops events after they were accepted.
    Seconds after which an acknowledgement runs out and an open incident resolves by itself, and minutes
    after which an incident climbs a level unacknowledged; None: never.
    """

    id: str
    tier: str
    name: str
    routing_key: str
    levels: tuple[tuple[Target, ...], ...]
    enabled: bool = True
    maintenance: bool = False
    acknowledgement_timeout: int | None = None
    auto_resolve_timeout: int | None = None
    escalation_minutes: int | None = None

    @property
    def status(self) -> str:
        """The service's status, as the REST API names it."""
        if not self.enabled:
            return "disabled"
        return "maintenance" if self.maintenance else "active"

    @property
    def has_timeouts(self) -> bool:
        """Whether anything happens to its incidents by time alone."""
        return bool(self.acknowledgement_timeout or self.auto_resolve_timeout or self.escalation_minutes)

    @property
    def takes_events(self) -> bool:
        """Whether a trigger opens an incident and notifies somebody."""
        return self.status == "active" and bool(self._targets(1))

    @property
    def policy_id(self) -> str:
        """The id of the escalation policy, which is the service's own."""
        return f"{self.id}POLICY"

    @property
    def reference(self) -> dict[str, Any]:
        """The service as PagerDuty's objects refer to it."""
        return reference("service", "services", self.id, self.name)

    @property
    def policy_reference(self) -> dict[str, Any]:
        """The escalation policy as PagerDuty's objects refer to it."""
        return reference("escalation_policy", "escalation_policies", self.policy_id, f"{self.name} policy")

    @property
    def integration_reference(self) -> dict[str, Any]:
        """The integration: the agent of what events do."""
        name = f"{self.name} Events API v2"
        return reference("events_api_v2_inbound_integration", "integrations", f"{self.id}EVENTS", name)

    def at_level(self, level: int, now: int) -> tuple[Person, ...]:
        """Who is on call at a level, counted from 1, at an instant; beyond the last level, the last one's."""
        there = (each.at(now) if isinstance(each, Schedule) else each for each in self._targets(level))
        return tuple(dict.fromkeys(there))

    def _targets(self, level: int) -> tuple[Target, ...]:
        if not self.levels:
            return ()
        return self.levels[min(max(level, 1), len(self.levels)) - 1]

    def to_json(self) -> dict[str, Any]:
        """The service as control shows it."""
        return {
            "id": self.id,
            "tier": self.tier,
            "name": self.name,
            "routing_key": self.routing_key,
            "enabled": self.enabled,
            "maintenance": self.maintenance,
            "acknowledgement_timeout": self.acknowledgement_timeout,
            "auto_resolve_timeout": self.auto_resolve_timeout,
            "escalation_minutes": self.escalation_minutes,
            "levels": [[target.name for target in level] for level in self.levels],
        }


def reference(kind: str, path: str, identity: str, summary: str) -> dict[str, Any]:
    """How one object of PagerDuty's refers to another."""
    return {
        "id": identity,
        "type": f"{kind}_reference",
        "summary": summary,
        "self": f"{API}/{path}/{identity}",
        "html_url": f"{SITE}/{path}/{identity}",
    }


def routing_key(tier: str) -> str:
    """The stand-in's routing key for a tier: 32 letters and digits, as PagerDuty's are."""
    return ("sandbox" + "".join(filter(str.isalnum, tier))).ljust(32, "0")[:32]


def service(tier: str, name: str, levels: Sequence[Sequence[Target]], **more: Any) -> Service:
    """A service for a tier, under the stand-in's routing key for it; `more` are further fields of it."""
    return Service(
        id="S" + "".join(filter(str.isalnum, tier)).upper(),
        tier=tier,
        name=name,
        routing_key=routing_key(tier),
        levels=tuple(tuple(level) for level in levels),
        **more,
    )


ANA = Person(id="PANAORT", name="Ana Ortiz", email="ana.ortiz@example.com")
LEE = Person(id="PLEENOV", name="Lee Novak", email="lee.novak@example.com", time_zone="America/Los_Angeles")
DIA = Person(id="PDIAMEN", name="Dia Mensah", email="dia.mensah@example.com", time_zone="Europe/Berlin")
BOT = Person(id="POPSBOT", name="Opsbot", email="opsbot@example.com")

PEOPLE = (ANA, LEE, DIA, BOT)
"""The on-call engineer, the team lead, the director, and the user in whose name the bot acts."""

SERVICES = (
    service("on-call", "On-call", ((ANA,), (LEE,), (DIA,))),
    service("team-lead", "Team lead", ((LEE,),)),
    service("director", "Director", ((DIA,),)),
)
"""A service a tier; the first one's policy climbs through all three people."""

WEEK_SECONDS = 7 * 24 * 3600
MONDAY_MORNING = 1_763_992_800_000
"""Monday, 2025-11-24 09:00 in New York: when on-call is handed over."""


def weekly(tier: str, name: str, *people: Person, weeks: int = 1, begins: int = MONDAY_MORNING) -> Schedule:
    """A tier's rotation, so many weeks each."""
    return Schedule(
        id="R" + "".join(filter(str.isalnum, tier)).upper(),
        name=name,
        people=people,
        turn_seconds=weeks * WEEK_SECONDS,
        begins=begins,
    )


def rotating(now: int) -> tuple[Service, ...]:
    """The same, with an on-call engineer who is relieved on a Monday: Ana first, for a week at least.

    Whoever tries things out meets the same person today and on the next morning.
    """
    week = WEEK_SECONDS * 1000
    monday = MONDAY_MORNING + (now - MONDAY_MORNING) // week * week
    turns = weekly("on-call", "On-call, in turns", ANA, LEE, weeks=2, begins=monday)
    return (service("on-call", "On-call", ((turns,), (LEE,), (DIA,))), *SERVICES[1:])
