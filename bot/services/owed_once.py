"""What is owed each time that its instant comes: once, however many replicas look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """That its instant has come: what was owed `last`, what is now, and the instant at which that is seen."""

    last: datetime
    at: datetime
    now: datetime


class OwedOnce:
    """That it is owed, and until when, is one commit, in which a fact is swapped: who is second owes nothing.

    `name` is that of its transactions. `fact` says up to which instant it has been owed, `due` which is the
    newest instant that has come, if any.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        name: str,
        fact: str,
        due: Callable[[datetime], datetime | None],
        owe: Callable[[Transaction, Due], int],
    ) -> None:
        self._store = store
        self._clock = clock
        self._name = name
        self._fact = fact
        self._due = due
        self._owe = owe

    async def look(self) -> int:
        """Look once. How many deliveries are owed. The first look ever only begins to count.

        Raises StoreUnavailable.
        """
        now = self._clock.now()
        last = await self._store.read(lambda tx: tx.facts.get(self._fact))
        if last is None:
            await self._store.transaction(
                f"begin_{self._name}", lambda tx: tx.facts.swap(self._fact, None, said(now))
            )
            return 0
        due = self._due(now)
        if due is None or due <= heard(last):
            return 0

        def body(tx: Transaction) -> int:
            if not tx.facts.swap(self._fact, last, said(due)):
                return 0  # another replica was faster
            return self._owe(tx, Due(last=heard(last), at=due, now=now))

        return await self._store.transaction(f"owe_{self._name}", body)


def said(at: datetime) -> str:
    """An instant as facts and deliveries keep it."""
    return at.isoformat()


def heard(kept: str) -> datetime:
    """An instant that was kept so."""
    return datetime.fromisoformat(kept)
