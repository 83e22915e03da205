"""What the loading of one delivery works on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.directory import Directory
from bot.ports.store import Transaction
from bot.services.about import About


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(About):
    """One delivery that is being read in a claim's transaction."""

    tx: Transaction
    now: datetime
    directory: Directory
