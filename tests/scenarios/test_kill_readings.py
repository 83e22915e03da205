"""The bot is killed on the way of a reading; it is noted once, as it stood at the incident's own moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from bot.adapters.clock import WallClock
from bot.domain.delivery import DeliveryKind
from bot.domain.event import Event, EventKind
from bot.ports.store import Transaction
from bot.sandbox.clock import OffsetClock
from bot.sandbox.prometheus import PrometheusStandIn
from storage.open import open_store
from tests.support.bot_process import Installation, replica
from tests.support.keeper import Keeper
from tests.support.kill_points import READING_POINTS
from tests.support.prometheus import served_prometheus
from tests.support.story import CHANNEL, delivery_key

LATE_MINUTES = 20


async def test_a_kill_at_each_step_of_a_reading_notes_it_once_and_as_it_was(home: Installation) -> None:
    async with served_prometheus(clock=OffsetClock(home.clock_file)) as served:
        measured = replace(home, more={"PROMETHEUS_URL": served.url})
        await _live_through(measured, served.stand_in)


async def _live_through(home: Installation, prometheus: PrometheusStandIn) -> None:
    """A declaration while a third of all payments fails; its reading comes late, with a kill at each."""
    prometheus.set_service("payment", error_ratio=0.3)
    home.forward(minutes=5)
    async with replica(home) as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot)
        await keeper.ask(
            lambda: home.slack.command("kim", CHANNEL, "/incident", "p0 service:payment checkout is down")
        )
        await keeper.until(lambda: _said(home, "card/"), "the card", paced=True)
        assert await bot.terminate() == 0
    prometheus.set_service("payment", error_ratio=0.0)
    home.forward(minutes=LATE_MINUTES)  # by now it burns no more
    async with replica(home, "next") as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot, READING_POINTS)
        await keeper.until(lambda: keeper.killed == list(READING_POINTS), "the last death", paced=True)
        await keeper.until(lambda: _told(home), "the line in the thread", paced=True)
        assert await bot.terminate() == 0
    declared, [note] = await _history(home)
    assert note.data["at"] == declared.at.isoformat()
    assert (note.at - declared.at).total_seconds() > LATE_MINUTES * 60
    burn = note.data["burn_thousandths"]
    assert isinstance(burn, int)
    assert burn > 100_000, "as it burned when it was declared"
    posted = Counter(filter(None, map(delivery_key, home.slack.messages_in(CHANNEL))))
    assert set(posted.values()) == {1}


def _said(home: Installation, key: str) -> list[str]:
    keys = filter(None, map(delivery_key, home.slack.messages_in(CHANNEL)))
    return [one for one in keys if one.startswith(key)]


def _told(home: Installation) -> bool:
    return any("its error budget" in one.text for one in home.slack.messages_in(CHANNEL))


async def _history(home: Installation) -> tuple[Event, list[Event]]:
    """When it was declared, and what was noted of its budget; nothing of it is owed any more."""
    store = await open_store(home.database_url, clock=WallClock(), read_only=True)

    def body(tx: Transaction) -> tuple[Event, list[Event]]:
        [incident] = tx.incidents.open()
        assert DeliveryKind.READING not in [kind for kind, _, _ in tx.outbox.backlog()]
        events = tx.events.of(incident.id)
        [declared] = [one for one in events if one.kind is EventKind.DECLARED]
        return declared, [one for one in events if one.kind is EventKind.SLO_NOTED]

    try:
        return await store.read(body)
    finally:
        await store.aclose()
