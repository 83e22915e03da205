"""A severity's path as it stood when an incident's epoch began: who is reached, and when.

An incident keeps this snapshot, so that an edit of the guide changes nothing that already runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class BusinessTime(Protocol):
    """What paths and schedules need to know of the organisation's working time. Aware UTC instants."""

    @property
    def zone(self) -> ZoneInfo:
        """Where its clocks stand."""

    @property
    def is_holiday(self) -> Callable[[date], bool]:
        """Says of a local date whether it is a public holiday."""

    def is_business_day(self, day: date) -> bool:
        """Whether the organisation works on the local date `day`."""

    def next_business_day_opening(self, after: datetime) -> datetime:
        """When the first business day after `after`'s local date opens."""

    def next_closing(self, after: datetime) -> datetime:
        """When the next business day closes, strictly after `after`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One tier of a path: its key in the guide and the title that people read."""

    tier: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Whom to reach, first to last, and how long each has to acknowledge.

    `response` is None where the severity waits for business time. A path that does not page only
    mentions the owning team in Slack. Steps are numbered from 0 and count on through repeats.
    `at_once`: step 0 is taken when an epoch begins, else one response time later. `escalates`: further steps
    come by themselves. A path that does neither is there for people who ask for its steps.
    """

    rungs: tuple[Rung, ...]
    response: timedelta | None
    pages: bool
    repeats: bool
    at_once: bool = True
    escalates: bool = True

    @property
    def reaches(self) -> bool:
        """Whether it reaches anybody by itself."""
        return self.at_once or self.escalates

    def rung(self, step: int) -> Rung:
        """Who is reached at `step`; steps past the end repeat the last rung."""
        return self.rungs[min(step, len(self.rungs) - 1)]

    @property
    def length(self) -> int:
        """The number of steps before the first repeat."""
        return len(self.rungs) if self.pages else 1

    def is_repeat(self, step: int) -> bool:
        """Whether `step` only says again what an earlier step has said."""
        return step >= self.length

    def after(self, due: datetime, business: BusinessTime) -> datetime:
        """When the step after one that was due at `due` is due."""
        return self._following(business)(due)

    def after_missed(self, due: datetime, now: datetime, business: BusinessTime) -> datetime:
        """When the first repeat after `now` is due, on the rhythm that a repeat due at `due` keeps."""
        if self.response is not None:
            missed = max(0, (now - due) // self.response)
            return due + (missed + 1) * self.response
        return self._following(business)(max(due, now))

    def start(self, now: datetime, business: BusinessTime) -> datetime:
        """When step 0 is due: now or one response time later, or when the next business day opens."""
        if self.response is None:
            return business.next_business_day_opening(now)
        return now if self.at_once else now + self.response

    def wait(self, now: datetime, business: BusinessTime) -> datetime:
        """When somebody who has the incident from `now` on must have acknowledged."""
        return now + self.response if self.response is not None else self.start(now, business)

    def _following(self, business: BusinessTime) -> Callable[[datetime], datetime]:
        response = self.response
        return business.next_closing if response is None else lambda due: due + response
