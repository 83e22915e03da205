"""Learns where the workspace's channels are, and remembers it for a start without Slack."""

from __future__ import annotations

import logging
from typing import Protocol

from bot.ports.failures import DeliveryFailure
from bot.ports.store import Store, StoreUnavailable, Transaction

_FACT = "slack/workspace"

_log = logging.getLogger(__name__)


class LoadableWorkspace(Protocol):
    """A workspace that can be read from Slack, and kept as text in between.

    `problems` are what the last `load` found amiss, a line each for an operator.
    """

    @property
    def problems(self) -> tuple[str, ...]: ...  # noqa: D102

    async def load(self) -> None:
        """Read it from Slack. Raises DeliveryFailure's subclasses."""

    def to_json(self) -> str:
        """What is known, as text."""

    def from_json(self, text: str) -> None:
        """Take up what `to_json` wrote."""


class WorkspaceWatch:
    """Keeps the workspace's ids fresh; a Slack that is away delays nothing."""

    def __init__(self, *, store: Store, workspace: LoadableWorkspace) -> None:
        self._store = store
        self._workspace = workspace
        self._told: tuple[str, ...] = ()
        self.trouble: str | None = "not reached yet"

    async def recall(self) -> None:
        """Take up what an earlier run has learned."""
        kept = await self._store.read(lambda tx: tx.facts.get(_FACT))
        if kept is not None:
            self._workspace.from_json(kept)

    async def refresh(self) -> None:
        """Read the workspace from Slack, and remember it."""
        before = self._workspace.to_json()
        try:
            await self._workspace.load()
        except DeliveryFailure as failure:
            self.trouble = failure.reason
            _log.warning("Slack cannot be reached; trying again: %s", failure.reason)
            return
        self._tell_problems()
        self.trouble = None
        after = self._workspace.to_json()
        if after != before:
            await self._remember(after)

    async def refresh_if_troubled(self) -> None:
        """Read it again where the last time failed, or found something amiss."""
        if self.trouble is not None or self._workspace.problems:
            await self.refresh()

    @property
    def problems(self) -> tuple[str, ...]:
        """What an operator must mend, a line each."""
        return self._workspace.problems

    def _tell_problems(self) -> None:
        for problem in self._workspace.problems:
            if problem not in self._told:
                _log.error("Slack: %s", problem)
        self._told = self._workspace.problems

    async def _remember(self, text: str) -> None:
        def body(tx: Transaction) -> None:
            tx.facts.put(_FACT, text)

        try:
            await self._store.transaction("remember_workspace", body)
        except StoreUnavailable as error:
            _log.warning("the workspace's channels cannot be remembered: %s", error)
