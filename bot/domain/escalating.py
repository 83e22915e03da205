"""What people are paged for until somebody acknowledges: an incident, or an alert group."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, Self

from bot.domain.path import Path
from bot.domain.subject import Subject


class Escalating(Subject, Protocol):
    """What steps, pages and the paging service's news need besides. Its words are `Incident`'s."""

    @property
    def called(self) -> str:
        """How a lock screen names it: severity and name."""

    @property
    def service(self) -> str | None:
        """The guide's key of what is broken."""

    @property
    def drill(self) -> bool:
        """Whether it only tries out what would be done."""

    @property
    def path(self) -> Path:
        """Whom it reaches, as the guide was when the epoch began."""

    @property
    def epoch_at(self) -> datetime:
        """When the epoch began."""

    @property
    def next_step(self) -> int:
        """The number of the path's step that comes next in this epoch."""

    @property
    def answers_from(self) -> int:
        """The first epoch to whose pages an answer still counts."""

    @property
    def answers_after(self) -> datetime | None:
        """Answers to pages of earlier epochs count only if they were given later."""

    @property
    def waits(self) -> bool:
        """Whether it is open, and somebody is to acknowledge it."""

    def stepped(self, next_step: int) -> Self:
        """The same once every step before `next_step` has been taken."""

    def is_answered_by(self, epoch: int, at: datetime | None) -> bool:
        """Whether an answer that was given at `at` to a page of `epoch` still counts."""


def is_owed(subject: Escalating, epoch: int, *, past_acknowledgement: bool) -> bool:
    """Whether a page of `epoch` that has not been sent yet is still to be sent."""
    if subject.epoch != epoch or not subject.is_open:
        return False
    return past_acknowledgement or subject.waits
