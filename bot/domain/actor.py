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


PAGERDUTY = "pagerduty"
"""The id of everybody who acts in PagerDuty: whom it means in Slack is not known."""


def pagerduty_person(name: str | None) -> Actor:
    """Somebody who acted in PagerDuty, by the name that PagerDuty shows."""
    return Actor(id=PAGERDUTY, name=f"{name} (PagerDuty)" if name else "PagerDuty")
