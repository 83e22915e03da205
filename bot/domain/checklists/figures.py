"""Figures of routine reviews: what is counted, over which span, and of what it is made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.checklist import Cadence


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is counted: what was planned from `since` until before `until`, of one checklist or of all.

    `whole_month` says that a calendar month is meant, which is called by its name. Days until now are not,
    however many they are.
    """

    since: datetime
    until: datetime
    checklist: str | None = None
    whole_month: bool = False

    def has(self, at: datetime) -> bool:
        """Whether an instant lies in it."""
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Runs on schedule, by what became of them. Each is counted in exactly one of the figures."""

    in_time: int = 0
    late: int = 0
    missed: int = 0
    carried: int = 0
    skipped: int = 0
    open: int = 0

    @property
    def planned(self) -> int:
        """All of them."""
        return self.in_time + self.late + self.missed + self.carried + self.skipped + self.open

    @property
    def over(self) -> int:
        """Those that people were asked for, and that have come to an end."""
        return self.in_time + self.late + self.missed + self.carried

    @property
    def done(self) -> int:
        """Those that were done, in time or late."""
        return self.in_time + self.late


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """What was found wrong: how often, what nobody has closed yet, and the median time until it was."""

    found: int = 0
    open: int = 0
    to_close: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProblem:
    """One that nobody has closed yet, with an item of a run. `text` and `by` are None for outsiders."""

    run: str  # its label
    title: str  # of the checklist
    item: str
    found_at: datetime
    text: str | None
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFigures:
    """How one item of a checklist went: each time that it was asked for is counted in exactly one figure.

    `title` is what it was called last. `carried` says how many of them were carried over at least once.
    """

    key: str
    title: str
    done: int = 0
    not_applicable: int = 0
    problems: int = 0
    missed: int = 0
    open: int = 0
    carried: int = 0

    @property
    def asked(self) -> int:
        """How often it was asked for."""
        return self.done + self.not_applicable + self.problems + self.missed + self.open


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistFigures:
    """How one checklist went. `off_schedule` counts what somebody asked for; `items` are in order."""

    key: str
    title: str
    cadence: Cadence
    runs: Tally
    off_schedule: int
    problems: Problems
    items: tuple[ItemFigures, ...]

    @property
    def counts(self) -> bool:
        """Whether there is anything of it."""
        return bool(self.runs.planned or self.off_schedule or self.items or self.problems.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewWeek:
    """What was planned in a calendar week, named by its Monday (local)."""

    monday: date
    runs: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of a span, and its parts: daily checklists first, then weekly and monthly ones."""

    span: Span
    runs: Tally
    off_schedule: int
    problems: Problems
    checklists: tuple[ChecklistFigures, ...]
    weeks: tuple[ReviewWeek, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.checklists
