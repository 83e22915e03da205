"""Silences wanted while Alertmanager is away, or ended where it refuses that: what people want holds."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.alert import AlertState, SilenceState
from bot.domain.silencing import SilenceFor
from bot.domain.timer import TimerKind
from bot.ports.store import Transaction
from tests.support.harness import World
from tests.support.silencing import group, remote, rows, silences, states, unsilences

TEN_MINUTES = SilenceFor(length=timedelta(minutes=10))
FOUR_HOURS = SilenceFor(length=timedelta(hours=4))


async def fires(world: World) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical", instance="a")


async def test_of_two_that_are_wanted_before_either_is_taken_the_longer_one_holds(world: World) -> None:
    await fires(world)
    world.alertmanager.faults.add("down")
    await silences(world)
    await silences(world, FOUR_HOURS)

    world.alertmanager.faults.clear()
    await world.forward(minutes=2)

    hours = [(one.ends_at - one.starts_at) / 3_600_000_000_000 for one in remote(world)]
    assert [round(hour) for hour, state in zip(hours, states(world), strict=True) if state == "active"] == [4]
    await world.forward(minutes=90)
    assert (await group(world)).state is AlertState.SILENCED
    assert SilenceState.ENDING not in {row.state for row in await rows(world)}


async def test_one_that_alertmanager_will_not_end_holds_up_no_other_ones_end(world: World) -> None:
    await fires(world)
    await silences(world, FOUR_HOURS)
    world.alertmanager.faults.add("status", "silences", status=403)
    await unsilences(world)
    world.alertmanager.faults.clear()
    await silences(world, TEN_MINUTES)

    await world.forward(minutes=11)

    assert (await group(world)).state is AlertState.FIRING


async def test_what_is_quiet_by_no_silence_that_anybody_knows_is_heard_again(world: World) -> None:
    await fires(world)
    await silences(world)
    await world.forward(minutes=6)

    def forget(tx: Transaction) -> None:
        group_id = tx.alert_groups.by_number(1).id  # type: ignore[union-attr]
        tx.timers.stop(group_id, TimerKind.SILENCE_OVER)

    await world.bot.store.transaction("forget", forget)
    await world.forward(minutes=56)
    assert (await group(world)).state is AlertState.SILENCED

    await world.forward(minutes=5)
    await world.looks()

    assert (await group(world)).state is AlertState.FIRING
