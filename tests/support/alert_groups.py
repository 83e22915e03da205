"""Alert groups that come and go in a world, as their own use cases write them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from bot.adapters.clock import RandomIds
from bot.domain.actor import OPSBOT
from bot.domain.alert import AlertGroup
from bot.ports.store import Transaction
from bot.services.alert_links import join_open
from bot.services.alert_writing import acknowledge_alert, begin_alert, refire_alert, resolve_alert
from bot.services.incident_news import urge
from bot.services.record import Record
from tests.support.builders import an_alert_group
from tests.support.harness import World

R = TypeVar("R")


async def comes(
    world: World, name: str = "HighErrorRate", *, settled: bool = True, **changes: Any
) -> AlertGroup:
    """A new group fires, of the payment service; it joins what it belongs to.

    Not `settled`: nothing of what follows has happened yet.
    """
    now = world.clock.now()

    def body(record: Record) -> AlertGroup:
        times = {"started_at": now, "fired_at": now, "changed_at": now, "epoch_at": now}
        values = {"id": f"group-{name}", "number": 0, "key": name, "name": name, "service": "payment"}
        group = record.tx.alert_groups.add(an_alert_group(**{**values, **times, **changes}))
        return begin_alert(record, join_open(record, group, RandomIds()))

    return await _written(world, body, settled=settled)


async def joins_unseen(world: World, group: AlertGroup, number: int) -> None:
    """A group joins an incident, by its number, that another transaction has just ended."""

    def body(record: Record) -> None:
        incident = record.tx.incidents.by_number(number)
        found = record.tx.alert_groups.by_id(group.id, lock=True)
        assert incident is not None
        assert found is not None
        record.tx.alert_groups.save(replace(found, incident=incident.id))
        urge(record, incident.id)

    await _written(world, body)


async def takes(world: World, *groups: AlertGroup) -> None:
    """Somebody acknowledges these groups."""
    await _turn(world, groups, acknowledge_alert)


async def resolves(world: World, *groups: AlertGroup) -> None:
    """All alerts of these groups are resolved."""
    await _turn(world, groups, resolve_alert, firing=0, resolved=1)


async def fires_again(world: World, *groups: AlertGroup) -> None:
    """These groups fire again, in the same episode."""
    await _turn(world, groups, refire_alert, firing=1, resolved=0)


async def group_of(world: World, group: AlertGroup) -> AlertGroup:
    """The group as it is now."""
    found = await world.bot.store.read(lambda tx: tx.alert_groups.by_id(group.id))
    assert found is not None
    return found


async def _turn(
    world: World,
    groups: tuple[AlertGroup, ...],
    verb: Callable[[Record, AlertGroup], AlertGroup],
    **changes: Any,
) -> None:
    def body(record: Record) -> None:
        for one in groups:
            group = record.tx.alert_groups.by_id(one.id, lock=True)
            assert group is not None
            verb(record, replace(group, changed_at=record.now, **changes))

    await _written(world, body)


async def _written(world: World, body: Callable[[Record], R], *, settled: bool = True) -> R:
    def run(tx: Transaction) -> R:
        now, directory = world.clock.now(), world.bot.directory
        return body(Record(tx=tx, now=now, actor=OPSBOT, directory=directory))

    result = await world.bot.store.transaction("alert_news", run)
    if settled:
        await world.forward(seconds=5)  # posts go one a second and channel
    return result
