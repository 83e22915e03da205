"""Learns where the channels are and who the people are, and remembers it for a start without Slack."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
    """Keeps what is known of the workspace fresh; a Slack that is away delays nothing.

    Each part is learned by itself: trouble with one, such as a rate, keeps no other from being fresh. Without
    the first of them nothing works; trouble with another is only something to mend. `then` is done after each
    look.
    """

    def __init__(
        self, *, store: Store, learned: Sequence[Learned], then: Callable[[], Awaitable[None]]
    ) -> None:
        self._store = store
        self._then = then
        self._learned = {one.name: one for one in learned}
        self._first = learned[0].name
        self._troubles = {self._first: "not reached yet"}
        self._told: tuple[str, ...] = ()

    @property
    def trouble(self) -> str | None:
        """Why the first part could not be read the last time; None where it could."""
        return self._troubles.get(self._first)

    @property
    def problems(self) -> tuple[str, ...]:
        """What an operator must mend, a line each."""
        troubles = (text for name, text in self._troubles.items() if name != self._first)
        return (*troubles, *(problem for one in self._learned.values() for problem in one.problems))

    async def recall(self) -> None:
        """Take up what an earlier run has learned."""
        for one in self._learned.values():
            kept = await self._store.read(_kept(one.name))
            if kept is not None:
                one.from_json(kept)

    async def refresh(self, *names: str) -> None:
        """Read the workspace from Slack, or the parts with these names, and remember it."""
        changed: dict[str, str] = {}
        for name in names or tuple(self._learned):
            before = self._learned[name].to_json()
            if await self._learn(name) and (after := self._learned[name].to_json()) != before:
                changed[name] = after
        self._tell_problems()
        if changed:
            await self._remember(changed)
        await self._then()

    async def refresh_if_troubled(self) -> None:
        """Read those parts again that could not be read the last time, or where something was amiss."""
        troubled = [name for name, one in self._learned.items() if name in self._troubles or one.problems]
        if troubled:
            await self.refresh(*troubled)

    async def _learn(self, name: str) -> bool:
        """Read one part; whether Slack let itself be asked."""
        try:
            await self._learned[name].load()
        except DeliveryFailure as failure:
            self._troubles[name] = failure.reason
            _log.warning("%s cannot be read from Slack; trying again: %s", name, failure.reason)
            return False
        self._troubles.pop(name, None)
        return True

    def _tell_problems(self) -> None:
        problems = self.problems
        for problem in problems:
            if problem not in self._told:
                _log.error("Slack: %s", problem)
        self._told = problems

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
