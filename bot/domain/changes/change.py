"""One change of production, as it is asked for, approved, carried out and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.change_policy import Phase
from bot.domain.changes.gate import Ground
from bot.domain.changes.health import HealthLine
from bot.domain.errors import StaleError
from bot.domain.severity import Severity


class ChangeState(StrEnum):
    """How far a change has come."""

    REQUESTED = "requested"  # it waits for approvals
    APPROVED = "approved"
    TESTING = "testing"  # it is tried where no customer is
    DEPLOYING = "deploying"  # from here on production changes: the gate has let it through
    VALIDATING = "validating"
    ROLLING_BACK = "rolling_back"
    DONE = "done"
    ROLLED_BACK = "rolled_back"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # its time passed, and nobody started it


RUNNING = frozenset({ChangeState.DEPLOYING, ChangeState.VALIDATING, ChangeState.ROLLING_BACK})
"""While production is being changed."""

AHEAD = frozenset({ChangeState.REQUESTED, ChangeState.APPROVED, ChangeState.TESTING})
"""Before production is changed: it may still be edited."""

OVER = frozenset(ChangeState) - RUNNING - AHEAD


class Risk(StrEnum):
    """How much can go wrong, as whoever asks sees it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked for. Approvals are of exactly this.

    `kind` is the guide's key of its type, `service` that of what is changed, None for the
    platform as a whole. `length` is how long it takes from the start to the end of its validation.
    """

    kind: str
    service: str | None
    title: str
    steps: str
    validation: str
    rollback: str
    starts: datetime
    length: timedelta
    risk: Risk = Risk.MEDIUM

    @property
    def ends(self) -> datetime:
        """When it is to be over."""
        return self.starts + self.length


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody is for it. It is of one revision of the plan, and counts until it expires."""

    by: Actor
    at: datetime
    revision: int
    expires: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRun:
    """One phase as it was gone through: who began and ended it, when, and what they noted."""

    phase: Phase
    began: datetime
    by: Actor
    ended: datetime | None = None
    ended_by: Actor | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """The gate was against it, and somebody started it nevertheless: what the gate had said, and why.

    It holds for the `grounds` that the gate had then: nobody has decided about what comes later.
    """

    by: Actor
    at: datetime
    reason: str
    against: tuple[str, ...]
    grounds: tuple[Ground, ...]


class HookState(StrEnum):
    """How far the webhook that takes a change back has come."""

    ASKED = "asked"
    TAKEN = "taken"  # it has said that it does it
    FAILED = "failed"  # it is done by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """The webhook that was asked to take it back, by the guide's key, and what it said."""

    key: str
    state: HookState
    at: datetime
    said: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of production.

    `id` is for keys and buttons, `number` for people (`CH12`). `revision` rises with every edit of the plan,
    and approvals of earlier ones count no more. `needs` is how many approvals the guide wanted when it was
    asked for or edited; `editors` changed the plan since. `channel` and `team` are the guide's keys. `lead`
    carries it out: who started it.
    `started` is when production began to be changed, `window_closes` when the window closes in which it began
    (None where it may run at any time). `before` and `after` are how the service did before it was started,
    and since. `closed` is when it ended, however it did, `reason` what was said of that.
    """

    id: str
    number: int = 0
    plan: Plan
    revision: int = 1
    needs: int
    approvals: tuple[Approval, ...] = ()
    state: ChangeState = ChangeState.REQUESTED
    phases: tuple[PhaseRun, ...] = ()
    requested_by: Actor
    requested: datetime
    editors: tuple[Actor, ...] = ()
    channel: str
    team: str
    lead: Actor | None = None
    started: datetime | None = None
    window_closes: datetime | None = None
    override: Override | None = None
    before: tuple[HealthLine, ...] = ()
    after: tuple[HealthLine, ...] = ()
    health_trouble: str | None = None
    hook: Hook | None = None
    closed: datetime | None = None
    closed_by: Actor | None = None
    reason: str | None = None

    @property
    def label(self) -> str:
        """How people name it: `CH12`."""
        return f"CH{self.number}"

    @property
    def title(self) -> str:
        """What it is about."""
        return self.plan.title

    @property
    def public_title(self) -> str:
        """Changes are no secret."""
        return self.plan.title

    @property
    def service(self) -> str | None:
        """The guide's key of what is changed."""
        return self.plan.service

    @property
    def severity(self) -> Severity:
        """Nobody is woken by a change."""
        return Severity.P3

    @property
    def security(self) -> bool:
        """Changes are no secret."""
        return False

    @property
    def room(self) -> None:
        """A change has no channel of its own."""
        return

    @property
    def epoch(self) -> int:
        """Buttons carry the revision that their reader has seen."""
        return self.revision

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to do something."""
        return self.state not in OVER

    @property
    def is_running(self) -> bool:
        """Whether production is being changed."""
        return self.state in RUNNING

    @property
    def due(self) -> datetime | None:
        """When it is to be over, once it is started: after its length, or when its window closes."""
        if self.started is None:
            return None
        end = self.started + self.plan.length
        return end if self.window_closes is None else min(end, self.window_closes)

    def counting(self, now: datetime) -> tuple[Approval, ...]:
        """The approvals that count at `now`: of this plan, and not expired."""
        return tuple(one for one in self.approvals if one.revision == self.revision and now < one.expires)

    def is_approved(self, now: datetime) -> bool:
        """Whether enough approvals count."""
        return len(self.counting(now)) >= self.needs

    @property
    def phase(self) -> PhaseRun | None:
        """The phase that it is in, if any."""
        return self.phases[-1] if self.phases and self.phases[-1].ended is None else None

    def run_of(self, phase: Phase) -> PhaseRun | None:
        """How it went through a phase, if it did."""
        return next((one for one in reversed(self.phases) if one.phase is phase), None)

    def concerns(self, service: str | None) -> bool:
        """Whether what happens to a service may come of it: one of the platform concerns every service."""
        return self.plan.service is None or service is None or self.plan.service == service

    @property
    def authors(self) -> tuple[Actor, ...]:
        """Who has written its plan: who asked for it, and whoever has edited it since, each once."""
        return tuple({one.id: one for one in (self.requested_by, *self.editors)}.values())

    def check_epoch(self, epoch: int) -> None:
        """Raise StaleError for what was pressed on a card that showed an earlier plan."""
        if epoch != self.revision:
            raise StaleError(
                f"{self.label} has been edited since: its plan is another one now. Read its card first."
            )


def newest_first(changes: Iterable[Change]) -> tuple[Change, ...]:
    """By number, the newest first."""
    return tuple(sorted(changes, key=lambda one: -one.number))
