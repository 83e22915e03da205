"""A storm of alerts over real HTTP in a simulated minute: all is kept, little is posted, a P0 goes first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import aiohttp

from bot.domain.alert import AlertGroup, AlertSource
from bot.domain.delivery import Delivery, DeliveryKind, Recipient
from bot.ports.store import Transaction
from tests.support.firing import ALERTS_TOKEN
from tests.support.harness import World
from tests.support.storms import Storm

STORM = Storm(alerts=10_000, groups=500, seconds=60, rounds=2)
OVER = replace(STORM, seconds=5)
AT_ONCE = 20
"""Bodies that are on their way at once: more than the bot has in memory."""
MOST_CARDS = 20
"""What a channel bears within five minutes, by the shipped guide."""
DECLARED_AT = 31
SECOND = timedelta(seconds=1)
HEADERS = {"Authorization": f"Bearer {ALERTS_TOKEN}", "Content-Type": "application/json"}


class Alertmanager:
    """Tells of a storm while time goes on."""

    def __init__(self, world: World, http: aiohttp.ClientSession) -> None:
        self._world = world
        self._http = http
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def tell(self, told: Sequence[tuple[timedelta, bytes]], *, since: int, until: int) -> None:
        """Tell it from one second to another; before each second's, what may happen happens."""
        world = self._world
        for second in range(since, until):
            bodies = [body for at, body in told if second * SECOND <= at < (second + 1) * SECOND]
            await world.settle()
            await asyncio.gather(*map(self._post, bodies))
            world.clock.advance(SECOND)

    async def _post(self, body: bytes) -> None:
        url = f"{self._world.url}/webhooks/alertmanager"
        async with self._turns, self._http.post(url, data=body, headers=HEADERS) as answer:
            assert answer.status == 200, await answer.text()


async def groups(world: World) -> list[AlertGroup]:
    """All that the bot knows of, the storm that stands for most of it included."""

    def read(tx: Transaction) -> list[AlertGroup]:
        found = (tx.alert_groups.by_number(number) for number in range(1, 2 * STORM.groups))
        return [group for group in found if group is not None]

    return await world.bot.store.read(read)


async def queue(world: World) -> list[Delivery]:
    """What waits for Slack, in the order in which it would be claimed, were every lane free."""
    soon = world.clock.now() + timedelta(minutes=4)
    found = await world.bot.store.transaction(
        "look", lambda tx: tx.outbox.ready(Recipient.CHAT, soon, STORM.groups)
    )
    return list(found)


async def check_kept(world: World) -> None:
    """Every group and every alert is in the store, and the storm stands for what got no card."""
    found = await groups(world)
    (storm,) = (group for group in found if group.source is AlertSource.STORM)
    own = [group for group in found if group.source is AlertSource.ALERTMANAGER]
    assert (len(own), {group.firing for group in own}) == (STORM.groups, {STORM.each})
    assert sum(group.storm == storm.id for group in own) == STORM.groups - MOST_CARDS


async def check_first(world: World) -> None:
    """The P0's card is claimed first of all, and nothing of an alert before anything of an incident's."""
    kinds = [delivery.kind for delivery in await queue(world)]
    first_alert = kinds.index(DeliveryKind.ALERT)
    assert kinds[0] is DeliveryKind.CARD
    assert set(kinds[first_alert:]) == {DeliveryKind.ALERT}


def check_cards(world: World, *, own: str, storm: str) -> None:
    """No channel has more cards than it bears, and one of the storm. What each says at the end."""
    cards = world.alert_cards()
    (whole,) = (card for card in cards if card.says("Alert storm"))
    assert len(cards) == MOST_CARDS + 1
    assert whole.says(storm), whole.text
    assert [card.text for card in cards if card is not whole and not card.says(own)] == []


async def test_a_storm_is_kept_whole_and_shown_small_and_a_p0_goes_before_it(world: World) -> None:
    began = world.clock.now()
    told = list(STORM.bodies(began))
    async with aiohttp.ClientSession() as http:
        alertmanager = Alertmanager(world, http)
        await alertmanager.tell(told, since=0, until=DECLARED_AT)
        await world.slack.command("ana", "platform-alerts", "/incident", "p0 checkout is down")
        await check_first(world)
        await alertmanager.tell(told, since=DECLARED_AT, until=STORM.seconds)
        await check_kept(world)
        await world.forward(minutes=2)
        check_cards(world, own=f"{STORM.each} firing", storm=f"{STORM.groups - MOST_CARDS} firing")
        assert await world.waiting() == 0

        await alertmanager.tell(list(OVER.bodies(began, over=True)), since=0, until=OVER.seconds)
    await world.forward(minutes=2)
    check_cards(world, own="Resolved", storm="Resolved")
    assert await world.waiting() == 0
    assert world.card().says("checkout is down")
