"""What a run's card shows: everything it needs, read in one go, so that views only lay it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.alert_card import LinkedIncident
from bot.domain.checklist import Whose
from bot.domain.checklists.run import Problem, Run
from bot.domain.guide import Runbook


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierProblem:
    """A problem that an earlier run of the same checklist has found, and that is still open."""

    run: str  # its label
    position: int
    item: str
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCard:
    """One run as its card shows it.

    `team` is a title. `earlier` are problems that are still open, `incidents` those that were declared for
    problems, by their ids. `next_at` is when the checklist is due next. `whose` is how the
    guide finds its owner, for a run that has none.
    """

    run: Run
    team: str
    runbook: Runbook | None = None
    earlier: tuple[EarlierProblem, ...] = ()
    incidents: Mapping[str, LinkedIncident] = field(default_factory=dict)
    next_at: datetime | None = None
    whose: Whose = Whose.ANYBODY

    @property
    def subject(self) -> Run:
        """What it shows."""
        return self.run

    @property
    def since(self) -> datetime:
        """The earliest instant at which its message can have been posted."""
        return self.run.begun_at
