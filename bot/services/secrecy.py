"""Sees to it that security incidents show their text where only their people read, and nowhere else."""

from __future__ import annotations

import logging
from typing import Final

from bot.domain.actor import OPSBOT
from bot.domain.directory import Directory
from bot.domain.incident import Incident
from bot.ports.clock import Clock
from bot.ports.store import Store, StoreUnavailable, Transaction
from bot.ports.workspace import Workspace
from bot.services.faces import faces_of
from bot.services.record import Record

_SHOWN: Final = "secrecy/shown"
"""The fact whether security incidents were last shown with their text."""

_log = logging.getLogger(__name__)


class Secrecy:
    """Follows who can read the channel of security incidents."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, workspace: Workspace) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._workspace = workspace
        self._followed: bool | None = None

    async def follow(self) -> None:
        """Show security incidents anew where it has changed whether their channel is known to be private.

        Those that are open also once after each start: until Slack has been asked, they show no text.
        """
        private = self._workspace.is_private(self._directory.guide.defaults.security)
        if private == self._followed:
            return
        try:
            await self._store.transaction("follow_secrecy", lambda tx: self._show(tx, private=private))
        except StoreUnavailable as error:
            _log.warning("security incidents cannot be shown anew; trying again: %s", error)
            return
        self._followed = private

    def _show(self, tx: Transaction, *, private: bool) -> None:
        word = "text" if private else "no text"
        before = tx.facts.get(_SHOWN)
        record = Record(tx=tx, now=self._clock.now(), actor=OPSBOT, directory=self._directory)
        for incident in tx.incidents.security():
            if incident.status.is_open or (before is not None and before != word):
                _show_what_stands(record, incident)
        if before != word:
            tx.facts.put(_SHOWN, word)


def _show_what_stands(record: Record, incident: Incident) -> None:
    """Owe the edits of what is there: nothing is posted anew for an incident that is over."""
    for face in faces_of(incident, record.directory):
        if record.tx.messages.of(incident.id, face) is not None:
            record.show_face(incident, face, posted=True)
