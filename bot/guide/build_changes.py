"""From the guide's section on changes to values."""

from __future__ import annotations

from bot.domain.change_policy import ChangePhase, ChangePolicy, ChangeType, Webhook, Window
from bot.guide.change_sections import ChangesPart, ChangeTypePart, OnHolidays
from bot.guide.keyed import by_key


def change_policy(part: ChangesPart) -> ChangePolicy:
    """The policy. `part` has passed the lint: it has each phase once."""
    return ChangePolicy(
        types=by_key(part.types, _change_type),
        phases=tuple(
            ChangePhase(phase=phase.key, title=phase.title, description=phase.description)
            for phase in part.phases
        ),
        approvals_last=part.approvals_last,
        watched_for=part.watched_for,
        on_holidays=part.holidays is OnHolidays.OPEN,
        webhooks=by_key(part.webhooks, lambda key, hook: Webhook(key=key, url=hook.url)),
    )


def _change_type(key: str, part: ChangeTypePart) -> ChangeType:
    windows = (
        Window(weekday=weekday, opens=window.opens, closes=window.closes)
        for window in part.windows
        for weekday in window.days
    )
    ordered = sorted(windows, key=lambda window: (window.weekday, window.opens))
    return ChangeType(
        key=key, title=part.title, opening=part.starts, windows=tuple(ordered), approvals=part.approvals
    )
