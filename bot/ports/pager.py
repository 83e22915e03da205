"""What the bot needs of a paging service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.severity import Severity
from bot.ports.failures import PermanentFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A titled link shown with a page."""

    href: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The facts of one page: fixed when it was owed, the same on every retry.

    `key` is the deterministic de-duplication key (`{incident id}/{epoch}/{step}`), `tier` the guide's
    tier whose routing key is used, `summary` what a lock screen shows (at most 1024 characters).
    `channel` is the guide's channel key in which the incident's card stands, for a link to it; `room` is the
    Slack id of the room in which it stands instead.
    """

    key: str
    tier: str
    summary: str
    severity: Severity
    source: str
    links: tuple[Link, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    channel: str | None = None
    room: str | None = None


class PagerStatus(StrEnum):
    """The state of a page's incident as the paging service shows it."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerIncident:
    """What the paging service shows for one key: its own id, status, and who acted last, if a person."""

    key: str
    incident_id: str
    status: PagerStatus
    by_person: str | None = None
    at: datetime | None = None
    html_url: str | None = None


class PagerIncidentGoneError(PermanentFailure):
    """The incident whose level was to be raised is over; a new one is needed."""


class Pager(Protocol):
    """Sends pages and reads their state. Every method as a whole is bounded in time, well below a lease.

    Raises `TemporaryFailure`, `PermanentFailure` or `UnknownOutcome` of `bot.ports.failures`.
    """

    @property
    def can_look_up(self) -> bool:
        """Whether the paging service's REST interface is configured."""

    def reaches(self, tier: str) -> bool:
        """Whether a routing key is configured for the guide's tier."""

    async def trigger(self, page: Page) -> None:
        """Page. Idempotent under `page.key`. Returns when the service has accepted the event."""

    async def acknowledge(self, tier: str, key: str) -> None:
        """Acknowledge what was triggered under `key` with the tier's routing key."""

    async def resolve(self, tier: str, key: str) -> None:
        """Resolve what was triggered under `key` with the tier's routing key."""

    async def look_up(self, key: str) -> PagerIncident | None:
        """The newest incident that `key` opened, or None where the service shows none.

        TemporaryFailure where the answer takes too long.
        """

    async def set_level(self, key: str, level: int) -> None:
        """Raise the incident under `key` to the absolute escalation level; never lowers one.

        Raises PagerIncidentGoneError where that incident is resolved, and TemporaryFailure where no
        answer came in time: doing it twice does no harm.
        """
