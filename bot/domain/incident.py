"""An incident and its state machine. Pure: every verb returns a new value or refuses in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.errors import AlreadyError, InvalidError, StaleError
from bot.domain.path import Path
from bot.domain.severity import Severity
from bot.domain.slo.note import BudgetNote
from bot.domain.text import duration


class Status(StrEnum):
    """triggered → acknowledged → mitigated → resolved; cancelled: a false alarm, merged: part of another."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"
    MERGED = "merged"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has work to do."""
        return self not in {Status.RESOLVED, Status.CANCELLED, Status.MERGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """An incident's own Slack channel: its id and name there.

    `private`: only who is invited can read it. `topic` is what was set last, `invited` the people and
    groups (ids) who were invited, `archived_at` when it was closed to everything new.
    """

    id: str
    name: str
    private: bool = False
    topic: str | None = None
    invited: tuple[str, ...] = ()
    archived_at: datetime | None = None


def label(severity: Severity, number: int, *, drill: bool = False) -> str:
    """How people name an incident."""
    return f"{'TEST ' if drill else ''}{severity} #{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident as it is now.

    `id` is for keys and buttons, `number` for people. `channel` is the guide's key of the channel in
    which the card stands, `service` the guide's key of what is broken. `next_step` is the number of
    the path's step that comes next in this epoch, `answers_from` the first epoch to whose pages an answer
    still counts: lowering the severity lets earlier pages stand, raising and reopening do not. Where the
    one on call raised it, and was not paged anew, earlier pages stand too, but only answers that are
    given after `answers_after` count. A `drill` is done as if it were one, and counts nowhere. `roles` are
    who has which role of the guide's, by its key. `merged_into` is the number of the one that it is part of.
    `update` was written at `update_at`, the next one is due at `update_due`; `update_every` is how often
    people want to be asked (zero: never), where they have said so. `leadership` says whether
    those who run the business have been told of it: once they are, they hear how it ends. `over_asked_at`
    is when its people were asked whether it is over, while that question is open. `budget` is how the error
    budget of what is broken stood when it was last looked at while the incident was open.
    """

    id: str
    number: int
    severity: Severity
    status: Status
    title: str
    service: str | None
    channel: str
    security: bool
    path: Path
    declared_by: Actor
    declared_at: datetime
    epoch: int = 1
    epoch_at: datetime
    next_step: int = 0
    answers_from: int = 1
    answers_after: datetime | None = None
    acknowledged_by: Actor | None = None
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    ended_by: Actor | None = None
    ended_at: datetime | None = None
    update: str | None = None
    update_at: datetime | None = None
    update_due: datetime | None = None
    update_every: timedelta | None = None
    leadership: bool = False
    drill: bool = False
    impact: str | None = None
    started_at: datetime | None = None
    detected_at: datetime | None = None
    roles: Mapping[str, Actor] = field(default_factory=dict)
    room: Room | None = None
    merged_into: int | None = None
    over_asked_at: datetime | None = None
    budget: BudgetNote | None = None

    @property
    def label(self) -> str:
        """How people name it: `P0 #42`; `TEST P0 #42` where it is a drill."""
        return label(self.severity, self.number, drill=self.drill)

    @property
    def called(self) -> str:
        """How a lock screen names it."""
        return self.label

    @property
    def public_title(self) -> str:
        """The title where outsiders may read: a security incident keeps its own to itself."""
        return f"Security incident {self.number}" if self.security else self.title

    @property
    def is_open(self) -> bool:
        """Whether somebody still has work to do."""
        return self.status.is_open

    @property
    def waits(self) -> bool:
        """Whether somebody is to acknowledge it."""
        return self.status is Status.TRIGGERED

    def holder(self, role: str) -> Actor | None:
        """Who has a role."""
        return self.roles.get(role)

    def give_role(self, role: str, to: Actor | None) -> Incident:
        """Let somebody have a role, or nobody."""
        others = {key: actor for key, actor in self.roles.items() if key != role}
        return replace(self, roles=others | ({role: to} if to else {}))

    def check_epoch(self, epoch: int) -> None:
        """Refuse what was pressed on a card of an earlier epoch."""
        if epoch != self.epoch:
            message = (
                f"That button is from an earlier state. Now: {self.describe()}. Use the card as it is now."
            )
            raise StaleError(message)

    def acknowledge(self, by: Actor, now: datetime) -> Incident:
        """Take it: whoever was being paged can stop."""
        self.check_open("acknowledge", now)
        if self.status is not Status.TRIGGERED:
            raise AlreadyError(f"Nothing to do: {self.describe(now)}.")
        return replace(self, status=Status.ACKNOWLEDGED, acknowledged_by=by, acknowledged_at=now)

    def mitigate(self, by: Actor, now: datetime) -> Incident:
        """Users are no longer hurt; the cause may still be there. Whoever mitigates has acknowledged."""
        self.check_open("mitigate", now)
        if self.status is Status.MITIGATED:
            raise AlreadyError(f"Nothing to do: {self.describe(now)}.")
        taken = self if self.status is Status.ACKNOWLEDGED else self.acknowledge(by, now)
        return replace(taken, status=Status.MITIGATED, mitigated_at=now)

    def resolve(self, by: Actor, now: datetime) -> Incident:
        """It is over."""
        self.check_open("resolve", now)
        return replace(self, status=Status.RESOLVED, ended_by=by, ended_at=now, over_asked_at=None)

    def cancel(self, by: Actor, now: datetime) -> Incident:
        """It never was one: a false alarm, out of the statistics."""
        self.check_open("cancel", now)
        return replace(self, status=Status.CANCELLED, ended_by=by, ended_at=now, over_asked_at=None)

    def merge(self, into: int, by: Actor, now: datetime) -> Incident:
        """It is the same as another, by its number, and goes on there."""
        self.check_open("merge", now)
        return replace(
            self, status=Status.MERGED, merged_into=into, ended_by=by, ended_at=now, over_asked_at=None
        )

    def reopen(self, path: Path, now: datetime) -> Incident:
        """It was not over: a new epoch begins, unacknowledged."""
        if self.status.is_open:
            raise AlreadyError(f"Nothing to do: {self.describe(now)}.")
        return replace(
            self._unacknowledged(path, now),
            status=Status.TRIGGERED,
            ended_by=None,
            ended_at=None,
            merged_into=None,
        )

    def unattended(self, path: Path, now: datetime) -> Incident:
        """Whoever had it is not there any more: a new epoch begins, unacknowledged."""
        if self.status is not Status.ACKNOWLEDGED:
            raise AlreadyError(f"Nothing to do: {self.describe(now)}.")
        return replace(self._unacknowledged(path, now), status=Status.TRIGGERED)

    def change_severity(
        self, severity: Severity, path: Path, now: datetime, *, pages_stand: bool = False
    ) -> Incident:
        """Start a new epoch with another severity. Raising un-acknowledges, lowering does not.

        `pages_stand`: whoever is on call has raised it, and keeps the page that rings already.
        """
        self.check_open("change the severity of", now)
        if severity is self.severity:
            raise AlreadyError(f"Nothing to do: #{self.number} is {severity} already.")
        if severity.is_worse_than(self.severity):
            raised = replace(self._unacknowledged(path, now), severity=severity, status=Status.TRIGGERED)
            if not pages_stand:
                return raised
            return replace(raised, answers_from=self.answers_from, answers_after=now)
        return replace(self, severity=severity, path=path, epoch=self.epoch + 1, epoch_at=now, next_step=0)

    def stepped(self, next_step: int) -> Incident:
        """The same incident once every step before `next_step` has been taken."""
        return replace(self, next_step=next_step)

    def is_answered_by(self, epoch: int, at: datetime | None) -> bool:
        """Whether an answer that was given at `at` to a page of `epoch` still counts."""
        if epoch < self.answers_from:
            return False
        return epoch == self.epoch or self.answers_after is None or at is None or at > self.answers_after

    def report(self, text: str, now: datetime) -> Incident:
        """Keep `text` as the newest word on the state of things."""
        if not text:
            raise InvalidError("An update needs a text: `update #42 rolled back, error rate falling`.")
        return replace(self, update=text, update_at=now)

    def expect_update(self, due: datetime | None) -> Incident:
        """The next word on the state of things is due then; None: none is."""
        return replace(self, update_due=due)

    def ask_whether_over(self, at: datetime | None) -> Incident:
        """Its people are asked then whether it is over; None: that question is open no more."""
        return replace(self, over_asked_at=at)

    def note_budget(self, note: BudgetNote) -> Incident:
        """Keep how its budget stands: the newest look while it is open, where there are numbers."""
        newer = self.budget is None or note.at >= self.budget.at
        return replace(self, budget=note) if newer and self.is_open and note.is_measured else self

    def describe(self, now: datetime | None = None) -> str:
        """Say what is true of it, as a clause: `P0 #42 was acknowledged by Ana 3 min ago`."""
        match self.status:
            case Status.TRIGGERED:
                return f"{self.label} is not acknowledged yet"
            case Status.ACKNOWLEDGED:
                return f"{self.label} was acknowledged by {_name(self.acknowledged_by)}" + _ago(
                    self.acknowledged_at, now
                )
            case Status.MITIGATED:
                return f"{self.label} is mitigated" + _ago(self.mitigated_at, now)
            case Status.RESOLVED | Status.CANCELLED:
                return f"{self.label} was {self.status} by {_name(self.ended_by)}" + _ago(self.ended_at, now)
            case Status.MERGED:
                into = f"#{self.merged_into}" if self.merged_into else "another"
                return f"{self.label} was merged into {into} by {_name(self.ended_by)}" + _ago(
                    self.ended_at, now
                )

    def _unacknowledged(self, path: Path, now: datetime) -> Incident:
        return replace(
            self,
            path=path,
            epoch=self.epoch + 1,
            epoch_at=now,
            next_step=0,
            answers_from=self.epoch + 1,
            answers_after=None,
            acknowledged_by=None,
            acknowledged_at=None,
            mitigated_at=None,
        )

    def check_open(self, verb: str, now: datetime) -> None:
        """Refuse to do what `verb` says with one that is over."""
        if not self.status.is_open:
            raise AlreadyError(
                f"Cannot {verb} it: {self.describe(now)}. `reopen {self.number}` starts it again."
            )


def _name(actor: Actor | None) -> str:
    return actor.name if actor else "nobody"


def _ago(at: datetime | None, now: datetime | None) -> str:
    return f" {duration(now - at)} ago" if at and now and now > at else ""
