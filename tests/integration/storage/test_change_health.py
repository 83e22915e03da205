"""It is looked at how a service does when a change goes on, and again until it is done, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.adapters.no_silencer import NoSilencer
from bot.domain.changes.change import Change, ChangeState
from bot.domain.delivery import DeliveryKind, Recipient
from bot.domain.directory import Directory
from bot.domain.event import Event
from bot.domain.timer import TimerKind
from bot.ports.failures import DeliveryFailure, TemporaryFailure
from bot.ports.probe import no_probe
from bot.ports.store import Transaction
from bot.services.change_health import owe_health
from bot.services.deliveries import Deliveries
from bot.services.health_looking import HealthLooker
from bot.services.health_work import LookAtHealth
from bot.services.record import Record
from bot.services.sending import Sender
from bot.services.timers import Timers
from storage.open import OpenStore
from tests.support.builders import ANA, a_change, a_directory
from tests.support.clock import MONDAY_NOON, FakeClock, SequenceIds
from tests.support.fake_vendors import (
    FakeChat,
    FakeDrafts,
    FakePager,
    Fates,
    NoBudgets,
    NoMeter,
    NoRooms,
    NoSummaries,
    NoTalk,
)
from tests.support.metric_source import FakeMetrics

MINUTE = timedelta(minutes=1)
OUT_OF_REACH = TemporaryFailure("Prometheus cannot be reached.")


@dataclass(slots=True)
class Bench:
    """A change that goes on, and who looks at its service."""

    store: OpenStore
    clock: FakeClock
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    directory: Directory = field(default_factory=lambda: replace(a_directory(), measures=True))
    ids: SequenceIds = field(default_factory=SequenceIds)

    async def begin(self) -> None:
        await self.store.transaction(
            "begin", lambda tx: tx.changes.add(a_change(state=ChangeState.TESTING)).id
        )

    async def enters(self, state: ChangeState) -> None:
        now = self.clock.now()

        def body(tx: Transaction) -> None:
            was = tx.changes.by_number(1, lock=True)
            assert was is not None
            over = state in {ChangeState.DONE, ChangeState.ROLLED_BACK}
            change = replace(
                was,
                state=state,
                lead=ANA,
                started=was.started or now,
                closed=now if over else None,
            )
            tx.changes.save(change)
            owe_health(Record(tx=tx, now=now, actor=ANA, directory=self.directory), was, change)

        await self.store.transaction("enter", body)

    async def forward(self, minutes: float) -> None:
        """Let so much time pass, second by second."""
        timers = Timers(store=self.store, clock=self.clock, ids=self.ids, directory=self.directory)
        for _ in range(round(minutes * 4)):
            self.clock.advance(timedelta(seconds=15))
            await timers.fire_due()
            for one in await self.deliveries().claim(Recipient.METRICS, 10):
                await self.deliveries().carry_out(one)

    def deliveries(self) -> Deliveries:
        fates = Fates()
        sender = Sender(
            pager=FakePager(fates),
            chat=FakeChat(fates),
            rooms=NoRooms(),
            talk=NoTalk(),
            drafts=FakeDrafts(fates),
            summaries=NoSummaries(),
            silencer=NoSilencer(),
            budgets=NoBudgets(),
            also={LookAtHealth: HealthLooker(self.metrics).send},
        )
        return Deliveries(
            store=self.store,
            clock=self.clock,
            ids=self.ids,
            directory=self.directory,
            sender=sender,
            probe=no_probe,
            meter=NoMeter(),
        )

    async def change(self) -> Change:
        found = await self.store.read(lambda tx: tx.changes.by_number(1))
        assert found is not None
        return found

    async def events(self) -> list[Event]:
        return list(await self.store.read(lambda tx: tx.events.of("ch12")))

    def instants(self) -> list[datetime]:
        """For when it was asked, each once."""
        return list(dict.fromkeys(at for _, at in self.metrics.asked))

    async def is_quiet(self) -> bool:
        """Whether nothing is owed or due any more."""

        def body(tx: Transaction) -> bool:
            owed = {kind for kind, _, _ in tx.outbox.backlog()}
            return DeliveryKind.CHANGE_HEALTH not in owed and not tx.timers.of(
                "ch12", TimerKind.CHANGE_HEALTH
            )

        return await self.store.read(body)


@pytest.fixture
async def bench(store: OpenStore, clock: FakeClock) -> Bench:
    made = Bench(store, clock)
    await made.begin()
    await made.enters(ChangeState.DEPLOYING)
    return made


async def test_how_it_did_before_is_asked_for_the_instant_of_its_start(bench: Bench) -> None:
    await bench.forward(0.25)
    assert bench.metrics.asked == []
    await bench.forward(3)
    assert bench.instants() == [MONDAY_NOON]
    assert {key.partition("[")[2][:3] for key, _ in bench.metrics.asked} == {"30m"}
    assert [line.key for line in (await bench.change()).before] == ["availability", "latency"]
    assert await bench.events() == []


async def test_it_is_looked_at_while_it_is_deployed_however_long_that_takes(bench: Bench) -> None:
    await bench.forward(20)
    assert bench.instants()[1:] == [MONDAY_NOON + minutes * MINUTE for minutes in (4, 9, 14, 19)]
    assert (await bench.change()).after != ()


async def test_how_it_does_since_is_asked_every_five_minutes_and_once_when_it_is_done(bench: Bench) -> None:
    await bench.forward(2)
    await bench.enters(ChangeState.VALIDATING)
    await bench.forward(13)
    assert bench.instants()[1:] == [MONDAY_NOON + minutes * MINUTE for minutes in (4, 8.5, 13.5)]
    await bench.forward(2)
    await bench.enters(ChangeState.DONE)
    await bench.forward(60)
    assert bench.instants()[-1] == (await bench.change()).closed
    assert len(bench.instants()) == 5
    assert [one.data["after"] for one in await bench.events()] == [False, True]
    assert await bench.is_quiet()


async def test_one_that_is_done_at_once_is_looked_at_when_there_is_enough_to_see(bench: Bench) -> None:
    await bench.enters(ChangeState.VALIDATING)
    await bench.enters(ChangeState.DONE)
    await bench.forward(30)
    assert bench.instants() == [MONDAY_NOON, MONDAY_NOON + 4 * MINUTE]
    assert (await bench.change()).after != ()


async def test_it_is_looked_at_until_it_is_taken_back(bench: Bench) -> None:
    await bench.enters(ChangeState.VALIDATING)
    await bench.enters(ChangeState.ROLLING_BACK)
    await bench.forward(12)
    assert len(bench.instants()) == 3
    assert (await bench.change()).after != ()
    await bench.enters(ChangeState.ROLLED_BACK)
    await bench.forward(30)
    assert len(bench.instants()) == 3
    assert await bench.is_quiet()


async def test_what_is_taken_back_after_it_was_done_is_looked_at_again(bench: Bench) -> None:
    for state in (ChangeState.VALIDATING, ChangeState.DONE):
        await bench.enters(state)
    await bench.forward(6)
    seen = len(bench.instants())
    await bench.enters(ChangeState.ROLLING_BACK)
    await bench.forward(11)
    assert len(bench.instants()) == seen + 2


async def test_what_cannot_be_asked_says_why_and_is_asked_again(bench: Bench) -> None:
    def fails(_query: str) -> DeliveryFailure:
        return OUT_OF_REACH

    bench.metrics.fails = fails
    await bench.forward(4)
    assert (await bench.change()).health_trouble == OUT_OF_REACH.reason
    bench.metrics.fails = lambda _query: None
    await bench.enters(ChangeState.VALIDATING)
    await bench.forward(10)
    change = await bench.change()
    assert change.health_trouble is None
    assert change.after != ()


async def test_without_anything_to_ask_the_card_says_why(bench: Bench) -> None:
    bench.directory = a_directory()
    await bench.forward(2)
    assert (await bench.change()).health_trouble == "Nobody measures: PROMETHEUS_URL is not set."
    assert bench.metrics.asked == []
