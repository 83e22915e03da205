"""What a call's card shows: everything it needs, read in one go, so that views only lay it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.call import Call
from bot.domain.card import NextStep
from bot.domain.page import PageRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCard:
    """One call as its card shows it. `team` is a title, for lines that name who owns something."""

    call: Call
    team: str
    pages: tuple[PageRecord, ...] = ()
    next_step: NextStep | None = None
    confirmable: bool = True

    @property
    def subject(self) -> Call:
        """What it shows."""
        return self.call

    @property
    def since(self) -> datetime:
        """The earliest instant at which its message can have been posted."""
        return self.call.called_at
