"""What `/change` lists and shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.changes.card import ChangeCard
from bot.domain.changes.change import Change


class Which(StrEnum):
    """Which changes are listed."""

    OPEN = "open"  # what is asked for, approved, or being carried out
    MINE = "mine"  # of those what whoever asks has asked for or carries out, and may approve
    ALL = "all"  # also what is over, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChange:
    """A change in a list. `service` and `kind` are titles, `url` leads to its card."""

    change: Change
    service: str
    kind: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeList:
    """Changes: what is open in the order in which it is planned, all by number, the newest first.

    `service` is the title of the only one that was asked for; `more` counts those that are not listed.
    """

    now: datetime
    which: Which
    changes: tuple[ListedChange, ...]
    service: str | None = None
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDetails:
    """One change with all that its card shows, and where that stands."""

    card: ChangeCard
    url: str | None = None
