"""How many bodies of Alertmanager's are in memory at once, and what becomes of those that wait too long."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from typing_extensions import override

from bot.domain.alert import GroupNews
from bot.services.alert_intake import AlertIntake, Heard
from handlers.webhooks.alertmanager import BODIES, PATH, AlertmanagerWebhook
from tests.support.fake_vendors import NoMeter
from tests.support.front import StoppedClock

TOKEN = "token-of-the-tests"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
BODY = json.dumps({"version": "4", "groupKey": "{}:{}", "status": "firing", "alerts": []})


class SlowIntake(AlertIntake):
    """Is at what it hears until it is let go; `most`: how many at once, `full`: as many as may be."""

    def __init__(self) -> None:
        self.gate, self.full = asyncio.Event(), asyncio.Event()
        self.now = self.most = 0

    @override
    async def hear(self, news: GroupNews) -> Heard:
        self.now += 1
        self.most = max(self.most, self.now)
        if self.now == BODIES:
            self.full.set()
        await self.gate.wait()
        self.now -= 1
        return Heard.NEW


def opened(intake: AlertIntake, *, wait_seconds: float) -> TestClient[Any, Any]:
    webhook = AlertmanagerWebhook(
        intake=intake, clock=StoppedClock(), meter=NoMeter(), token=TOKEN, wait_seconds=wait_seconds
    )
    app = web.Application()
    app.router.add_post(PATH, webhook.post)
    return TestClient(TestServer(app))


async def status_of(client: TestClient[Any, Any]) -> tuple[int, str | None]:
    async with client.post(PATH, data=BODY, headers=HEADERS) as answer:
        return answer.status, answer.headers.get("Retry-After")


async def test_few_bodies_are_in_memory_however_many_come() -> None:
    intake = SlowIntake()
    async with opened(intake, wait_seconds=30) as client, asyncio.TaskGroup() as group:
        answers = [group.create_task(status_of(client)) for _ in range(10 * BODIES)]
        await intake.full.wait()
        intake.gate.set()
    assert intake.most == BODIES
    assert {answer.result() for answer in answers} == {(200, None)}


async def test_who_waits_too_long_is_told_to_come_again() -> None:
    intake = SlowIntake()
    async with opened(intake, wait_seconds=0.05) as client, asyncio.TaskGroup() as group:
        first = [group.create_task(status_of(client)) for _ in range(BODIES)]
        await intake.full.wait()
        assert await status_of(client) == (503, "5")
        intake.gate.set()
    assert {answer.result() for answer in first} == {(200, None)}
