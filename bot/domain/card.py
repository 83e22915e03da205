"""What a card shows: everything it needs, read in one go, so that views only lay it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.alert import AlertState
from bot.domain.guide import Dashboard, Mention, Runbook
from bot.domain.incident import Incident
from bot.domain.page import PageRecord
from bot.domain.postmortem import Duty
from bot.domain.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """Who is reached next, and when, unless somebody acknowledges. `title` names the tier or team.

    `due` is in the guide's zone.
    """

    title: str
    due: datetime
    pages: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """Where a message stands: the channel's id and the message's timestamp, as Slack has them."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedAlert:
    """One of an incident's alerts. `at` is where its own card stands, `url` the address of that message."""

    label: str
    name: str
    severity: Severity
    state: AlertState
    at: MessageRef | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedAlerts:
    """An incident's alerts: how many fire and are resolved, and some of them, what fires first."""

    firing: int
    resolved: int
    shown: tuple[LinkedAlert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedChange:
    """A change of production that it may come of. `service` is a title, None for the platform's.

    It began so many `minutes` after the change was started or, where that had `ended`, after its end. `at` is
    where the change's card stands, `url` the address of that message.
    """

    label: str
    title: str
    service: str | None
    minutes: int
    ended: bool
    at: MessageRef | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedRunbook:
    """A runbook that is worked through in the incident. `runbook` is the guide's key, `progress` in words.

    `at` is the message with its steps, where it stands already, `url` the address of that message.
    """

    runbook: str
    title: str
    progress: str
    at: MessageRef | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentCard:
    """One incident as its card shows it. `service` is the service's title, `pages` are in order.

    `roles` are who has which role, by the role's title, in the guide's order. `confirmable` says whether a
    page that was accepted can be seen to have made an incident. `merged_at` is where the card of the one
    stands into which it was merged, `merged_url` the address of that message. `postmortem` is what the
    incident owes once it is over. `alerts` are those that belong to it, where any do, `changes` those of
    production that it may come of. `worked` are the runbooks that are open in it, as they were opened.
    """

    incident: Incident
    next_step: NextStep | None
    pages: tuple[PageRecord, ...]
    service: str | None
    team: str
    runbook: Runbook
    dashboards: tuple[Dashboard, ...]
    roles: tuple[tuple[str, Actor], ...]
    confirmable: bool
    merged_at: MessageRef | None = None
    merged_url: str | None = None
    postmortem: Duty | None = None
    leader: Actor | None = None
    severity_title: str = ""
    followed: bool = False
    alerts: LinkedAlerts | None = None
    changes: tuple[LinkedChange, ...] = ()
    worked: tuple[WorkedRunbook, ...] = ()

    @property
    def subject(self) -> Incident:
        """What it shows."""
        return self.incident

    @property
    def since(self) -> datetime:
        """The earliest instant at which its message can have been posted."""
        return self.incident.declared_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """Whom a line notifies, and the names to print where nobody can be mentioned."""

    who: Mention
    names: tuple[str, ...]
