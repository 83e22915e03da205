"""What can be made to go wrong between the bot and PagerDuty: in one of its two APIs, or in both."""

from __future__ import annotations

from bot.sandbox.faults import FaultKind

EVENTS = "events"
REST = "rest"

KINDS = frozenset(FaultKind) - {FaultKind.ERROR}
"""DROP: an event is accepted with 202, and nothing comes of it. It means nothing to the REST API."""
