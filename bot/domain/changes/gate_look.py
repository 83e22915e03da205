"""What the gate is asked, what it goes by, and how it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.domain.alert_listing import SignOfLife
from bot.domain.change_policy import ChangePolicy, ChangeType
from bot.domain.changes.change import Change
from bot.domain.changes.gate import BudgetNews, Ground, News, Reason, Weight
from bot.domain.changes.windows import Calendar
from bot.domain.text import clock_time

PLATFORM_TITLE = "the platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAsked:
    """What is to be changed: a service (None: the platform), by a type of change of the guide.

    `change` is the one that it is asked for; None: whichever stands for it. `length` is how long it
    takes, where that is known; a change knows it by itself. With `must_name` none stands for it: a question
    that names no change is denied.
    """

    service: str | None
    kind: str
    change: Change | None = None
    length: timedelta | None = None
    must_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the bot knows by itself.

    `titles` are the services' by key. `obstacles` are the labels of what somebody is called for just now,
    `hidden` what of it is secret, whatever it is about. `monitoring` is when alerts were heard of last, where
    that is watched.
    `promised` are the keys of what has an error budget that can be measured, among those that are asked
    for; `budgets` how they were found last; `measures` says whether anybody measures at all. `others` are
    the changes that are running, `standing` those of that service and type that are not over. `news` is
    when those outside were heard last.
    """

    policy: ChangePolicy
    calendar: Calendar
    titles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    obstacles: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    monitoring: SignOfLife | None = None
    promised: tuple[str, ...] = ()
    budgets: Mapping[str, BudgetNews] = field(default_factory=lambda: MappingProxyType({}))
    measures: bool = True
    others: tuple[Change, ...] = ()
    standing: tuple[Change, ...] = ()
    news: tuple[News, ...] = ()

    def title(self, service: str | None) -> str:
        """How a service is called, or the platform."""
        return PLATFORM_TITLE if service is None else self.titles.get(service, service)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One question, with all that answers it. `change` is the one that is named, or stands for it."""

    asked: GateAsked
    kind: ChangeType
    change: Change | None
    known: Known
    now: datetime

    @property
    def is_running(self) -> bool:
        """Whether it has been let through already."""
        return self.change is not None and self.change.is_running

    @property
    def length(self) -> timedelta | None:
        """How long it takes, where that is known."""
        return self.asked.length if self.change is None else self.change.plan.length

    def clock(self, at: datetime) -> str:
        """An instant in words."""
        return clock_time(at.astimezone(self.known.calendar.zone), self.now)


def denies(ground: Ground, text: str, until: datetime | None = None) -> Reason:
    """What keeps it from being a yes."""
    return Reason(ground=ground, weight=Weight.DENIES, text=text, until=until)


def unknown(ground: Ground, text: str) -> Reason:
    """What nobody knows."""
    return Reason(ground=ground, weight=Weight.UNKNOWN, text=text)


def warns(ground: Ground, text: str, until: datetime | None = None) -> Reason:
    """What is to be thought of."""
    return Reason(ground=ground, weight=Weight.WARNS, text=text, until=until)


def supports(ground: Ground, text: str, until: datetime | None = None) -> Reason:
    """Why it may go on."""
    return Reason(ground=ground, weight=Weight.SUPPORTS, text=text, until=until)
