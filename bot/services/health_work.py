"""It is looked at how a service does around a change, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.changes.health import HealthLine
from bot.domain.delivery import Delivery
from bot.domain.slo.objective import Promise


class Side(StrEnum):
    """Of when: before it was started, since then, or since then once it is done."""

    BEFORE = "before"
    SINCE = "since"
    FINAL = "final"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtHealth:
    """Look over `length` until `at`. `promise` is None where nothing can be measured; `why` says why."""

    delivery: Delivery
    side: Side
    promise: Promise | None
    at: datetime
    length: timedelta
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSeen:
    """What was found."""

    lines: tuple[HealthLine, ...]
