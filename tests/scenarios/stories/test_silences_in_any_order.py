"""Silences made and ended in Slack and in Alertmanager, in any order, with trouble between: one state."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.domain.alert import AlertState, SilenceState
from bot.domain.errors import DomainError
from bot.domain.silencing import SilenceFor
from bot.sandbox.alertmanager.matchers import Matcher
from bot.sandbox.alertmanager.silences import Silence
from bot.sandbox.alertmanager.times import MINUTE
from tests.support.alert_news import groups_of
from tests.support.harness import World
from tests.support.silencing import remote, rows, silences, unsilences

STEPS = 30
NAME = "HighErrorRate"


class Walk:
    """What may happen next, each with the same odds."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.luck = random.Random(seed)

    @property
    def acts(self) -> tuple[Callable[[], Awaitable[object]], ...]:
        return (
            self.fires,
            self.resolves,
            self.silences,
            self.silences,
            self.unsilences,
            self.is_silenced_there,
            self.is_expired_there,
            self.breaks,
            self.mends,
            self.dies,
            self.goes_on,
            self.goes_on,
            self.looks,
        )

    async def step(self) -> None:
        with suppress(DomainError):
            await self.luck.choice(self.acts)()

    async def fires(self) -> None:
        await self.world.fires(NAME, service="payment", severity="critical", instance=self.luck.choice("ab"))

    async def resolves(self) -> None:
        if self.world.alertmanager.alerts.lasting(self.world.alertmanager.now()):
            await self.world.resolves(NAME)

    async def silences(self) -> None:
        length = SilenceFor(length=timedelta(minutes=self.luck.choice((5, 60, 90))))
        await silences(self.world, length, number=await self.newest(), settled=self.luck.random() < 0.5)

    async def unsilences(self) -> None:
        await unsilences(self.world, number=await self.newest(), settled=self.luck.random() < 0.5)

    async def is_silenced_there(self) -> None:
        now = self.world.alertmanager.now()
        silence = Silence(
            id="",
            matchers=(Matcher(name="service", value="pay.*", is_regex=True),),
            starts_at=now,
            ends_at=now + self.luck.choice((10, 45)) * MINUTE,
            updated_at=0,
            created_by="sre",
            comment="",
        )
        self.world.alertmanager.put_silence(silence)

    async def is_expired_there(self) -> None:
        now = self.world.alertmanager.now()
        active = [one for one in remote(self.world) if one.state(now) == "active"]
        if active:
            self.world.alertmanager.expire_silence(self.luck.choice(active).id)

    async def breaks(self) -> None:
        kind = self.luck.choice(("down", "cut"))
        self.world.alertmanager.faults.add(kind, "silences" if kind == "cut" else "*", count=2)

    async def mends(self) -> None:
        self.world.alertmanager.faults.clear()

    async def dies(self) -> None:
        await self.world.outage(seconds=self.luck.choice((1, 90)))

    async def goes_on(self) -> None:
        await self.world.forward(minutes=self.luck.choice((1, 7)))

    async def looks(self) -> None:
        await self.world.looks()

    async def newest(self) -> int:
        return len(await groups_of(self.world)) or 1


@pytest.mark.parametrize("seed", range(8))
async def test_in_the_end_a_group_is_as_quiet_as_it_is_in_alertmanager(world: World, seed: int) -> None:
    walk = Walk(world, seed)
    await world.forward(minutes=6)
    await walk.fires()
    for _ in range(STEPS):
        await walk.step()

    await walk.mends()
    for _ in range(4):
        await world.forward(minutes=2)
        await world.looks()
    await world.forward(seconds=10)  # a silence that has ended just now is looked at a little later

    now = world.alertmanager.now()
    lasting = world.alertmanager.alerts.lasting(now)
    quiet = [bool(world.alertmanager.silences.silencing(one.labels, now)) for one in lasting]
    open_ones = [one for one in await groups_of(world) if one.is_open]
    if any(not one for one in quiet):
        assert [one.state for one in open_ones] == [AlertState.FIRING]
    elif quiet:
        assert {one.state for one in open_ones} <= {AlertState.SILENCED}
    else:
        assert not open_ones
    every = [row for n in range(1, len(await groups_of(world)) + 1) for row in await rows(world, n)]
    assert {row.state for row in every} <= {SilenceState.ACTIVE, SilenceState.OVER, SilenceState.FAILED}
    known = {row.remote_id for row in every if row.state is SilenceState.ACTIVE}
    ours = {one.id for one in remote(world) if "[opsbot " in one.comment and one.state(now) == "active"}
    assert ours <= known, "none is left behind that nobody knows"
