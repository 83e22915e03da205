"""Somebody does something: who, when, and how clocks show that to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.domain.actor import Actor
from bot.domain.text import DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Somebody does something, at an instant; refusals name times as clocks of `zone` show them."""

    by: Actor
    now: datetime
    zone: tzinfo

    def clock(self, at: datetime) -> str:
        """When something was: `09:20 EST`, or `Mon 23 09:20 EST` where that was on another day."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone)
        day = "" if local.date() == today.date() else f"{DAYS[local.weekday()]} {local.day} "
        return f"{day}{local:%H:%M} {local.tzname()}"

    def has(self, who: Actor | None) -> str:
        """Who has done something, as a sentence begins to whoever acts: `Ana has`, `You have`."""
        if who is None:
            return "Somebody has"
        return "You have" if who.id == self.by.id else f"{who.name} has"
