"""What a use case has decided: the incident as it is now, what happened, and what is owed.

The outcome is written in one transaction; nothing here does anything by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An entry for the history. `told` puts it in the card's thread as well.

    `notify` names the tiers, `notify_people` people by their Slack ids, and `notify_team` says whether the
    owning team, that are mentioned with it; `loud` shows the line in the channel too.
    """

    kind: EventKind
    data: EventData = field(default_factory=dict)
    actor: Actor | None = None
    told: bool = False
    notify: tuple[str, ...] = ()
    notify_people: tuple[str, ...] = ()
    notify_team: bool = False
    loud: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOwed:
    """Somebody is to be paged. `past_acknowledgement`: even though the incident is acknowledged.

    `late`: an outage of the bot has held it up.
    """

    step: int
    past_acknowledgement: bool = False
    reason: str = "timer"
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDue:
    """The next step of the path, and when it comes unless somebody acknowledges."""

    step: int
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimersStopped:
    """No step of the path comes any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesAcknowledged:
    """Unsent pages are not sent; every page that may ring is acknowledged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesResolved:
    """Unsent pages are not sent; every page that was sent in an epoch before `before` is resolved."""

    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDue:
    """Somebody is asked for an update then, unless one comes first; `asked` times they were already."""

    due: datetime
    asked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatesStopped:
    """Nobody is asked for an update."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceDue:
    """Then is looked whether somebody is still on it; `asked`: then the question must have been answered."""

    due: datetime
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceStopped:
    """Nobody is asked whether they are still on it."""


Owed = (
    PageOwed
    | StepDue
    | TimersStopped
    | PagesAcknowledged
    | PagesResolved
    | UpdateDue
    | UpdatesStopped
    | AttendanceDue
    | AttendanceStopped
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The decision of one use case."""

    incident: Incident
    happened: tuple[Happened, ...]
    owed: tuple[Owed, ...] = ()
