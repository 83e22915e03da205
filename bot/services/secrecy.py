"""Sees to it that texts of security incidents, alerts and reviews are shown where only their people read."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import Final

from bot.domain.actor import OPSBOT
from bot.domain.checklists.run import Run
from bot.domain.directory import Directory
from bot.domain.subject import Subject
from bot.ports.clock import Clock
from bot.ports.store import Store, StoreUnavailable, Transaction
from bot.ports.workspace import Workspace
from bot.services.faces import faces_of
from bot.services.record import Record

_SHOWN: Final = "secrecy/shown"
"""The fact whether security incidents were last shown with their text in their channel."""
_SEEN: Final = "secrecy/seen"
"""The fact which security incidents' rooms anybody can read, as far as they were shown so."""

_MOST_RUNS = 500
"""Runs that are looked through for those of the security team: of about half a year."""

_log = logging.getLogger(__name__)


class Secrecy:
    """Follows who can read the channel of security incidents."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, workspace: Workspace) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._workspace = workspace
        self._followed: tuple[bool, frozenset[str]] | None = None

    async def follow(self) -> None:
        """Show security incidents anew where it has changed who can read their channel, or their room.

        Those that are open also once after each start: until Slack has been asked, they show no text.
        """
        private = self._workspace.is_private(self._directory.guide.defaults.security)
        try:
            seen = await self._store.read(self._seen)
            if (private, seen) != self._followed:
                body = partial(self._show, private=private, seen=seen)
                await self._store.transaction("follow_secrecy", body)
        except StoreUnavailable as error:
            _log.warning("security incidents cannot be shown anew; trying again: %s", error)
            return
        self._followed = (private, seen)

    def _seen(self, tx: Transaction) -> frozenset[str]:
        """The security incidents whose room anybody can read."""
        rooms = ((one.id, one.room) for one in tx.incidents.security())
        return frozenset(
            incident for incident, room in rooms if room is not None and self._workspace.is_open(room.id)
        )

    def _show(self, tx: Transaction, *, private: bool, seen: frozenset[str]) -> None:
        record = Record(tx=tx, now=self._clock.now(), actor=OPSBOT, directory=self._directory)
        shown, now = tx.facts.get(_SHOWN), "text" if private else "no text"
        before = frozenset((tx.facts.get(_SEEN) or "").split())
        tx.facts.put(_SHOWN, now)
        tx.facts.put(_SEEN, " ".join(sorted(seen)))
        for incident in tx.incidents.security():
            if incident.status.is_open or shown not in {None, now} or incident.id in before ^ seen:
                _show_what_stands(record, incident)
        for group in tx.alert_groups.security():
            if group.is_open or shown not in {None, now}:
                _show_what_stands(record, group)
        for run in _security_runs(tx):
            if run.is_open or shown not in {None, now}:
                _show_what_stands(record, run)


def _security_runs(tx: Transaction) -> Iterable[Run]:
    """Runs whose notes and problems only their channel reads: the open ones, and the newest of the others."""
    known = {run.id: run for run in (*tx.runs.open(), *tx.runs.newest(_MOST_RUNS))}
    return (run for run in known.values() if run.security)


def _show_what_stands(record: Record, subject: Subject) -> None:
    """Owe the edits of what is there: nothing is posted anew for what is over."""
    for face in faces_of(subject, record.directory):
        if record.tx.messages.of(subject.id, face) is not None:
            record.show_face(subject, face, posted=True)
