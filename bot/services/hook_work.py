"""A webhook is asked to take a change back, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.delivery import Delivery
from bot.ports.hooks import HookCall


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHook:
    """Ask a webhook, unless it is later than `until`. `call` is None where the guide has it no more."""

    delivery: Delivery
    call: HookCall | None
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSaid:
    """It does it, and has said this."""

    said: str | None
