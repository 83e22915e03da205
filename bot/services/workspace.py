"""Learns where the channels are and who the people are, and remembers it for a start without Slack."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bot.ports.failures import DeliveryFailure
from bot.ports.store import Store, StoreUnavailable, Transaction

_log = logging.getLogger(__name__)


class Learned(Protocol):
    """Something of the workspace that is read from Slack, and kept as text in between.

    `name` is what it is kept under; `problems` are what the last `load` found amiss, a line each for an
    operator.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def problems(self) -> tuple[str, ...]: ...  # noqa: D102

    async def load(self) -> None:
        """Read it from Slack. Raises DeliveryFailure's subclasses."""

    def to_json(self) -> str:
        """What is known, as text."""

    def from_json(self, text: str) -> None:
        """Take up what `to_json` wrote."""


class WorkspaceWatch:
    """Keeps what is known of the workspace fresh; a Slack that is away delays nothing."""

    def __init__(self, *, store: Store, learned: Sequence[Learned]) -> None:
        self._store = store
        self._learned = tuple(learned)
        self._told: tuple[str, ...] = ()
        self.trouble: str | None = "not reached yet"

    async def recall(self) -> None:
        """Take up what an earlier run has learned."""
        for one in self._learned:
            kept = await self._store.read(_kept(one.name))
            if kept is not None:
                one.from_json(kept)

    async def refresh(self, *names: str) -> None:
        """Read the workspace from Slack, or those parts of it, and remember it."""
        wanted = [one for one in self._learned if not names or one.name in names]
        before = {one.name: one.to_json() for one in wanted}
        try:
            for one in wanted:
                await one.load()
        except DeliveryFailure as failure:
            self.trouble = failure.reason
            _log.warning("Slack cannot be reached; trying again: %s", failure.reason)
            return
        self._tell_problems()
        self.trouble = None
        after = {one.name: one.to_json() for one in wanted}
        changed = {name: text for name, text in after.items() if text != before[name]}
        if changed:
            await self._remember(changed)

    async def refresh_if_troubled(self) -> None:
        """Read it again where the last time failed, or found something amiss."""
        if self.trouble is not None or self.problems:
            await self.refresh()

    @property
    def problems(self) -> tuple[str, ...]:
        """What an operator must mend, a line each."""
        return tuple(problem for one in self._learned for problem in one.problems)

    def _tell_problems(self) -> None:
        for problem in self.problems:
            if problem not in self._told:
                _log.error("Slack: %s", problem)
        self._told = self.problems

    async def _remember(self, texts: Mapping[str, str]) -> None:
        def body(tx: Transaction) -> None:
            for name, text in texts.items():
                tx.facts.put(name, text)

        try:
            await self._store.transaction("remember_workspace", body)
        except StoreUnavailable as error:
            _log.warning("what Slack told cannot be remembered: %s", error)


def _kept(name: str) -> Callable[[Transaction], str | None]:
    return lambda tx: tx.facts.get(name)
