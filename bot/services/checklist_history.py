"""Use cases that look back at runs of checklists."""

from __future__ import annotations

from bot.domain.checklists.past import PastRun, people_of
from bot.domain.checklists.run import Run
from bot.domain.directory import Directory
from bot.domain.face import Face
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace, may_read

MOST = 25
"""Runs that one answer lists."""


class ChecklistHistory:
    """Lists runs, open or over. Who took part in those of a secret channel is told only there."""

    def __init__(self, *, store: Store, directory: Directory, workspace: Workspace) -> None:
        self._store = store
        self._directory = directory
        self._workspace = workspace

    async def newest(
        self, checklist: str | None = None, *, channel: str | None = None
    ) -> tuple[tuple[PastRun, ...], bool]:
        """The newest runs, of all or of one checklist, and whether there are more.

        `channel` is Slack's id of where they are told.
        """

        def body(tx: Transaction) -> tuple[tuple[PastRun, ...], bool]:
            found = tx.runs.newest(MOST + 1, checklist=checklist)
            return tuple(self._past(tx, run, channel) for run in found[:MOST]), len(found) > MOST

        return await self._store.read(body)

    def _past(self, tx: Transaction, run: Run, channel: str | None) -> PastRun:
        at = tx.messages.of(run.id, Face.RUN)
        readable = may_read(self._workspace, run, channel)
        return PastRun(
            run=run,
            title=self._directory.called(run),
            names=people_of(run) if readable else (),
            asked_by=run.asked_by.name if readable and run.asked_by else None,
            url=self._workspace.url(at) if at is not None else None,
        )
