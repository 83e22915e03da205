"""How a change's plan lies to windows and freezes."""

from __future__ import annotations

from datetime import datetime

from bot.domain.change_policy import ChangeOpening
from bot.domain.changes.change import Plan
from bot.domain.changes.windows import WITHIN, Calendar, calendar_of, frozen, next_opening, opening_at
from bot.domain.directory import Directory
from bot.domain.text import clock_time
from bot.ports.store import Transaction


def read_calendar(tx: Transaction, directory: Directory, at: datetime) -> Calendar:
    """Windows and freezes from an instant on, as far as anybody looks ahead."""
    spans = tx.spans.between(at, at + WITHIN)
    return calendar_of(directory.business, directory.guide.changes, spans)


def opens_next(
    tx: Transaction, directory: Directory, kind: str, service: str | None, now: datetime
) -> datetime | None:
    """When a change of that type may start next (keys of the guide). None where nothing says when."""
    of = directory.guide.changes.types.get(kind)
    return next_opening(of, read_calendar(tx, directory, now), service, now) if of else None


def closes_at(tx: Transaction, directory: Directory, plan: Plan, at: datetime) -> datetime | None:
    """When the window closes that is open for it then. None where none is, or it may run at any time."""
    kind = directory.guide.changes.types.get(plan.kind)
    opening = opening_at(kind, read_calendar(tx, directory, at), plan.service, at) if kind else None
    return opening.closes if opening else None


def is_in_window(tx: Transaction, directory: Directory, plan: Plan, now: datetime) -> bool | None:
    """Whether its planned start lies in a window and in no freeze. None where it may start at any time.

    What was planned for earlier would start now: what the gate says then counts.
    """
    kind = directory.guide.changes.types.get(plan.kind)
    if kind is None or kind.opening is ChangeOpening.ANYTIME:
        return None
    at = max(plan.starts, now)
    calendar = read_calendar(tx, directory, at)
    is_open = opening_at(kind, calendar, plan.service, at) is not None
    return is_open and frozen(calendar, plan.service, at) is None


def warning(tx: Transaction, directory: Directory, plan: Plan, now: datetime) -> str | None:
    """What of its start or its length does not fit, as a sentence; None where all does."""
    kind = directory.guide.changes.types.get(plan.kind)
    if kind is None or kind.is_emergency:
        return None
    calendar = read_calendar(tx, directory, plan.starts)
    freeze = frozen(calendar, plan.service, plan.starts)
    opening = opening_at(kind, calendar, plan.service, plan.starts)

    def clock(at: datetime) -> str:
        return clock_time(at.astimezone(calendar.zone), now.astimezone(calendar.zone))

    if opening is not None and freeze is None:
        if plan.ends <= opening.closes:
            return None
        return f"The window closes at {clock(opening.closes)}, before it is to be over."
    comes = next_opening(kind, calendar, plan.service, plan.starts)
    nearest = f"the next opening is {clock(comes)}" if comes else "nothing is on the calendar yet"
    if freeze is not None:
        return f"It starts in freeze {freeze.label}, which lasts until {clock(freeze.ends)}: {nearest}."
    return f"It starts outside the window: {nearest}."
