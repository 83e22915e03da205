"""A call: somebody pages a tier, because of something that is no incident (yet), until it is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.errors import AlreadyError, StaleError
from bot.domain.incident import Room
from bot.domain.path import Path
from bot.domain.severity import Severity
from bot.domain.text import duration

REASON_LIMIT = 500
"""Characters of why somebody is called."""

URGENCY = Severity.P1
"""A call rings as a P1 does."""

PACE = Severity.P0
"""It is repeated as often as a P0's steps come: whoever pages by hand waits for somebody."""


class CallState(StrEnum):
    """waiting → answered, or called off by those who called."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CALLED_OFF = "called_off"


def call_label(number: int) -> str:
    """How people name a call."""
    return f"PG{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as it is now.

    `id` is for keys and buttons, `number` (0 before it is added) for people. `tier` is the guide's key of who
    is called, `reason` why. `channel` is the guide's key of the channel in which its card stands, `path` has
    the tier as its only rung. `next_step` is the number of the step that comes next. Whoever answers is who
    comes: with that it is over, as it is when it is called off; `closed_by` did either.
    """

    id: str
    number: int = 0
    tier: str
    reason: str
    called_by: Actor
    called_at: datetime
    channel: str
    path: Path
    state: CallState = CallState.WAITING
    next_step: int = 0
    closed_by: Actor | None = None
    closed_at: datetime | None = None

    @property
    def label(self) -> str:
        """How people name it: `PG3`."""
        return call_label(self.number)

    @property
    def called(self) -> str:
        """How a lock screen names it."""
        return f"Page {self.label} from {self.called_by.name}:"

    @property
    def tier_title(self) -> str:
        """Who is called, as people read it."""
        return self.path.rung(0).title

    @property
    def title(self) -> str:
        """Why."""
        return self.reason

    @property
    def public_title(self) -> str:
        """Why: it is said where everybody reads."""
        return self.reason

    @property
    def severity(self) -> Severity:
        """How urgent it is."""
        return URGENCY

    @property
    def security(self) -> bool:
        """A call is no secret."""
        return False

    @property
    def drill(self) -> bool:
        """A call is never only tried out."""
        return False

    @property
    def service(self) -> str | None:
        """A call is about nothing of the guide's."""
        return None

    @property
    def room(self) -> Room | None:
        """A call has no channel of its own."""
        return None

    @property
    def epoch(self) -> int:
        """There is only one."""
        return 1

    @property
    def epoch_at(self) -> datetime:
        """When it began."""
        return self.called_at

    @property
    def answers_from(self) -> int:
        """Every answer counts."""
        return 1

    @property
    def answers_after(self) -> datetime | None:
        """Whenever it was given."""
        return None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer it."""
        return self.state is CallState.WAITING

    @property
    def waits(self) -> bool:
        """The same."""
        return self.is_open

    def stepped(self, next_step: int) -> Call:
        """The same once every step before `next_step` has been taken."""
        return replace(self, next_step=next_step)

    def is_answered_by(self, epoch: int, at: datetime | None) -> bool:  # noqa: ARG002 - as `Escalating` asks
        """Whether an answer to a page of `epoch` counts."""
        return epoch == self.epoch

    def check_epoch(self, epoch: int) -> None:
        """Refuse what no card of this call can have carried."""
        if epoch != self.epoch:
            raise StaleError(f"That button is from an earlier state. Now: {self.describe()}.")

    def closed(self, state: CallState, by: Actor, now: datetime) -> Call:
        """Answered, or called off. Raises AlreadyError for one that is over."""
        if not self.is_open:
            raise AlreadyError(f"Nothing to do: {self.describe(now)}.")
        return replace(self, state=state, closed_by=by, closed_at=now)

    def describe(self, now: datetime | None = None) -> str:
        """Say what is true of it, as a clause: `PG3 was acknowledged by Lee 3 min ago`."""
        if self.is_open:
            return f"{self.label} is not acknowledged yet: {self.tier_title} is paged"
        what = "acknowledged" if self.state is CallState.ANSWERED else "called off"
        who = self.closed_by.name if self.closed_by else "nobody"
        ago = (
            f" {duration(now - self.closed_at)} ago"
            if now and self.closed_at and now > self.closed_at
            else ""
        )
        return f"{self.label} was {what} by {who}{ago}"
