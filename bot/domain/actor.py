"""Who did something."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person or a part of the system: an id (a Slack user id where it is one) and the name shown."""

    id: str
    name: str


OPSBOT = Actor(id="opsbot", name="opsbot")
"""The bot itself: timers, retries, what nobody asked for in that moment."""


ALERTMANAGER = Actor(id="alertmanager", name="Alertmanager")
"""Who says that alerts fire, and that they are over."""

MACHINES = frozenset({OPSBOT.id, ALERTMANAGER.id})
"""The ids of those who are no people: what they say is told, but nobody waits for it to be shown."""


PAGERDUTY = "pagerduty"
"""The id of everybody who acts in PagerDuty: whom it means in Slack is not known."""


def pagerduty_person(name: str | None) -> Actor:
    """Somebody who acted in PagerDuty, by the name that PagerDuty shows."""
    return Actor(id=PAGERDUTY, name=f"{name} (PagerDuty)" if name else "PagerDuty")
