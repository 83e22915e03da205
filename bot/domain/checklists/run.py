"""One run of a checklist, and what people and time make of it. Pure: every verb returns what has become.

A run keeps the items that the guide had when it began. It is open until no item is; what is still open when
the next run of its checklist begins is carried over into that, or missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.checklist import Cadence, Unfinished
from bot.domain.errors import NotFoundError
from bot.domain.evidence import EvidenceSpec, Found
from bot.domain.severity import Severity


class RunState(StrEnum):
    """How far a run has come."""

    OPEN = "open"
    DONE = "done"  # no item is open
    CARRIED = "carried"  # it ended with open items, which are the next run's now
    MISSED = "missed"  # it ended with open items
    SKIPPED = "skipped"  # its time came while the bot was down, and nobody was asked


class ItemState(StrEnum):
    """How far an item has come."""

    OPEN = "open"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"
    PROBLEM = "problem"  # it was looked at, and something is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that an item's look has shown, followed until it is closed.

    `incident` is the id of the one that was declared for it, `how` what was done.
    """

    text: str
    found_by: Actor
    found_at: datetime
    incident: str | None = None
    closed_by: Actor | None = None
    closed_at: datetime | None = None
    how: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to see to it."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunItem:
    """One item of a run. `position` counts from 1; `by`, `at` and `reason` say who settled it, when and why.

    `owner` has taken it, or was given it. `since` is when it was first asked for, where it was carried over.
    """

    position: int
    key: str
    title: str
    evidence: tuple[EvidenceSpec, ...] = ()
    found: tuple[Found, ...] = ()
    state: ItemState = ItemState.OPEN
    owner: Actor | None = None
    by: Actor | None = None
    at: datetime | None = None
    reason: str | None = None
    problem: Problem | None = None
    since: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state is ItemState.OPEN

    @property
    def follower(self) -> Actor | None:
        """Who sees to its problem, and is reminded of it: who has the item, else who found it."""
        return self.owner or self.problem.found_by if self.problem else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One occurrence of a checklist.

    `id` is for keys and buttons, `number` for people (`C12`). `checklist` is the guide's key, `occurrence`
    tells its runs apart: the local date for those on schedule. `channel`, `team` and `runbook` are keys, too.
    `planned_at` is when it was to be posted, `begun_at` when it began; `due_at` is when it is to be done,
    `ends_at` when it is closed at the latest. `owner` is whose it is as a whole, `asked_by` who wanted it off
    schedule. `evidence_at` is when evidence was read last. `items` are in order.
    """

    id: str
    number: int = 0
    checklist: str
    occurrence: str
    title: str
    purpose: str
    cadence: Cadence
    channel: str
    team: str
    runbook: str | None
    security: bool
    planned_at: datetime
    begun_at: datetime
    due_at: datetime
    ends_at: datetime
    unfinished: Unfinished
    items: tuple[RunItem, ...]
    state: RunState = RunState.OPEN
    owner: Actor | None = None
    asked_by: Actor | None = None
    late: bool = False
    evidence_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def label(self) -> str:
        """How people name it: `C12`."""
        return f"C{self.number}"

    @property
    def public_title(self) -> str:
        """Its title is the guide's: everybody may read it."""
        return self.title

    @property
    def severity(self) -> Severity:
        """Nobody is woken by a checklist."""
        return Severity.P3

    @property
    def room(self) -> None:
        """A run has no channel of its own."""
        return

    @property
    def epoch(self) -> int:
        """Nothing makes what was owed before count no more."""
        return 1

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to do something."""
        return self.state is RunState.OPEN

    @property
    def open_items(self) -> tuple[RunItem, ...]:
        """What is still to be done."""
        return tuple(item for item in self.items if item.is_open)

    @property
    def settled(self) -> int:
        """How many items are not open any more."""
        return len(self.items) - len(self.open_items)

    @property
    def open_problems(self) -> tuple[RunItem, ...]:
        """Items whose problem somebody has still to see to."""
        return tuple(item for item in self.items if item.problem and item.problem.is_open)

    @property
    def owners(self) -> tuple[Actor, ...]:
        """Who has open items: those who took them, and whose the run is for the others. Each once."""
        found = (item.owner or self.owner for item in self.open_items)
        return tuple({one.id: one for one in found if one is not None}.values())

    @property
    def on_schedule(self) -> bool:
        """Whether nobody had to ask for it."""
        return self.asked_by is None

    @property
    def was_late(self) -> bool:
        """Whether it was done, but not in time."""
        return self.state is RunState.DONE and self.closed_at is not None and self.closed_at > self.due_at

    def check_epoch(self, _epoch: int) -> None:
        """A button of a run never is of an earlier state: it names the item, and that says how it stands."""

    def item(self, position: int) -> RunItem:
        """One item. Raises NotFoundError, in words for the one who asks."""
        if 1 <= position <= len(self.items):
            return self.items[position - 1]
        count = len(self.items)
        has = "only item 1" if count == 1 else f"items 1 to {count}"
        raise NotFoundError(f"{self.label} {self.title} has {has}; there is no item {position}.")

    def with_items(self, changed: Iterable[RunItem]) -> Run:
        """The same run with these items in the place of its own."""
        by_position = {item.position: item for item in changed}
        return replace(self, items=tuple(by_position.get(item.position, item) for item in self.items))
