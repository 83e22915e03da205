"""What can be made to go wrong between the bot and Slack: by method, or `response_url`."""

from __future__ import annotations

from bot.sandbox.faults import FaultKind

KINDS = frozenset(FaultKind) - {FaultKind.DROP}
"""What happens to calls of the Web API: Slack never says `ok` to what it does not carry out."""
