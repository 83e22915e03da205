"""What is to be done: deadlines, and what is owed to the outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.delivery import Delivery, Recipient
from bot.domain.timer import Timer, TimerKind


class Timers(Protocol):
    """Deadlines, fired in the order in which they are due. Rows vanish when they fire or are stopped."""

    def set(self, timer: Timer) -> None:
        """Insert it; a timer with the same key stays as it is."""

    def urge(self, timer: Timer) -> None:
        """Insert it; one with the same key comes no later, and fires only once this transaction has ended.

        So whoever fires it sees what is written here, which `set` does not promise.
        """

    def stop(self, subject: str, kind: TimerKind) -> None:
        """Remove all timers of one kind of a subject."""

    def remove(self, keys: Sequence[str]) -> None:
        """Remove timers that have fired."""

    def due(self, now: datetime, limit: int) -> tuple[Timer, ...]:
        """What is due at `now`, oldest first, without locking; kinds that this code knows only."""

    def of(self, subject: str, kind: TimerKind) -> tuple[Timer, ...]:
        """A subject's timers of one kind, in the order of their due times."""

    def kinds_due(self, subject: str, now: datetime) -> frozenset[TimerKind]:
        """Of which kinds, known here, a subject has timers that are due at `now`."""

    def soonest(self) -> datetime | None:
        """When the next timer of all kinds known here is due."""


class Outbox(Protocol):
    """What is owed to the outside. Rows vanish when they are settled; refused ones stay as dead letters."""

    def owe(self, delivery: Delivery) -> None:
        """Insert it; one with the same key that still waits stays as it is."""

    def owe_again(self, delivery: Delivery) -> None:
        """Insert it, or raise the revision of the one with the same key, so that it goes (again)."""

    def ready(self, recipient: Recipient, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Lock what may go now, by priority, then age; rows that another transaction holds are skipped.

        That is: waiting or with an expired lease (then `uncertain`), its time has come, no earlier one of
        its order key is unsettled, and its lane and method are free. Times that only a clock which has
        been set back since can have written hold nothing up: a lease, a lane's or a wait's end more than
        LONGEST_SHUT ahead, an untried row that was owed later than `now`. Kinds that this code does not
        know are left to the replicas that do.
        """

    def lease(self, keys: Sequence[str], token: str, until: datetime) -> None:
        """Mark rows from `ready` as being sent, and count the try."""

    def settle(self, delivery: Delivery, token: str) -> bool:
        """Remove a delivery that was carried out; one owed again meanwhile waits for its next turn.

        False where the lease is no longer `token`'s: another dispatcher has it.
        """

    def postpone(self, delivery: Delivery, token: str, until: datetime, *, uncertain: bool, why: str) -> bool:
        """Give the lease back: not before `until`."""

    def bury(self, delivery: Delivery, token: str, why: str) -> bool:
        """Keep it as a dead letter."""

    def drop(self, keys: Sequence[str]) -> None:
        """Remove what is no longer owed."""

    def drop_waiting_pages(self, subject: str) -> tuple[str, ...]:
        """Remove a subject's pages that wait, tried or not. Returns their keys."""

    def release(self) -> int:
        """Give back all leases of dead owners (SQLite at start-up). Returns how many."""

    def backlog(self) -> tuple[tuple[str, int, datetime | None], ...]:
        """(kind, count, oldest `created_at`) of what waits or is being sent, of the kinds known here."""

    def soonest(self, recipient: Recipient) -> datetime | None:
        """When the first of what waits, or hangs in a lease, may be tried, whatever its lane says."""


class Lanes(Protocol):
    """When each lane of `bot.domain.delivery.pace` takes its next call."""

    def lock(self, lanes: Sequence[str]) -> dict[str, datetime | None]:
        """Lock lanes (in the order of their names) and read when each is free; None for a new one."""

    def free_at(self, lane: str, at: datetime) -> None:
        """Write when a lane is free again."""

    def block(self, lane: str, until: datetime) -> None:
        """Keep a lane shut until `until`, or longer where it is shut longer already.

        `until` is at most LONGEST_SHUT from now: one that is further ahead counts for nothing.
        """
