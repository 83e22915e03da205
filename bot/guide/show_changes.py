"""What a guide says about changes, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.change_policy import ChangeOpening, ChangeType, Window
from bot.domain.guide import Guide
from bot.domain.text import duration
from bot.guide import words
from bot.guide.layout import NONE, Row


def change_tables(guide: Guide) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    """Titles, heads and rows."""
    policy = guide.changes
    yield (
        "Change windows",
        ("type", "title", "may start", "approvals"),
        (
            (change.key, change.title, _opening(change), str(change.approvals))
            for change in policy.types.values()
        ),
    )
    yield "Changes", ("", ""), _rules(guide)
    yield (
        "Deployment process",
        ("", "phase", ""),
        (
            (str(number), phase.title, phase.description)
            for number, phase in enumerate(policy.phases, start=1)
        ),
    )
    yield "Rollback webhooks", ("webhook", "address", "services"), _webhooks(guide)


def _rules(guide: Guide) -> Iterator[Row]:
    policy = guide.changes
    yield "approvals count", f"for {duration(policy.approvals_last)}"
    yield "what breaks points at a change", f"until {duration(policy.watched_for)} after its end"
    yield "weekly windows on holidays", "open" if policy.on_holidays else "closed"


def _webhooks(guide: Guide) -> Iterator[Row]:
    for hook in guide.changes.webhooks.values():
        services = (one.key for one in guide.services.values() if one.rollback == hook.key)
        yield hook.key, hook.url, ", ".join(services) or NONE


def _opening(change: ChangeType) -> str:
    match change.opening:
        case ChangeOpening.WEEKLY:
            return ", ".join(_window(window) for window in change.windows)
        case ChangeOpening.PLANNED:
            return "in planned maintenance windows"
        case ChangeOpening.ANYTIME:
            return "anytime, with approval" if change.approvals else "anytime"


def _window(window: Window) -> str:
    next_day = " on the next day" if window.closes < window.opens else ""
    return f"{words.WEEKDAYS[window.weekday]} {window.opens:%H:%M}-{window.closes:%H:%M}{next_day}"
