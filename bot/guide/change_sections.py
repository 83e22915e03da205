"""What a guide says of changes: their types with their windows, their phases, and how they are taken back."""

from __future__ import annotations

from datetime import time, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.domain.change_policy import APPROVALS_LAST, WATCHED_FOR, ChangeOpening, Phase
from bot.guide.fields import ApprovalsLast, ClockTime, Key, Text, Url, WatchedFor, Weekdays
from bot.guide.part import Part

_LONGEST_OVER_MIDNIGHT = timedelta(hours=12)
"""Windows that close before they open close on the next day; what is longer is rather a slip."""


class OnHolidays(StrEnum):
    """What public holidays make of weekly windows."""

    CLOSED = "closed"
    OPEN = "open"


class WindowPart(Part):
    """A weekly window, on one or several days. One that closes before it opens closes the next day."""

    days: Weekdays
    """On which weekdays it opens."""
    opens: ClockTime
    """When it opens."""
    closes: ClockTime
    """When it closes; before `opens`, that is on the next day."""

    @model_validator(mode="after")
    def _opens(self) -> Self:
        if self.opens == self.closes:
            hours = f"opens {self.opens:%H:%M}, closes {self.closes:%H:%M}"
            raise ValueError(f"this window never opens: {hours}. A whole day: two windows of half a day")
        length = _since_midnight(self.closes) - _since_midnight(self.opens)
        if timedelta() > length > -_LONGEST_OVER_MIDNIGHT:
            hours = f"opens {self.opens:%H:%M}, closes {self.closes:%H:%M} on the next day"
            raise ValueError(f"this window is open all night and most of the day: {hours}")
        return self


class ChangeTypePart(Part):
    """A type of change."""

    title: Text
    """What it is called."""
    starts: ChangeOpening
    """When one may start: in weekly windows, in windows that leads put on the calendar, or at any time."""
    windows: list[WindowPart] = Field(default_factory=list)
    """The weekly windows."""
    approvals: Annotated[int, Field(strict=True, ge=0, le=10)]
    """How many approvers have to be for it; 0 to 10."""

    @model_validator(mode="after")
    def _windows(self) -> Self:
        weekly = self.starts is ChangeOpening.WEEKLY
        if weekly and not self.windows:
            raise ValueError("it starts in weekly windows, but has none: its window never opens")
        if self.windows and not weekly:
            raise ValueError(f'"windows" mean nothing where it starts "{self.starts}": write "weekly"')
        return self


class ChangePhasePart(Part):
    """How a phase of a change's life is called, and what is done in it."""

    key: Phase
    """Which phase it is; each once, in this order."""
    title: Text
    """What it is called."""
    description: Text
    """What is done in it."""


class WebhookPart(Part):
    """Something outside that is asked to act."""

    url: Url
    """Where it is asked, by a signed POST; the secret is in OPSBOT_WEBHOOK_SECRET_<KEY>."""


class ChangesPart(Part):
    """How changes reach production."""

    types: Annotated[dict[Key, ChangeTypePart], Field(min_length=1)]
    """The types of changes; the first one is meant where none is named."""
    phases: Annotated[list[ChangePhasePart], Field(min_length=1)]
    """The five phases of a change."""
    approvals_last: ApprovalsLast = APPROVALS_LAST
    """How long an approval counts."""
    watched_for: WatchedFor = WATCHED_FOR
    """How long after a change's end what breaks points at it, and it may still be rolled back."""
    holidays: OnHolidays = OnHolidays.CLOSED
    """Whether weekly windows open on public holidays."""
    webhooks: dict[Key, WebhookPart] = Field(default_factory=dict)
    """What outside is asked to take a change back, by its key; services name it as `rollback`."""


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)
