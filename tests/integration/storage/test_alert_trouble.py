"""The database fails while Alertmanager tells of alerts: it tells again, and everything is there once."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.adapters.clock import RandomIds
from bot.domain.delivery import DeliveryKind
from bot.services.alert_intake import AlertIntake
from handlers.webhooks.alertmanager import PATH, AlertmanagerWebhook
from storage.open import OpenStore, open_store
from tests.support.alertmanager import served_alertmanager
from tests.support.builders import a_directory
from tests.support.clock import FakeClock
from tests.support.fake_vendors import NoMeter
from tests.support.firing import ALERTS_TOKEN, AT_ONCE, let_hear
from tests.support.slack import serving


class Trouble:
    """The disk fails at a point of the way, so many times."""

    def __init__(self, point: str, times: int) -> None:
        self._point = point
        self.left = times

    def __call__(self, point: str) -> None:
        if point == self._point and self.left:
            self.left -= 1
            raise sqlite3.OperationalError("disk I/O error")


@asynccontextmanager
async def hearing(store: OpenStore, clock: FakeClock) -> AsyncIterator[str]:
    """A bot's webhook over a store, for as long as the block runs. Its address."""
    intake = AlertIntake(store=store, clock=clock, ids=RandomIds(), directory=a_directory())
    webhook = AlertmanagerWebhook(intake=intake, clock=clock, meter=NoMeter(), token=ALERTS_TOKEN)
    app = web.Application()
    app.router.add_post(PATH, webhook.post)
    async with serving(app) as url:
        yield url


@pytest.mark.parametrize("times", [1, 3])
async def test_what_the_database_could_not_take_is_told_again(tmp_path: Path, times: int) -> None:
    clock, trouble = FakeClock(), Trouble("hear_alerts.before_commit", times)
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path}/opsbot.db", clock=clock, probe=trouble)

    def milliseconds() -> int:
        return round(clock.now().timestamp() * 1000)

    async with (
        hearing(store, clock) as url,
        served_alertmanager(clock=milliseconds, timing=AT_ONCE, tick_seconds=None) as alertmanager,
    ):
        told_by = alertmanager.stand_in
        let_hear(told_by, url)
        told_by.fire_labels({"alertname": "HighErrorRate", "service": "payment"}, {})
        told_by.tick()
        await told_by.settled()
        (notification,) = told_by.notifications
        groups = await store.read(lambda tx: tx.alert_groups.firing())
        owed = await store.read(lambda tx: tx.outbox.backlog())
    await store.aclose()
    assert (notification.state, notification.status, notification.attempts) == ("taken", 200, times + 1)
    assert [(one.name, one.service, one.firing) for one in groups] == [("HighErrorRate", "payment", 1)]
    assert [(kind, count) for kind, count, _ in owed] == [(DeliveryKind.ALERT.value, 1)]
