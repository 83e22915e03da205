"""The bot is killed while an alert is made an incident, and while that is merged into another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from bot.adapters.clock import WallClock
from bot.domain.alert import AlertStatus
from bot.domain.incident import Status
from bot.ports.store import Transaction
from bot.sandbox.pagerduty.incidents import RESOLVED
from bot.sandbox.slack import Reply
from storage.open import open_store
from tests.scenarios.test_kill_alerts import Life, variables
from tests.support.bot_process import Installation, replica
from tests.support.keeper import Keeper
from tests.support.kill_points import MERGE_POINTS
from tests.support.people import Card
from tests.support.story import CHANNEL, RESPONDER, delivery_key

Result = TypeVar("Result")

WITH_THE_FORM = ("declare.before_commit", "declare.after_commit", "settle_pager.before_commit")
WITH_THE_MERGE = (*MERGE_POINTS, "claim_pager.after_commit")
IN_TURN = (*WITH_THE_FORM, *WITH_THE_MERGE)


async def test_declared_from_its_card_and_merged_an_alert_belongs_to_one_incident(home: Installation) -> None:
    home = replace(home, more=variables(home.folder))
    since = WallClock().now()
    async with replica(home) as bot:
        home.reached_at(bot.url)
        keeper = Keeper(home, bot, IN_TURN)
        life = Life(home, keeper, bot.url)
        await life.fires(since)
        await life.is_paged(1)
        alert = life.keys[0]
        await keeper.until(lambda: _can_be_declared(home), "a card with its menu", paced=True)
        await _declare(home, keeper)
        await life.has_died(WITH_THE_FORM)
        await life.is_paged(2)
        await keeper.until(lambda: home.pagerduty.incident(alert).status == RESOLVED, "the alert's page ends")
        await _asks(home, keeper, "p0 service:payment cards are refused")
        ended, kept = sorted(await _read(home, lambda tx: [one.number for one in tx.incidents.open()]))
        await _asks(home, keeper, f"merge {ended} into {kept}")
        await _asks(home, keeper, f"escalate {kept}")
        await life.has_died(WITH_THE_MERGE)
        await keeper.until(lambda: home.pagerduty.incident(life.keys[1]).status == RESOLVED, "the merge")
        assert keeper.killed == list(IN_TURN)
        assert await bot.terminate() == 0
    await _judge(home, life, ended, kept)


def _card(home: Installation) -> Card:
    (message,) = [
        one for one in home.slack.messages_in(CHANNEL) if (delivery_key(one) or "").startswith("alert/")
    ]
    return Card.of(home.slack, message)


def _can_be_declared(home: Installation) -> bool:
    keys = [delivery_key(one) or "" for one in home.slack.messages_in(CHANNEL)]
    return any(key.startswith("alert/") for key in keys)


async def _declare(home: Installation, keeper: Keeper) -> None:
    """Somebody opens the form from the card, and sends it as it is."""
    card = _card(home)
    action, value = card.find("Declare incident")
    at = (card.message.channel, card.message.ts)
    await keeper.ask(lambda: home.slack.click(RESPONDER, *at, action, value))
    await keeper.until(lambda: home.slack.views(RESPONDER), "the form")
    await keeper.ask(lambda: home.slack.submit(RESPONDER, {}))


async def _asks(home: Installation, keeper: Keeper, text: str) -> None:
    home.forward(seconds=10)

    def enter() -> Awaitable[Reply]:
        return home.slack.command(RESPONDER, CHANNEL, "/incident", text)

    await keeper.ask(enter)


async def _judge(home: Installation, life: Life, ended: int, kept: int) -> None:
    """The incident that was declared for the alert is over; the other has it now, and was told of it."""
    rung = Counter((one.key, one.person) for one in home.pagerduty.notifications)
    assert set(rung.values()) == {1}
    posted = Counter(filter(None, map(delivery_key, home.slack.messages_in(CHANNEL))))
    assert set(posted.values()) == {1}
    group = life.keys[0].partition("/")[0]

    def body(tx: Transaction) -> None:
        first, second = tx.incidents.by_number(ended), tx.incidents.by_number(kept)
        alert = tx.alert_groups.by_id(group)
        assert first is not None
        assert second is not None
        assert alert is not None
        assert [one.number for one in tx.incidents.open()] == [kept]
        assert (first.status, first.merged_into) == (Status.MERGED, kept)
        assert alert.incident == second.id
        assert dict(tx.told_alerts.of(second.id)) == {group: AlertStatus.FIRING}

    await _read(home, body)


async def _read(home: Installation, body: Callable[[Transaction], Result]) -> Result:
    store = await open_store(home.database_url, clock=WallClock(), read_only=True)
    try:
        return await store.read(body)
    finally:
        await store.aclose()
