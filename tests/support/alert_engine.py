"""Alert groups that a world's bot begins, and what is said of them, without anybody who monitors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.actor import OPSBOT, Actor
from bot.domain.alert import AlertGroup
from bot.ports.store import Transaction
from bot.services.alert_writing import begin_alert
from bot.services.record import Record
from tests.support.builders import an_alert_group
from tests.support.harness import World

Say = Callable[[Record, AlertGroup], AlertGroup]


async def begins(
    world: World, *, page: bool = True, escalate_after: timedelta | None = None, **changes: Any
) -> AlertGroup:
    """A new alert group, as a route of the guide brings it; by default its path is the severity's."""
    now, directory = world.clock.now(), world.bot.directory
    group = an_alert_group(started_at=now, **{"id": f"group-{now:%H%M%S}", "number": 0, **changes})
    wait = escalate_after or directory.path(group.severity).response
    path = directory.alert_path(group.severity, page=page, escalate_after=wait)

    def body(tx: Transaction) -> AlertGroup:
        record = Record(tx=tx, now=now, actor=OPSBOT, directory=directory)
        return begin_alert(record, tx.alert_groups.add(replace(group, path=path, carded_at=now)))

    begun = await world.bot.store.transaction("begin_alert", body)
    await world.settle()
    return begun


async def says(world: World, group: AlertGroup, say: Say, *, by: Actor = OPSBOT) -> AlertGroup:
    """Something is said of a group, and what follows from it happens."""

    def body(tx: Transaction) -> AlertGroup:
        found = tx.alert_groups.by_id(group.id, lock=True)
        assert found is not None
        return say(Record(tx=tx, now=world.clock.now(), actor=by, directory=world.bot.directory), found)

    said = await world.bot.store.transaction("say_alert", body)
    await world.settle()
    return said


async def now_of(world: World, group: AlertGroup) -> AlertGroup:
    """The group as it is now."""
    found = await world.bot.store.read(lambda tx: tx.alert_groups.by_id(group.id))
    assert found is not None
    return found
