"""Looks what breaks while production is being changed, and soon after: it points at the change.

Nothing of it is done where something is declared or comes in: whoever pages is not kept waiting for it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from bot.domain.actor import OPSBOT
from bot.domain.alert import AlertGroup, AlertState
from bot.domain.changes.change import Change
from bot.domain.changes.near import may_come_of, near, pointed_at, suspected
from bot.domain.directory import Directory
from bot.domain.incident import Incident
from bot.ports.clock import Clock
from bot.ports.store import Store, StoreUnavailable, Transaction
from bot.services.linked_changes import Broken, began_at, title_of_service
from bot.services.record import Record
from bot.services.slo_surroundings import GRAVE

MOST_TOLD: Final = 5
"""Of what points at one change, so many are told; the card has the others, too."""

Pair = tuple[str, str]
"""The ids of a change, and of what may come of it."""

_log = logging.getLogger(__name__)


class ChangeWatch:
    """Looks, as is done every few seconds. Each that points at a change is noted once, whoever looks."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory

    async def look(self) -> int:
        """Look once. How many were found that point at a change. Raises StoreUnavailable."""
        found = 0
        for pair in await self._store.read(self._pairs):
            try:
                found += await self._store.transaction("suspect", partial(self._note, pair=pair))
            except StoreUnavailable:
                raise
            except Exception:  # noqa: BLE001 - trouble with one must not hide the others
                _log.exception("a change is not told of what broke", extra={"change": pair[0]})
        return found

    def _pairs(self, tx: Transaction) -> list[Pair]:
        """What is not noted yet, the oldest first."""
        changes = tx.changes.watched(self._clock.now() - self._directory.guide.changes.watched_for)
        if not changes:
            return []
        broken = sorted(_broken(tx, changes), key=began_at)
        return [
            (change.id, one.id)
            for change in changes
            for known in [set(tx.changes.suspects(change.id))]
            for one in broken
            if one.id not in known and self._may_come_of(change, one)
        ]

    def _note(self, tx: Transaction, *, pair: Pair) -> bool:
        """Write it down on both, once. What broke is locked before the change, as everywhere."""
        change_id, subject_id = pair
        record = Record(tx=tx, now=self._clock.now(), actor=OPSBOT, directory=self._directory)
        subject = tx.incidents.by_id(subject_id, lock=True) or tx.alert_groups.by_id(subject_id, lock=True)
        change = tx.changes.by_id(change_id, lock=True)
        if subject is None or change is None or not self._may_come_of(change, subject):
            return False
        told = _is_told(tx, change, subject)
        if not _counts(subject) or not tx.changes.suspect(change.id, subject.id, record.now):
            return False
        how = near(change, began_at(subject))
        assert how is not None, "it began after the change"
        record.tell(change, suspected(change, subject.label, subject.public_title, how, told=told))
        record.tell(subject, pointed_at(change, title_of_service(change.service, record.directory), how))
        record.show(change)
        record.show(subject)
        return True

    def _may_come_of(self, change: Change, subject: Broken) -> bool:
        watched_for = self._directory.guide.changes.watched_for
        return may_come_of(change, began_at(subject), subject.service, watched_for)


def _broken(tx: Transaction, changes: tuple[Change, ...]) -> Iterator[Broken]:
    """What has begun since the first of the changes was started, and is grave."""
    since = min(one.started for one in changes if one.started is not None)
    for fresh in tx.incidents.fresh(since, security=False, drill=False):
        incident = tx.incidents.by_id(fresh.id) if fresh.severity in GRAVE else None
        if incident is not None:
            yield incident
    yield from (group for group in tx.alert_groups.firing() if _begins(group, since) and _counts(group))


def _begins(group: AlertGroup, since: datetime) -> bool:
    return group.started_at >= since


def _counts(subject: Broken) -> bool:
    """Whether it is grave, and for everybody to know. A storm stands for what belongs to it."""
    if subject.security or not subject.is_open:
        return False
    if isinstance(subject, Incident):
        return subject.severity in GRAVE and not subject.drill
    pages = subject.path.pages and subject.path.at_once
    return (pages or subject.severity in GRAVE) and _is_by_itself(subject)


def _is_by_itself(group: AlertGroup) -> bool:
    """What is an incident's, or a storm's, is told of with that; what is silenced is known."""
    return group.incident is None and group.storm is None and group.state is not AlertState.SILENCED


def _is_told(tx: Transaction, change: Change, subject: Broken) -> bool:
    """Not where people were told of it already, as an alert that has become this incident."""
    known = tx.changes.suspects(change.id)
    groups = (tx.alert_groups.by_id(one) for one in known)
    return len(known) < MOST_TOLD and all(one is None or one.incident != subject.id for one in groups)
