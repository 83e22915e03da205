"""The guide's types of changes in words: when they may start, and what they need."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.change_policy import ChangeOpening, ChangeType, Window
from bot.domain.text import DAYS


def needs_words(kind: ChangeType) -> str:
    """`1 approval`, `2 approvals`, `no approval`."""
    return f"{kind.approvals or 'no'} approval{'s' if kind.approvals > 1 else ''}"


def opening_words(kind: ChangeType) -> str:
    """`Tue, Thu 14:00-16:00`; for the others in words."""
    match kind.opening:
        case ChangeOpening.WEEKLY:
            return _weekly(kind.windows) or "never: the guide has no window of it"
        case ChangeOpening.PLANNED:
            return "in maintenance windows on the calendar"
        case ChangeOpening.ANYTIME:
            return "at any time"


def type_words(kind: ChangeType) -> str:
    """`Tue, Thu 14:00-16:00; 1 approval`."""
    return f"{opening_words(kind)}; {needs_words(kind)}"


def _weekly(windows: Iterable[Window]) -> str:
    """Days of the same times together, in the order of the guide."""
    days: dict[str, list[str]] = {}
    for window in windows:
        times = f"{window.opens:%H:%M}\u2013{window.closes:%H:%M}"
        days.setdefault(times, []).append(DAYS[window.weekday])
    return "; ".join(f"{', '.join(of)} {times}" for times, of in days.items())
