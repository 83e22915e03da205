"""Asks what is outside to act: webhooks that the guide names, signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.change_policy import Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class HookCall:
    """What a webhook is sent. `key` is the same however often it is sent: it is to act once."""

    webhook: Webhook
    key: str
    body: Mapping[str, object]


class Hooks(Protocol):
    """Webhooks of the guide."""

    def reaches(self, webhook: str) -> bool:
        """Whether what is sent to a webhook, by its key, can be signed."""

    async def post(self, call: HookCall) -> str | None:
        """Ask it. What it says to that, if anything. Raises DeliveryFailure's subclasses."""
