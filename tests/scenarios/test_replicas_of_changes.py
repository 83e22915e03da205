"""Three replicas carry out changes, and one dies meanwhile: each step is taken, and told, once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.adapters.clock import OffsetClock, WallClock
from bot.domain.changes.change import Change, ChangeState
from bot.domain.event import EventKind
from bot.ports.store import Transaction
from bot.sandbox.slack import Message, Reply
from storage.open import OpenStore, open_store
from tests.support.bot_process import BotProcess, Installation, installation, replica
from tests.support.databases import PostgresqlServer
from tests.support.keeper import LEASE_SECONDS
from tests.support.story import CHANNEL, delivery_key

PATIENCE_SECONDS = 40.0
PAUSE_SECONDS = 0.05
REPLICAS = ("first", "second", "third")
ASKED = {"ana": "payment", "kim": "identity", "dia": "content"}
"""Who asks for a change of what."""
APPROVER, OTHER = "lee", "sam"
BROKEN = "payment"
MINUTES_AHEAD, MINUTES_LONG = 10, 30
ONCE = (
    EventKind.CHANGE_REQUESTED,
    EventKind.CHANGE_APPROVED,
    EventKind.CHANGE_DUE,
    EventKind.CHANGE_STARTED,
    EventKind.CHANGE_OVERRUN,
)
LINES = len(ASKED) * (len(ONCE) - 1) + 1
"""What the threads are told: each of those but what the card itself says, and what broke."""

pytestmark = pytest.mark.postgresql


@pytest.fixture
async def changes(
    nursery: Path, tmp_path: Path, postgresql_server: PostgresqlServer
) -> AsyncIterator[ChangesOfReplicas]:
    """Three replicas of one database."""
    url = postgresql_server.url(postgresql_server.emptied())
    async with AsyncExitStack() as stack:
        home = await stack.enter_async_context(installation(nursery, tmp_path, url))
        bots = [await stack.enter_async_context(replica(home, name)) for name in REPLICAS]
        home.reached_at(bots[-1].url)
        assert all(await asyncio.gather(*(bot.start() for bot in bots)))
        store = await open_store(url, clock=WallClock(), read_only=True)
        stack.push_async_callback(store.aclose)
        yield ChangesOfReplicas(home, bots, store)


async def test_every_step_of_changes_is_taken_and_told_once_although_a_replica_dies(
    changes: ChangesOfReplicas,
) -> None:
    first, home = changes.bots[0], changes.home
    for person, service in ASKED.items():
        await changes.ask(person, service)
    await changes.stand()
    await changes.at_once("approve", (APPROVER, APPROVER))
    await changes.happened(EventKind.CHANGE_APPROVED)
    home.forward(minutes=MINUTES_AHEAD)
    await first.kill()
    home.forward(seconds=LEASE_SECONDS)  # what it had claimed is free again
    await changes.happened(EventKind.CHANGE_DUE)
    await changes.at_once("start", (APPROVER, OTHER))
    await changes.happened(EventKind.CHANGE_STARTED)
    assert await first.start()
    await changes.breaks()
    home.forward(minutes=MINUTES_LONG)
    await changes.happened(EventKind.CHANGE_OVERRUN)
    await changes.are_told()
    await changes.are_each_once()


@dataclass(slots=True)
class ChangesOfReplicas:
    """What people ask several replicas for, and what comes of it."""

    home: Installation
    bots: list[BotProcess]
    store: OpenStore

    async def ask(self, person: str, service: str) -> None:
        """Somebody asks for a change of a service, for ten minutes from now."""
        line = f"request emergency {service}: Mend {service}"
        assert (await self.types(self.bots[-1], person, line)).ok
        await self._until(lambda: bool(self.home.slack.views(person)), "the form")
        starts = OffsetClock(self.home.clock_file).now().timestamp() + MINUTES_AHEAD * 60
        filled = {
            "steps": "Deploy 3.1",
            "validation": "Orders go through",
            "rollback": "Deploy 3.0",
            "starts": int(starts),
            "length": f"{MINUTES_LONG}m",
            "risk": "low",
        }
        assert (await self.home.slack.submit(person, filled)).ok

    async def stand(self) -> None:
        """Their cards stand: what is told before has no thread yet, and goes to the channel."""
        await self._until(lambda: len(self._posted("change/")) == len(ASKED), "the cards")

    async def at_once(self, word: str, people: tuple[str, str]) -> None:
        """Of each change, two people (or one, twice) say the same to two replicas at the same time."""
        for change in await self.store.read(lambda tx: tx.changes.newest(len(ASKED))):
            said = [
                self.types(bot, who, f"{word} {change.label}")
                for bot, who in zip(self.bots[1:], people, strict=True)
            ]
            replies = await asyncio.gather(*said)
            assert all(one.ok for one in replies), [one.error for one in replies]

    async def breaks(self) -> None:
        """An incident of a service that is being changed; every replica looks for what it may come of."""
        await self.home.slack.command("kim", CHANNEL, "/incident", f"p1 service:{BROKEN} orders are lost")
        await self.happened(EventKind.CHANGE_SUSPECTED, services=(BROKEN,))

    async def types(self, bot: BotProcess, who: str, text: str) -> Reply:
        """Somebody enters a command, which Slack hands to one of the replicas."""
        self.home.slack_sends_to(bot.url)
        return await self.home.slack.command(who, CHANNEL, "/change", text)

    async def happened(self, kind: EventKind, *, services: Sequence[str] = tuple(ASKED.values())) -> None:
        """It has happened to the changes of these services."""
        last = time.monotonic() + PATIENCE_SECONDS
        while set(services) - await self.store.read(lambda tx: _of_whom(tx, kind)):
            assert time.monotonic() < last, f"{kind} has not happened\n{self.bots[-1].log()[-3000:]}"
            self.home.forward(seconds=0.2)
            await asyncio.sleep(PAUSE_SECONDS)

    async def are_told(self) -> None:
        """Everything stands in Slack, whose pace is kept by the clock, which goes on meanwhile."""
        await self._until(lambda: len(self._lines()) >= LINES, f"{LINES} lines")

    async def are_each_once(self) -> None:
        """Nothing was done or said twice, and the one that broke points at its change alone."""
        counted = await self.store.read(_counted)
        assert len(counted) == len(ASKED)
        for change, kinds in counted:
            assert change.state is ChangeState.DEPLOYING
            assert len(change.approvals) == 1
            assert {kind: kinds[kind] for kind in ONCE} == dict.fromkeys(ONCE, 1)
            assert kinds[EventKind.CHANGE_SUSPECTED] == (change.service == BROKEN)
        [incident] = await self.store.read(lambda tx: tx.incidents.open())
        near = await self.store.read(lambda tx: [one.kind for one in tx.events.of(incident.id)])
        assert near.count(EventKind.CHANGE_NEAR) == 1
        posted = Counter(filter(None, map(delivery_key, self.home.slack.messages)))
        assert [key for key, count in posted.items() if count > 1] == []
        assert len(self._posted("change/")) == len(ASKED)
        assert len(self._lines()) == LINES

    async def _until(self, holds: Callable[[], bool], what: str) -> None:
        last = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < last, f"{what}: not there\n{self.bots[-1].log()[-3000:]}"
            self.home.forward(seconds=0.2)
            await asyncio.sleep(PAUSE_SECONDS)

    def _lines(self) -> list[Message]:
        """What stands in the threads of the changes."""
        cards = {one.ts for one in self._posted("change/")}
        return [one for one in self.home.slack.messages if one.thread_ts in cards and one.ts not in cards]

    def _posted(self, prefix: str) -> list[Message]:
        return [one for one in self.home.slack.messages if (delivery_key(one) or "").startswith(prefix)]


def _of_whom(tx: Transaction, kind: EventKind) -> set[str | None]:
    """The services to whose changes it has happened."""
    return {change.service for change, kinds in _counted(tx) if kinds[kind]}


def _counted(tx: Transaction) -> list[tuple[Change, Counter[EventKind]]]:
    """Every change, and how often what has happened to it."""
    return [(one, Counter(event.kind for event in tx.events.of(one.id))) for one in tx.changes.newest(10)]
