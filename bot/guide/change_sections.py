"""What a guide says of changes: their types with their windows, their phases, and how they are taken back."""

from __future__ import annotations

from datetime import time, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.domain.change_policy import APPROVALS_LAST, WATCHED_FOR, ChangeOpening, Phase
from bot.guide.fields import ClockTime, Duration, Key, Text, Url, Weekdays
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
    opens: ClockTime
    closes: ClockTime

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
    starts: ChangeOpening
    windows: list[WindowPart] = Field(default_factory=list)
    approvals: Annotated[int, Field(strict=True, ge=0, le=10)]

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
    title: Text
    description: Text


class WebhookPart(Part):
    """Something outside that is asked to act."""

    url: Url


class ChangesPart(Part):
    """How changes reach production."""

    types: Annotated[dict[Key, ChangeTypePart], Field(min_length=1)]
    phases: Annotated[list[ChangePhasePart], Field(min_length=1)]
    approvals_last: Duration = APPROVALS_LAST
    watched_for: Duration = WATCHED_FOR
    holidays: OnHolidays = OnHolidays.CLOSED
    webhooks: dict[Key, WebhookPart] = Field(default_factory=dict)


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)
