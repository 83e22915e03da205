"""Alerts: what a monitoring system says is wrong, and the group of them that people have work with.

An alert group is one episode of what Alertmanager groups together (its `groupKey`): from the first alert
that fires until all is quiet. Pure: every verb returns a new value or refuses in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.errors import StaleError
from bot.domain.path import Path
from bot.domain.severity import Severity
from bot.domain.text import duration

Labels = Mapping[str, str]


class AlertStatus(StrEnum):
    """What is told of an alert, and what is true of a group: it fires while one of its alerts does."""

    FIRING = "firing"
    RESOLVED = "resolved"


class AlertSource(StrEnum):
    """Who says so: Alertmanager, or opsbot itself."""

    ALERTMANAGER = "alertmanager"
    STORM = "storm"  # more groups at once than a channel bears, shown as one
    WATCHDOG = "watchdog"  # the monitoring system gives no sign of life


class AlertState(StrEnum):
    """How things stand with a group, as people see it: resolved before silenced before acknowledged."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert of a group, as it was told last.

    `fingerprint` stands for its labels; together with `starts_at` it says which firing of it this is.
    `ends_at` is set once it is resolved. `seen_at` is when the bot first had it. `graph_url` is where the
    monitoring system shows it: an address from outside.
    """

    fingerprint: str
    starts_at: datetime
    ends_at: datetime | None
    labels: Labels
    annotations: Labels
    graph_url: str | None
    seen_at: datetime

    @property
    def name(self) -> str:
        """What people call it."""
        return self.labels.get("alertname", "unnamed alert")

    @property
    def fires(self) -> bool:
        """Whether it is not resolved."""
        return self.ends_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringAlert:
    """Which firing of which alert it is, of which group (its id), and when the bot first had it."""

    group: str
    fingerprint: str
    starts_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNews:
    """What Alertmanager tells of a group at once. `truncated` counts the alerts that it left out."""

    key: str
    receiver: str
    group_labels: Labels
    common_labels: Labels
    common_annotations: Labels
    external_url: str | None
    alerts: tuple[Alert, ...]
    truncated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertGroup:
    """One alert group as it is now.

    `id` is for keys and buttons, `number` for people (`A12`). `key` is the source's name for it, `receiver`
    Alertmanager's for whom it tells of it, `labels` are those by which it is grouped, `name` what its alerts
    are called, `summary` what they say is wrong.
    `firing` and `resolved` count its alerts, `truncated` those that were left out of the newest news.
    `channel` is the guide's key of the channel in which its card stands, `team` and `service` the guide's
    keys of whose it is. `path` is whom it reaches while nobody acknowledges, and what of that by itself;
    `next_step` is the number of the step that comes next in this epoch.
    `flaps` counts how often it fired again soon after it had been resolved. `silenced_until` is set while
    a silence keeps it quiet. `incident` is the id of the incident that it belongs to, `storm` that of the
    group that stands for it while it has no card of its own.
    """

    id: str
    number: int
    source: AlertSource
    key: str
    receiver: str | None = None
    name: str
    summary: str
    labels: Labels
    severity: Severity
    channel: str
    team: str
    service: str | None
    security: bool
    path: Path
    status: AlertStatus
    firing: int
    resolved: int
    truncated: int = 0
    runbook_url: str | None = None
    dashboard_url: str | None = None
    external_url: str | None = None
    started_at: datetime
    fired_at: datetime
    changed_at: datetime
    resolved_at: datetime | None = None
    flaps: int = 0
    epoch: int = 1
    epoch_at: datetime
    next_step: int = 0
    answers_from: int = 1
    answers_after: datetime | None = None
    paged_at: datetime | None = None
    acknowledged_by: Actor | None = None
    acknowledged_at: datetime | None = None
    silenced_by: Actor | None = None
    silenced_until: datetime | None = None
    incident: str | None = None
    incident_after: timedelta | None = None
    storm: str | None = None
    carded_at: datetime | None = None

    @property
    def label(self) -> str:
        """How people name it: `A12`."""
        return f"A{self.number}"

    @property
    def called(self) -> str:
        """How a lock screen names it: `P1 A12`."""
        return f"{self.severity} {self.label}"

    @property
    def title(self) -> str:
        """What is wrong, on one line."""
        return f"{self.name}: {self.summary}" if self.summary else self.name

    @property
    def public_title(self) -> str:
        """The title where outsiders may read: a security alert keeps its own to itself."""
        return f"Security alert A{self.number}" if self.security else self.title

    @property
    def drill(self) -> bool:
        """Alerts are never drills."""
        return False

    @property
    def room(self) -> None:
        """A group has no channel of its own."""
        return

    @property
    def is_open(self) -> bool:
        """Whether it fires."""
        return self.status is AlertStatus.FIRING

    @property
    def state(self) -> AlertState:
        """How things stand, as people see it."""
        if not self.is_open:
            return AlertState.RESOLVED
        if self.silenced_until is not None:
            return AlertState.SILENCED
        return AlertState.ACKNOWLEDGED if self.acknowledged_by else AlertState.FIRING

    @property
    def waits(self) -> bool:
        """Whether somebody is to acknowledge it."""
        return self.state is AlertState.FIRING

    def check_epoch(self, epoch: int) -> None:
        """Refuse what was pressed on a card of an earlier epoch."""
        if epoch != self.epoch:
            message = (
                f"That button is from an earlier state. Now: {self.describe()}. Use the card as it is now."
            )
            raise StaleError(message)

    def stepped(self, next_step: int) -> AlertGroup:
        """Say which step of the path comes next."""
        return replace(self, next_step=next_step)

    def is_answered_by(self, epoch: int, at: datetime | None) -> bool:
        """Whether an answer given `at` to a page of `epoch` still counts."""
        if epoch < self.answers_from:
            return False
        return epoch == self.epoch or self.answers_after is None or at is None or at > self.answers_after

    def describe(self, now: datetime | None = None) -> str:
        """Say what is true of it, as a clause: `A12 was acknowledged by Ana 3 min ago`."""
        match self.state:
            case AlertState.RESOLVED:
                ago = _ago(self.resolved_at, now)
                return f"{self.label} {'was' if ago else 'is'} resolved{ago}"
            case AlertState.SILENCED:
                by = f" by {self.silenced_by.name}" if self.silenced_by else ""
                return f"{self.label} is silenced{by}"
            case AlertState.ACKNOWLEDGED:
                by = self.acknowledged_by.name if self.acknowledged_by else "somebody"
                return f"{self.label} was acknowledged by {by}{_ago(self.acknowledged_at, now)}"
            case AlertState.FIRING:
                return f"{self.label} is firing, and not acknowledged"


class SilenceState(StrEnum):
    """How far a silence has come."""

    WANTED = "wanted"  # owed to Alertmanager
    ACTIVE = "active"  # Alertmanager has it
    ENDING = "ending"  # its end is owed to Alertmanager
    OVER = "over"  # it has expired, or was ended
    FAILED = "failed"  # Alertmanager refused it


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What keeps a group quiet in Alertmanager.

    `id` is the bot's, `remote_id` Alertmanager's once it has it. `matchers` are labels and their exact
    values. One that somebody made in Alertmanager itself is `foreign`. `told_at` is when people were told
    that Alertmanager does not take it.
    """

    id: str
    group: str
    remote_id: str | None
    matchers: tuple[tuple[str, str], ...]
    by: Actor
    comment: str
    starts_at: datetime
    ends_at: datetime
    state: SilenceState
    foreign: bool = False
    told_at: datetime | None = None

    @property
    def is_standing(self) -> bool:
        """Whether it keeps its group quiet, or is about to."""
        return self.state in {SilenceState.WANTED, SilenceState.ACTIVE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """The newest sign of life of a monitoring system. `group` is the id of the open group that misses it."""

    name: str
    at: datetime
    group: str | None = None


def _ago(at: datetime | None, now: datetime | None) -> str:
    return f" {duration(now - at)} ago" if at and now and now > at else ""
