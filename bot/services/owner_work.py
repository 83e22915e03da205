"""Whose a checklist's run is to be, where that is whoever is on call."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.delivery import Delivery
from bot.domain.on_call import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOwner:
    """Ask who is on call for a tier."""

    delivery: Delivery
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerFound:
    """Who is on call, which may be nobody."""

    duty: Duty
