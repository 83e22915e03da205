"""Use cases that count what alerts cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.errors import InvalidError
from bot.domain.noise import Fired, NoiseReport, noise_report
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace, may_read

LONGEST = timedelta(days=90)
"""How far noise reaches back: alerts that are over are forgotten then."""


class NoiseReader:
    """Counts alerts. Security alerts are named in their own channel only; elsewhere they are counted."""

    def __init__(self, *, store: Store, clock: Clock, workspace: Workspace) -> None:
        self._store = store
        self._clock = clock
        self._workspace = workspace

    async def of(self, length: timedelta, channel: str | None, service: str | None = None) -> NoiseReport:
        """What fired in the last `length`, as it may be told in a channel (Slack's id).

        `service` is a key of the guide's. Raises InvalidError.
        """
        if not timedelta() < length <= LONGEST:
            raise InvalidError(f"Noise is counted for 1 hour to {LONGEST.days} days: `noisy 7d`.")
        now = self._clock.now()

        def hidden(one: Fired) -> bool:
            return not may_read(self._workspace, one, channel)

        def body(tx: Transaction) -> NoiseReport:
            return noise_between(tx, now - length, now, hidden=hidden, service=service)

        return await self._store.read(body)


def noise_between(
    tx: Transaction,
    since: datetime,
    until: datetime,
    *,
    hidden: Callable[[Fired], bool],
    service: str | None = None,
    channel: str | None = None,
) -> NoiseReport:
    """What fired in a span: all of it, or of a service or in a channel (keys of the guide's)."""
    fired = (
        one
        for one in tx.alert_tally.between(since, until)
        if service in {None, one.service} and channel in {None, one.channel}
    )
    return noise_report(fired, since, until, hidden=hidden)
