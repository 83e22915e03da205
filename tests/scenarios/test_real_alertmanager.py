"""A real Alertmanager tells the bot, is silenced from a card, and rings again when that is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.clock import WallClock
from bot.sandbox.alertmanager.routes import Timing
from bot.sandbox.alertmanager.times import MILLISECOND
from tests.support.alertmanager import real_alertmanager
from tests.support.firing import ALERTS_TOKEN
from tests.support.harness import World
from tests.support.pagerduty import served
from tests.support.worlds import OpenWorld

TIMING = Timing(group_wait=100 * MILLISECOND, group_interval=200 * MILLISECOND)
PATIENCE_SECONDS = 30.0
LABELS = {"alertname": "HighErrorRate", "service": "payment", "severity": "critical", "instance": 'a "b" ü'}


class Real:
    """The real one, and the bot that it tells."""

    def __init__(self, world: World, url: str, http: aiohttp.ClientSession) -> None:
        self.world = world
        self.url = url
        self._http = http

    async def fires(self, **changes: Any) -> None:
        alert = {"labels": LABELS, "annotations": {"summary": "5 % of requests fail"}, **changes}
        async with self._http.post(f"{self.url}/api/v2/alerts", json=[alert]) as answer:
            assert answer.ok, await answer.text()

    async def shows(self, path: str) -> Any:
        async with self._http.get(f"{self.url}/api/v2/{path}") as answer:
            return await answer.json()

    async def silences(self, state: str) -> list[Any]:
        return [one for one in await self.shows("silences") if one["status"]["state"] == state]

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait for what another process does in its own time; the bot's goes on by hand."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await holds():
                await asyncio.sleep(0.05)
                await self.world.forward_to(max(WallClock().now(), self.world.clock.now()))

    async def until_the_card_says(self, text: str) -> None:
        async def says() -> bool:
            cards = self.world.alert_cards()
            return bool(cards) and cards[-1].says(text)

        await self.until(says)


@pytest.fixture
async def real(a_world: OpenWorld, tmp_path: Path) -> AsyncIterator[Real]:
    world = await a_world(started=False, start=WallClock().now())
    folder = tmp_path / "alertmanager"
    folder.mkdir()
    async with (
        aiohttp.ClientSession() as http,
        served(_relay(world, http)) as bot,
        real_alertmanager(folder, webhook_url=f"{bot}/webhooks/alertmanager", timing=TIMING) as url,
    ):
        world.alertmanager_url = url
        await world.start()
        yield Real(world, url, http)


def _relay(world: World, http: aiohttp.ClientSession) -> web.Application:
    """The bot at an address that is known before it listens, with the token that it knows."""

    async def pass_on(request: web.Request) -> web.Response:
        headers = {"Authorization": f"Bearer {ALERTS_TOKEN}", "Content-Type": "application/json"}
        async with http.post(
            f"{world.url}{request.path}", data=await request.read(), headers=headers
        ) as answer:
            return web.Response(status=answer.status, text=await answer.text())

    app = web.Application()
    app.router.add_post("/webhooks/alertmanager", pass_on)
    return app


async def test_an_alert_is_silenced_from_its_card_and_rings_again_when_that_is_over(real: Real) -> None:
    world = real.world
    await real.fires()
    await real.until_the_card_says("🔴 *Firing")
    assert world.alert_card().says("5 % of requests fail")

    await world.ana.presses("Silence 1 h", card=world.alert_card())

    [made] = await real.silences("active")
    assert made["createdBy"] == "ana"
    assert {one["value"] for one in made["matchers"]} == {"HighErrorRate", "payment"}
    assert world.alert_card().says("🔕 *Silenced")
    [alert] = await real.shows("alerts")
    assert alert["status"]["silencedBy"] == [made["id"]]

    await world.lee.presses("End silence", card=world.alert_card())
    assert not await real.silences("active")
    await real.until_the_card_says("🔴 *Firing")

    await real.fires(endsAt=WallClock().now().isoformat())
    await real.until_the_card_says("✅ *Resolved")


async def test_a_silence_that_is_expired_in_alertmanager_is_seen_by_looking(real: Real) -> None:
    world = real.world
    await real.fires()
    await real.until_the_card_says("🔴 *Firing")
    await world.ana.presses("Silence 4 h", card=world.alert_card())
    [made] = await real.silences("active")

    async with (
        aiohttp.ClientSession() as http,
        http.delete(f"{real.url}/api/v2/silence/{made['id']}") as answer,
    ):
        assert answer.ok
    await world.looks()

    await real.until_the_card_says("🔴 *Firing")
    assert timedelta() <= WallClock().now() - world.clock.now() < timedelta(minutes=1)
