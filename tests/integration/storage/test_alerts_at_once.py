"""Who holds what of alerts on PostgreSQL: nobody waits for somebody who waits for them.

Each test holds by hand what another transaction would hold at its worst moment; what is to go on beside it
must not wait for that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.adapters.clock import RandomIds
from bot.domain.actor import OPSBOT
from bot.domain.alert import Alert, AlertGroup, AlertSource, AlertState, GroupNews
from bot.domain.alert_policy import AlertRoute, StormPolicy
from bot.domain.directory import Directory
from bot.domain.severity import Severity
from bot.ports.store import Transaction
from bot.services.alert_intake import AlertIntake
from bot.services.alert_look import take_look
from bot.services.alert_writing import acknowledge_alert
from bot.services.record import Record
from storage.open import OpenStore, open_store
from tests.support.builders import ANA, a_directory, a_guide, an_alert
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.support.databases import PostgresqlServer

pytestmark = pytest.mark.postgresql

PATIENCE_SECONDS = 3.0
"""Below the time after which a database gives up a lock."""
MEMBERS = 6


def _directory() -> Directory:
    route = AlertRoute(
        match=(),
        channel="platform-alerts",
        team="platform-team",
        severity=Severity.P0,
        page=True,
        escalates=True,
    )
    guide = a_guide()
    alerting = replace(guide.alerting, storm=StormPolicy(cards=1))
    return a_directory(replace(guide, alerts=(route,), alerting=alerting))


class Storming:
    """A storm over a database, and who else holds something there."""

    def __init__(self, url: str, store: OpenStore, clock: FakeClock) -> None:
        self.store, self.clock, self._url = store, clock, url
        self.directory = _directory()
        self.intake = AlertIntake(store=store, clock=clock, ids=RandomIds(), directory=self.directory)

    async def hears(self, key: str, *, over: bool = False) -> None:
        """Alertmanager tells of a group."""
        alert = self.alert(over=over)
        news = GroupNews(
            key=key,
            receiver="opsbot",
            group_labels={"alertname": "HighErrorRate"},
            common_labels={},
            common_annotations={},
            external_url=None,
            alerts=(alert,),
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.intake.hear(news)

    def alert(self, *, over: bool = False) -> Alert:
        """What fires, or is over."""
        now = self.clock.now()
        since = now if not over else now - timedelta(seconds=1)
        fired = an_alert(starts_at=since, seen_at=now)
        return replace(fired, ends_at=now) if over else fired

    async def acknowledges(self, storm: AlertGroup) -> None:
        """Somebody takes the storm."""

        def body(tx: Transaction) -> None:
            found = tx.alert_groups.by_id(storm.id, lock=True)
            assert found is not None
            acknowledge_alert(self.record(tx), found)

        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.store.transaction("acknowledge", body)

    def record(self, tx: Transaction) -> Record:
        return Record(tx=tx, now=self.clock.now(), actor=ANA, directory=self.directory)

    async def groups(self) -> Sequence[AlertGroup]:
        """All that there is, in order."""

        def body(tx: Transaction) -> list[AlertGroup]:
            found = (tx.alert_groups.by_number(number) for number in range(1, 50))
            return [one for one in found if one is not None]

        return await self.store.read(body)

    async def storm(self) -> AlertGroup:
        (found,) = [one for one in await self.groups() if one.source is AlertSource.STORM and one.is_open]
        return found

    @asynccontextmanager
    async def held(self, *statements: str) -> AsyncIterator[None]:
        """What these statements lock is held by somebody else meanwhile."""
        engine = create_async_engine(self._url)
        try:
            async with engine.begin() as connection:
                for statement in statements:
                    await connection.execute(text(statement))
                yield
        finally:
            await engine.dispose()


@pytest.fixture
async def storming(postgresql_server: PostgresqlServer) -> AsyncIterator[Storming]:
    url = postgresql_server.url(postgresql_server.emptied())
    clock = FakeClock(MONDAY_NOON)
    store = await open_store(url, clock=clock)
    yield Storming(url, store, clock)
    await store.aclose()


def row(group: AlertGroup) -> str:
    return f"SELECT 1 FROM alert_groups WHERE id = '{group.id}' FOR UPDATE"


def card(group: AlertGroup) -> str:
    return f"SELECT 1 FROM outbox WHERE key = 'alert/{group.id}' FOR UPDATE"


async def test_what_a_storm_stands_for_is_over_while_somebody_takes_the_storm(storming: Storming) -> None:
    for number in range(MEMBERS):
        await storming.hears(f"k{number}")
    storm = await storming.storm()
    storming.clock.advance(timedelta(minutes=1))

    async with storming.held(row(storm), card(storm)):  # as who takes it does while it takes the others
        await storming.hears("k4", over=True)
        storming.clock.advance(timedelta(minutes=1))
        await storming.hears("k4")

    members = [one for one in await storming.groups() if one.storm == storm.id]
    assert [one.flaps for one in members if one.key == "k4"] == [1]


async def test_a_storm_is_taken_while_what_it_stood_for_begins_anew(storming: Storming) -> None:
    for number in range(MEMBERS):
        await storming.hears(f"k{number}")
    storm = await storming.storm()
    storming.clock.advance(timedelta(minutes=1))
    await storming.hears("k4", over=True)
    (closed,) = [one for one in await storming.groups() if one.key == "k4"]
    storming.clock.advance(timedelta(minutes=30))

    async with storming.held(row(closed)):  # as who begins a new episode does while it waits for the storm
        await storming.acknowledges(storm)

    after = await storming.groups()
    assert {one.state for one in after if one.storm == storm.id and one.is_open} == {AlertState.ACKNOWLEDGED}


async def test_a_look_goes_on_while_a_webhook_waits_for_its_group(storming: Storming) -> None:
    await storming.hears("k0")
    (group,) = await storming.groups()
    storming.clock.advance(timedelta(minutes=1))
    alert = replace(storming.alert(), fingerprint="other")

    def look(tx: Transaction) -> AlertGroup:
        found = tx.alert_groups.by_id(group.id, lock=True)
        assert found is not None
        return take_look(replace(storming.record(tx), actor=OPSBOT), found, [alert], ())

    async with storming.held("SELECT pg_advisory_xact_lock(hashtext('k0'))"):
        async with asyncio.timeout(PATIENCE_SECONDS):
            after = await storming.store.transaction("look", look)

    assert after.firing == 2
