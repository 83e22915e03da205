"""Where runbooks are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.domain.guide import Runbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a runbook says, in Markdown.

    `age` is how long ago that was read where it could not be read again; None for what is as good as new.
    """

    text: str
    age: timedelta | None = None


class Library(Protocol):
    """Has the runbooks' texts. What it gives is bounded in size, and given within six seconds."""

    @property
    def is_there(self) -> bool:
        """Whether the guide says where runbooks are."""

    async def text(self, runbook: Runbook) -> Copy:
        """What it says. Raises DeliveryFailure's subclasses where that cannot be read, nor was lately."""
