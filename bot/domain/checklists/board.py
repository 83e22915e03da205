"""What `/checklist` lists: what is to be done, what was done, what comes, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.checklist import Cadence, Whose
from bot.domain.checklists.card import RunCard
from bot.domain.checklists.run import Problem, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRun:
    """A run in a list. `title` is what its checklist is called among others; `url` leads to its card.

    `hidden`: only what is the guide's may be shown here. `whose` is how the guide finds its owner, for a
    run that has none.
    """

    run: Run
    title: str
    url: str | None = None
    hidden: bool = False
    whose: Whose = Whose.ANYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChecklist:
    """A checklist of the guide in a list: its newest run, where it ever had one, and when it is next."""

    key: str
    title: str
    purpose: str
    channel: str
    newest: ListedRun | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What is open, by when it is due; what begins yet today; and what was done today.

    `problems` counts those that are open.
    """

    now: datetime
    open: tuple[ListedRun, ...] = ()
    ahead: tuple[ListedChecklist, ...] = ()
    done: tuple[ListedRun, ...] = ()
    problems: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceList:
    """All checklists of a cadence."""

    now: datetime
    cadence: Cadence
    checklists: tuple[ListedChecklist, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProblem:
    """An open problem: of which run's which item. `incident` is the label of the one declared for it."""

    listed: ListedRun
    position: int
    item: str
    problem: Problem
    owner: str | None = None
    incident: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetails:
    """One run with all that its card shows, and where that stands."""

    card: RunCard
    url: str | None = None
    hidden: bool = False
