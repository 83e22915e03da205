"""A runbook that is worked through in an incident: its steps as they were then, and who did which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from bot.domain.actor import Actor
from bot.domain.card import MessageRef
from bot.domain.errors import AlreadyError, NotFoundError
from bot.domain.runbooks.markdown import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStep:
    """One of its steps; who has done it, and when, where somebody has."""

    step: Step
    done_by: Actor | None = None
    done_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        """Whether somebody has done it."""
        return self.done_by is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRunbook:
    """A runbook in an incident. `runbook` is the guide's key, `left` how many steps only the document has.

    What the file says later changes nothing here. `at` is the message that shows it, where one does.
    """

    id: str
    incident: str
    runbook: str
    title: str
    url: str | None
    opened_by: Actor
    opened_at: datetime
    steps: tuple[OpenStep, ...]
    left: int = 0
    at: MessageRef | None = None

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(one.is_done for one in self.steps)

    @property
    def progress(self) -> str:
        """How far it has come, in words."""
        count = len(self.steps)
        return f"{self.done} of {count} step{'s' if count != 1 else ''} done"

    def check(self, position: int, by: Actor, now: datetime, zone: tzinfo) -> tuple[OpenedRunbook, OpenStep]:
        """Somebody has done a step. Raises AlreadyError with who was first, NotFoundError."""
        one = self._one(position)
        if one.done_by is not None and one.done_at is not None:
            who = f"{one.done_by.name} at {one.done_at.astimezone(zone):%H:%M}"
            raise AlreadyError(f"Nothing to do: step {position} of {self.title} was done by {who}.")
        return self._with(replace(one, done_by=by, done_at=now))

    def reopen(self, position: int) -> tuple[OpenedRunbook, OpenStep]:
        """It is to be done after all. Raises AlreadyError, NotFoundError."""
        one = self._one(position)
        if not one.is_done:
            raise AlreadyError(f"Nothing to do: step {position} of {self.title} is still to be done.")
        return self._with(replace(one, done_by=None, done_at=None))

    def _one(self, position: int) -> OpenStep:
        if not 1 <= position <= len(self.steps):
            raise NotFoundError(f"{self.title} has no step {position}: it has {len(self.steps)}.")
        return self.steps[position - 1]

    def _with(self, changed: OpenStep) -> tuple[OpenedRunbook, OpenStep]:
        steps = tuple(changed if one.step.position == changed.step.position else one for one in self.steps)
        return replace(self, steps=steps), changed
