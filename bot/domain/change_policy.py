"""What the guide says of changes: their types and windows, their phases, and how they are taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A weekly window in which changes may start: weekday (Monday is 0), local opening and closing.

    One that closes before it opens closes on the next day; one that closes as it opens never opens.
    """

    weekday: int
    opens: time
    closes: time


class ChangeOpening(StrEnum):
    """When a type of change may start."""

    WEEKLY = "weekly"  # in the type's weekly windows
    PLANNED = "planned"  # in maintenance windows that leads put on the calendar
    ANYTIME = "anytime"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeType:
    """A type of change: when it may start, in which windows, and how many approvals it needs."""

    key: str
    title: str
    opening: ChangeOpening
    windows: tuple[Window, ...]
    approvals: int

    @property
    def is_emergency(self) -> bool:
        """Whether it mends what is broken: what would keep others from starting is only told to it.

        A freeze, an open incident or a spent budget must not stop the change that ends them.
        """
        return self.opening is ChangeOpening.ANYTIME


class Phase(StrEnum):
    """The phases of a change's life, in order; the last one only where it is taken back."""

    PLANNING = "planning"
    TESTING = "testing"
    DEPLOYMENT = "deployment"
    VALIDATION = "validation"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePhase:
    """How the guide names and describes one phase."""

    phase: Phase
    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Something outside that is asked to act, by its key. What it is sent is signed."""

    key: str
    url: str


APPROVALS_LAST = timedelta(days=7)
WATCHED_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePolicy:
    """How changes reach production. `phases` has each phase once, in order.

    An approval counts for `approvals_last`. What breaks up to `watched_for` after a change has ended points
    at it. `on_holidays` says whether weekly windows open on public holidays.
    """

    types: Mapping[str, ChangeType]
    phases: tuple[ChangePhase, ...]
    approvals_last: timedelta = APPROVALS_LAST
    watched_for: timedelta = WATCHED_FOR
    on_holidays: bool = False
    webhooks: Mapping[str, Webhook] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def usual(self) -> ChangeType:
        """The type that is meant where nobody names one: the guide's first."""
        return next(iter(self.types.values()))

    def phase(self, phase: Phase) -> ChangePhase:
        """How the guide names a phase."""
        return next(one for one in self.phases if one.phase is phase)
