"""Incidents, and what is counted of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.duplicates import Fresh
from bot.domain.incident import Incident
from bot.domain.severity import Severity
from bot.domain.statistics import Counted


class Incidents(Protocol):
    """Incidents by identity, number and state."""

    def add(self, incident: Incident) -> Incident:
        """Insert a new one; its `number` (0 until now) is drawn here. Returns it with its number."""

    def save(self, incident: Incident) -> None:
        """Write every column of an existing one."""

    def by_id(self, incident_id: str, *, lock: bool = False) -> Incident | None:
        """Read one; `lock` holds it until the transaction ends, waiting for other holders."""

    def by_number(self, number: int, *, lock: bool = False) -> Incident | None:
        """The same, by the number that people use."""

    def by_room(self, room: str, *, lock: bool = False) -> Incident | None:
        """The same, by the Slack id of its room."""

    def open(self, limit: int = 200) -> tuple[Incident, ...]:
        """What is not over: most urgent first, then newest first."""

    def fresh(self, since: datetime, *, security: bool, drill: bool) -> tuple[Fresh, ...]:
        """What was declared since then and is open, of one kind: up to twenty, the newest first."""

    def security(self, limit: int = 500) -> tuple[Incident, ...]:
        """Security incidents, ended or not: the newest first."""

    def open_of(self, service: str, *, security: bool) -> tuple[Incident, ...]:
        """What is open of a service, no drills, of one kind: up to twenty, most urgent first, then newest."""

    def urgent(
        self, least: Severity, service: str | None, limit: int, *, security: bool = False
    ) -> tuple[tuple[int, Severity, str], ...]:
        """(number, severity, title) of what is open and at least so urgent: most urgent first, then newest.

        Of a service, with those that name none, or of all; of one kind, and no drills.
        """

    def during(self, since: datetime, until: datetime, service: str | None) -> tuple[Incident, ...]:
        """What was open at some time of a span, of a service or, with None, of all: up to a hundred.

        The most urgent first, then the newest. No drills, no false alarms, no security incidents, nothing
        that turned out to be another one.
        """

    def lock_free(self, incident_ids: Sequence[str]) -> tuple[Incident, ...]:
        """Lock and read those that no other transaction holds, in the order of their ids."""

    def counts(self) -> tuple[tuple[str, str, int], ...]:
        """(severity, status, count) over all incidents that are open, and those that ended; no drills."""


class Tally(Protocol):
    """Incidents to be counted."""

    def between(self, since: datetime, until: datetime) -> tuple[Counted, ...]:
        """What was declared from `since` to `until`, but for drills and false alarms; in no order."""
