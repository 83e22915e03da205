"""How the bot itself is doing: is it alive, is it ready, and what it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.delivery import DeliveryKind
from bot.ports.clock import Clock
from bot.ports.meter import Backlog, Figures, Meter
from bot.ports.store import Store, StoreUnavailable, Transaction
from bot.services.workspace import WorkspaceWatch

METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""What `Health.metrics` answers with."""

MOST_SKEW = timedelta(seconds=5)
"""How far the clocks of bot and database may be apart."""

ALIVE_WITHIN = timedelta(seconds=15)
"""The timers' tick is at most this old in a bot that is alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that the bot needs, and how it is."""

    name: str
    ok: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether requests can be served, and why not."""

    parts: tuple[Part, ...]

    @property
    def ready(self) -> bool:
        """Whether every part is well."""
        return all(part.ok for part in self.parts)


@dataclass(slots=True)
class Heart:
    """The last beat of the timers' loop, in real time; and whether the process is on its way out."""

    monotonic: Callable[[], float]
    beat_at: float = field(init=False)
    is_stopping: bool = False

    def __post_init__(self) -> None:
        self.beat()

    def beat(self) -> None:
        """Note that the loop has just gone round."""
        self.beat_at = self.monotonic()

    @property
    def age(self) -> float:
        """Seconds since the last beat."""
        return self.monotonic() - self.beat_at


class WatchedStore(Store, Protocol):
    """A store that can be asked how it is."""

    async def check(self) -> None:
        """Raise StoreUnavailable unless the database answers and its schema fits."""

    async def skew(self) -> timedelta:
        """How far the database's clock is ahead of ours. Raises StoreUnavailable."""


class Health:
    """Answers the health checks and the metrics."""

    def __init__(
        self,
        *,
        store: WatchedStore,
        clock: Clock,
        heart: Heart,
        meter: Meter,
        slack: WorkspaceWatch,
    ) -> None:
        self._store = store
        self._clock = clock
        self._heart = heart
        self._meter = meter
        self._slack = slack

    def is_alive(self) -> bool:
        """Whether the timers' loop still goes round; not whether the database answers."""
        return self._heart.age < ALIVE_WITHIN.total_seconds()

    async def readiness(self) -> Readiness:
        """Database, Slack, and whether the bot is stopping."""
        database = await self._database()
        trouble = self._slack.trouble
        problems = " ".join(self._slack.problems)
        return Readiness(
            parts=(
                database,
                *([await self._clocks()] if database.ok else []),
                Part(name="slack", ok=trouble is None, text=trouble or problems or "reached"),
                Part(
                    name="process",
                    ok=not self._heart.is_stopping,
                    text="stopping" if self._heart.is_stopping else "running",
                ),
            )
        )

    async def metrics(self) -> bytes:
        """What is counted now, in Prometheus' text format. Raises StoreUnavailable."""
        return self._meter.expose(await self.figures())

    async def figures(self) -> Figures:
        """What is counted now. Raises StoreUnavailable."""
        now = self._clock.now()

        def body(tx: Transaction) -> Figures:
            soonest = tx.timers.soonest()
            return Figures(
                incidents=tx.incidents.counts(),
                alert_groups=tx.alert_groups.counts(),
                calls=len(tx.calls.waiting()),
                backlog=tuple(_backlog(now, *row) for row in tx.outbox.backlog()),
                overdue_seconds=max(0.0, (now - soonest).total_seconds()) if soonest else 0.0,
                tick_age_seconds=self._heart.age,
            )

        return await self._store.read(body)

    async def _database(self) -> Part:
        try:
            await self._store.check()
        except StoreUnavailable as error:
            return Part(name="database", ok=False, text=str(error))
        return Part(name="database", ok=True, text="answers")

    async def _clocks(self) -> Part:
        """Timers follow this machine's clock; the database's only tells whether that one can be right."""
        try:
            skew = await self._store.skew()
        except StoreUnavailable as error:
            return Part(name="clock", ok=False, text=str(error))
        apart = abs(skew.total_seconds())
        return Part(
            name="clock",
            ok=skew <= MOST_SKEW and -skew <= MOST_SKEW,
            text=f"{apart:.1f} s apart from the database's",
        )


def _backlog(now: datetime, kind: str, count: int, oldest: datetime | None) -> Backlog:
    age = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    return Backlog(kind=DeliveryKind(kind), count=count, oldest_seconds=age)
