"""Alerts, and what keeps them quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.alert import Alert, AlertGroup, AlertStatus, FiringAlert, Heartbeat, Silence
from bot.domain.noise import Fired
from bot.domain.severity import Severity


class AlertGroups(Protocol):
    """Alert groups by identity, number, source and state."""

    def add(self, group: AlertGroup) -> AlertGroup:
        """Insert a new one; its `number` (0 until now) is drawn here. Returns it with its number."""

    def save(self, group: AlertGroup) -> None:
        """Write every column of an existing one."""

    def by_id(self, group_id: str, *, lock: bool = False) -> AlertGroup | None:
        """Read one; `lock` holds it until the transaction ends, waiting for other holders."""

    def by_number(self, number: int, *, lock: bool = False) -> AlertGroup | None:
        """The same, by the number that people use."""

    def newest_of(self, key: str) -> AlertGroup | None:
        """The newest episode of a key, locked; where there is none, nobody else adds one meanwhile."""

    def firing(self, limit: int = 1000) -> tuple[AlertGroup, ...]:
        """What is not over: most urgent first, then newest first."""

    def waiting(self, limit: int) -> tuple[tuple[AlertGroup, ...], int]:
        """What somebody is to acknowledge: some, in the same order, and how many there are.

        A storm stands for its members.
        """

    def paging(
        self, service: str | None, limit: int, *, security: bool = False
    ) -> tuple[tuple[int, Severity, str], ...]:
        """(number, severity, name) of what fires and has somebody paged by itself, or had: the same order.

        Of a service, with those that name none, or of all; of one kind, and nothing silenced.
        """

    def of_incident(self, incident: str) -> tuple[AlertGroup, ...]:
        """What belongs to an incident, over or not, by number."""

    def first_of_incident(self, incident: str, limit: int) -> tuple[AlertGroup, ...]:
        """Some of those that belong to an incident: what fires first, of it the most urgent."""

    def count_of_incident(self, incident: str) -> tuple[int, int]:
        """How many of those that belong to an incident fire, and how many are resolved."""

    def last_fired(self, incident: str) -> datetime | None:
        """When the newest of what belongs to an incident fired; None where nothing does."""

    def members(self, storm: str) -> tuple[AlertGroup, ...]:
        """What a storm stands for, over or not: most urgent first, then by number."""

    def member_counts(self, storm: str) -> tuple[tuple[str | None, Severity, AlertStatus, int], ...]:
        """How many groups a storm stands for, by service (of the guide), severity and status, in no order."""

    def carded_since(self, channel: str, since: datetime) -> int:
        """How many groups came to have a card of their own in a channel (of the guide's) since then."""

    def security(self, limit: int = 500) -> tuple[AlertGroup, ...]:
        """Security alerts, over or not: the newest first."""

    def receivers(self) -> frozenset[str]:
        """For whom Alertmanager has ever told of a group."""

    def lock_free(self, group_ids: Sequence[str]) -> tuple[AlertGroup, ...]:
        """Lock and read those that no other transaction holds, in the order of their ids."""

    def counts(self) -> tuple[tuple[str, str, int], ...]:
        """(severity, state, count) over all groups that fire."""

    def forget(self, before: datetime) -> int:
        """Remove what is over, and what is kept of it, where nothing changed since then. Returns how many.

        What belongs to an incident stays.
        """


class Alerts(Protocol):
    """The alerts of groups. Each firing of a label set is one of its own."""

    def tell(self, group: str, alerts: Sequence[Alert]) -> None:
        """Write what is told of alerts now; when the bot first had one stays. The group is locked."""

    def of(self, group: str, *, firing: bool = False, limit: int = 1000) -> tuple[Alert, ...]:
        """A group's, the newest first; only those that fire, if asked."""

    def firing(self, limit: int) -> tuple[FiringAlert, ...]:
        """All that fires, of every group, in no order."""

    def overlapping(self, group: str, told: Sequence[Alert]) -> tuple[Alert, ...]:
        """Of the label sets that are told, a group's alerts that fire, or overlap what is told."""

    def count(self, group: str) -> tuple[int, int]:
        """How many label sets of a group fire, and how many are resolved."""

    def end_all(self, group: str, at: datetime) -> None:
        """Everything of a group that fires is over."""

    def forget(self, before: datetime) -> int:
        """Remove what is resolved and was first had before then. Returns how many."""


class Silences(Protocol):
    """What keeps groups quiet."""

    def save(self, silence: Silence) -> None:
        """Write it, whether or not there is one. The group is locked by the caller."""

    def one(self, silence_id: str) -> Silence | None:
        """Read one by the bot's id."""

    def by_remote(self, remote_id: str) -> tuple[Silence, ...]:
        """Those that are one silence of Alertmanager's: it may keep several groups quiet."""

    def of(self, group: str) -> tuple[Silence, ...]:
        """A group's, the newest first."""

    def standing(self, limit: int = 1000) -> tuple[Silence, ...]:
        """What is wanted, active or ending: what ends first comes first."""


class ToldAlerts(Protocol):
    """What the threads of incidents were told last of their groups. The incident is locked to write it."""

    def of(self, incident: str) -> Mapping[str, AlertStatus]:
        """By the groups' ids."""

    def save(self, incident: str, told: Mapping[str, AlertStatus]) -> None:
        """Write it, whether or not something was told of a group before, there or elsewhere."""

    def forget(self, group: str) -> None:
        """Nothing was told of a group."""


class Heartbeats(Protocol):
    """Signs of life of monitoring systems."""

    def beat(self, name: str, at: datetime) -> None:
        """Write when a system was heard last; the group that misses it stays."""

    def miss(self, name: str, group: str | None) -> None:
        """Write which open group misses a system that was heard before, or that none does any more."""

    def forget(self, name: str) -> None:
        """Remove a system that nobody listens for any more."""

    def all(self) -> tuple[Heartbeat, ...]:
        """Every system's newest one, by name."""


class AlertTally(Protocol):
    """Alerts to be counted."""

    def between(self, since: datetime, until: datetime) -> tuple[Fired, ...]:
        """What began to fire from `since` until before `until`, and what it cost since; in no order.

        What the bot makes itself (storms, the silence of a monitoring system) fires once for each group.
        """
