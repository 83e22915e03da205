"""Alert groups in a story's bot as whoever takes them in writes them, for what comes after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.domain.actor import OPSBOT
from bot.domain.alert import Alert, AlertGroup
from bot.ports.store import Transaction
from bot.services.record import Record
from tests.support.builders import an_alert, an_alert_group
from tests.support.harness import World


async def has_fired(world: World, *alerts: Alert, **changes: Any) -> AlertGroup:
    """A group fires; by default with one alert. Its card is owed, and nobody is paged."""
    now = world.clock.now()
    given = alerts or (an_alert(starts_at=now, seen_at=now),)
    group = an_alert_group(**{"started_at": now, "carded_at": now, "firing": len(given), **changes})

    def write(record: Record) -> AlertGroup:
        added = record.tx.alert_groups.add(group)
        record.tx.alerts.tell(added.id, given)
        record.show(added, posted=False)
        return added

    return await _written(world, write)


async def has_changed(world: World, group: AlertGroup, alerts: Sequence[Alert] = ()) -> None:
    """News of a group: it is so now."""

    def write(record: Record) -> AlertGroup:
        record.tx.alert_groups.save(group)
        record.tx.alerts.tell(group.id, alerts)
        record.show(group)
        return group

    await _written(world, write)


async def _written(world: World, write: Callable[[Record], AlertGroup]) -> AlertGroup:
    bot, now = world.bot, world.clock.now()

    def body(tx: Transaction) -> AlertGroup:
        return write(Record(tx=tx, now=now, actor=OPSBOT, directory=bot.directory))

    group = await bot.store.transaction("alert", body)
    await world.settle()
    return group
