"""What somebody's Home tab shows: what waits for them first, then how things stand.

Values of what is read there and no more, so that a change which nobody sees is none: `HomeTab.digest`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.domain.card import NextStep
from bot.domain.changes.change import ChangeState
from bot.domain.checklist import Cadence
from bot.domain.checklists.run import RunState
from bot.domain.guide import Dashboard
from bot.domain.incident import Incident, Status
from bot.domain.severity import Severity
from bot.domain.slo.reading import Reported
from bot.domain.slo.verdict import status

MOST_MINE = 5
"""Incidents, of those that somebody has, that their Home names. Of more it says how many."""
MOST_REVIEWS = 5
MOST_CHECKS = 8
"""Of all these reviews together."""
MOST_FOUND = 5
"""Open problems, of those that somebody is reminded of."""
MOST_ITEMS = 8
MOST_INCIDENTS = 10
MOST_ALERTS = 5
MOST_CALLS = 5
MOST_RUNS = 12
MOST_PROBLEMS = 5
MOST_CHANGES = 3

_NO_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeIncident:
    """An open incident. `title` is None where whoever looks may not read it.

    `epoch` is that of a button for it, `taken_by` who has acknowledged it, `mine` what the one who looks is
    in it: the titles of their roles, or that they have acknowledged it. `url` is where its card stands.
    """

    id: str
    epoch: int
    number: int
    severity: Severity
    drill: bool
    title: str | None
    service: str | None
    status: Status
    taken_by: str | None = None
    next_step: NextStep | None = None
    mine: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeCheck:
    """An open item of a review."""

    position: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeReview:
    """A review with open items that the one who looks has: `in_all` so many, of which some are shown.

    `run` is its id, `label` what people call it.
    """

    run: str
    label: str
    title: str
    due_at: datetime
    overdue: bool
    checks: tuple[HomeCheck, ...]
    in_all: int
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeItem:
    """An action item that they have. `text` is None where they may not read what people wrote of it."""

    number: int
    incident: str
    text: str | None
    due: date | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAlert:
    """An alert that nobody has acknowledged. `title` is None where whoever looks may not read it."""

    label: str
    severity: Severity
    title: str | None
    service: str | None
    since: datetime
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAlerts:
    """How many are not acknowledged, and the worst of them."""

    count: int = 0
    worst: tuple[HomeAlert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRun:
    """One review of today, or of before where it is still open.

    `free` says that whoever looks may take it: nobody has some of its open items. `late`: it was done, but
    not in time. `owner` is None where whoever looks may not know.
    """

    id: str
    label: str
    title: str
    state: RunState
    settled: int
    items: int
    due_at: datetime
    overdue: bool
    late: bool = False
    free: bool = False
    owner: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeComing:
    """A review that is still to come today."""

    title: str
    cadence: Cadence
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeProblem:
    """A problem that a review has found, and that is still open. `text` is None where it may not be read."""

    run: str
    position: int
    item: str
    text: str | None
    since: date
    owner: str | None = None
    incident: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeCall:
    """A page of a tier that nobody has answered. `tier` is its title, `caller` who paged it."""

    label: str
    caller: str
    tier: str
    reason: str
    since: datetime
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeChange:
    """A change of today, or one that is running: when it was started, or is to start."""

    label: str
    title: str
    service: str
    state: ChangeState
    at: datetime
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeChanges:
    """The usual type's window, and today's changes, of which some are shown.

    `until` is when a window that is open now closes, `opens` when it may start next, where either is known.
    `anytime`: it needs no window. `freeze` is what keeps everything shut now, until `frozen_until`.
    """

    kind: str
    anytime: bool = False
    until: datetime | None = None
    opens: datetime | None = None
    freeze: str | None = None
    frozen_until: datetime | None = None
    today: tuple[HomeChange, ...] = ()
    in_all: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeTab:
    """What one person sees, `at` an instant.

    `may_act` says whether they may change anything: guests only look. Each part holds what is shown; of
    those with a number beside them (`…_in_all`) there may be more. `found` are the open problems that the one
    who looks is reminded of. `measures` says whether there is anything
    that measures; `slos` are in the order in which they are told, and empty where nothing was answered yet.
    `dashboards` are the guide's.
    """

    user: str
    at: datetime
    may_act: bool
    mine: tuple[HomeIncident, ...] = ()
    mine_in_all: int = 0
    reviews: tuple[HomeReview, ...] = ()
    reviews_in_all: int = 0
    checks_in_all: int = 0
    found: tuple[HomeProblem, ...] = ()
    found_in_all: int = 0
    items: tuple[HomeItem, ...] = ()
    items_in_all: int = 0
    incidents: tuple[HomeIncident, ...] = ()
    incidents_in_all: int = 0
    alerts: HomeAlerts = HomeAlerts()
    calls: tuple[HomeCall, ...] = ()
    calls_in_all: int = 0
    runs: tuple[HomeRun, ...] = ()
    runs_in_all: int = 0
    coming: tuple[HomeComing, ...] = ()
    problems: tuple[HomeProblem, ...] = ()
    problems_in_all: int = 0
    changes: HomeChanges | None = None
    measures: bool = False
    slos: tuple[Reported, ...] = ()
    dashboards: tuple[Dashboard, ...] = ()

    @property
    def waits(self) -> int:
        """How many things wait for the one who looks."""
        return self.mine_in_all + self.checks_in_all + self.found_in_all + self.items_in_all

    @property
    def digest(self) -> str:
        """The same for two that show the same. That time has passed, or a number moved a little, is no news.

        Of what was promised only the verdict counts: the numbers behind it are others at each look.
        """
        rest = replace(self, at=_NO_TIME, slos=())
        verdicts = tuple(_verdict(one) for one in self.slos)
        return hashlib.sha256(repr((rest, verdicts)).encode()).hexdigest()[:32]


def urgency(incident: Incident) -> tuple[bool, int, int]:
    """The order of incidents: what nobody has taken first, then the worst; of what is alike the newest."""
    return not incident.waits, incident.severity.rank, -incident.number


def _verdict(reported: Reported) -> tuple[str, str]:
    if reported.report is None:
        return reported.promise.key, reported.trouble or ""
    return reported.promise.key, status(reported.report).value
