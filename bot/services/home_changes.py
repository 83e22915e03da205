"""Reads what Home tabs say of changes: the window, and what is changed today. All see the same."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.domain.business_time import instant_of
from bot.domain.change_policy import ChangeOpening
from bot.domain.changes.agenda import begins
from bot.domain.changes.change import Change
from bot.domain.changes.windows import WITHIN, calendar_of, frozen, next_opening, opening_at
from bot.domain.directory import Directory
from bot.domain.face import Face
from bot.domain.home import MOST_CHANGES, HomeChange, HomeChanges
from bot.ports.store import Transaction
from bot.ports.workspace import Workspace

_DAY = timedelta(days=1)


def read_home_changes(
    tx: Transaction, now: datetime, directory: Directory, workspace: Workspace
) -> HomeChanges:
    """The usual type's window, a freeze of everything, and the changes of the guide's day."""
    policy, zone = directory.guide.changes, directory.guide.organization.zone
    kind = policy.usual
    calendar = calendar_of(directory.business, policy, tx.spans.between(now, now + WITHIN))
    everything = tuple(one for one in calendar.spans if one.service is None)
    calendar = calendar_of(directory.business, policy, everything)
    freeze = frozen(calendar, None, now)
    anytime = kind.opening is ChangeOpening.ANYTIME
    opening = opening_at(kind, calendar, None, now) if freeze is None else None
    is_open = opening is not None or (anytime and freeze is None)
    today = now.astimezone(zone).date()
    since, until = (instant_of(zone, day, time()) for day in (today, today + _DAY))
    changes = sorted(tx.changes.between(since, until), key=lambda one: (not one.is_running, begins(one)))
    return HomeChanges(
        kind=kind.title,
        anytime=anytime,
        until=opening.closes if opening is not None else None,
        opens=None if is_open else next_opening(kind, calendar, None, now),
        freeze=f"{freeze.label} {freeze.title}" if freeze is not None else None,
        frozen_until=freeze.ends if freeze is not None else None,
        today=tuple(_change(tx, one, directory, workspace) for one in changes[:MOST_CHANGES]),
        in_all=len(changes),
    )


def _change(tx: Transaction, change: Change, directory: Directory, workspace: Workspace) -> HomeChange:
    service = directory.guide.services.get(change.service or "")
    at = tx.messages.of(change.id, Face.CHANGE)
    return HomeChange(
        label=change.label,
        title=change.title,
        service=service.title if service else change.service or "Platform",
        state=change.state,
        at=begins(change),
        url=workspace.url(at) if at else None,
    )
