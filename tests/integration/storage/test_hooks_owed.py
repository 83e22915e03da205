"""A webhook that takes a change back is asked for five minutes, whatever dies; then people are told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from typing_extensions import override

from bot.adapters.no_silencer import NoSilencer
from bot.domain.actor import OPSBOT
from bot.domain.change_policy import Phase, Webhook
from bot.domain.changes.change import Change, ChangeState, Hook, HookState, PhaseRun
from bot.domain.delivery import DeliveryKind, Recipient
from bot.domain.directory import Directory
from bot.domain.event import Event, EventKind
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.hooks import HookCall, Hooks
from bot.ports.probe import no_probe
from bot.ports.store import Transaction
from bot.services.change_hooks import owe_hook
from bot.services.deliveries import Deliveries
from bot.services.hook_sending import HookSender
from bot.services.hook_work import AskHook
from bot.services.record import Record
from bot.services.sending import Sender
from bot.services.work import Claimed
from storage.open import OpenStore
from tests.support.builders import ANA, LEE, a_change, a_directory, a_guide
from tests.support.clock import FakeClock, SequenceIds
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

FIVE_MINUTES = timedelta(minutes=5)
DEPLOYER = Webhook(key="deployer", url="https://deploy.example/rollback")


def with_deployer(*hooks: Webhook) -> Directory:
    guide = a_guide()
    return a_directory(
        replace(guide, changes=replace(guide.changes, webhooks={one.key: one for one in hooks}))
    )


@dataclass(slots=True)
class Deployer(Hooks):
    """Remembers what it was asked, and fails as a test says."""

    failures: list[DeliveryFailure] = field(default_factory=list)
    asked: list[HookCall] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] | None = None

    @override
    def reaches(self, webhook: str) -> bool:
        return True

    @override
    async def post(self, call: HookCall) -> str | None:
        self.asked.append(call)
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.failures:
            raise self.failures.pop(0) if len(self.failures) > 1 else self.failures[0]
        return "run 7"


@dataclass(slots=True)
class Bench:
    """A change that is being taken back, and who asks its webhook."""

    store: OpenStore
    clock: FakeClock
    deployer: Deployer = field(default_factory=Deployer)
    directory: Directory = field(default_factory=lambda: with_deployer(DEPLOYER))
    ids: SequenceIds = field(default_factory=SequenceIds)

    async def take_back(self) -> None:
        now = self.clock.now()
        phase = PhaseRun(phase=Phase.ROLLBACK, began=now, by=LEE)
        change = a_change(
            state=ChangeState.ROLLING_BACK,
            phases=(phase,),
            started=now,
            lead=ANA,
            reason="errors",
            hook=Hook(key="deployer", state=HookState.ASKED, at=now),
        )

        def body(tx: Transaction) -> None:
            added = tx.changes.add(change)
            record = Record(tx=tx, now=now, actor=LEE, directory=self.directory)
            owe_hook(record, added, LEE)
            owe_hook(record, added, LEE)  # which owes it once

        await self.store.transaction("take_back", body)

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
            also={AskHook: HookSender(self.deployer, self.clock).send},
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

    async def claimed(self) -> Sequence[Claimed]:
        return await self.deliveries().claim(Recipient.HOOKS, 10)

    async def goes_on(self) -> None:
        """Let happen what may happen now."""
        for one in await self.claimed():
            await self.deliveries().carry_out(one)

    async def for_minutes(self, minutes: int) -> None:
        for _ in range(minutes * 12):
            await self.goes_on()
            self.clock.advance(timedelta(seconds=5))
        await self.goes_on()

    async def change(self) -> Change:
        found = await self.store.read(lambda tx: tx.changes.by_number(1))
        assert found is not None
        return found

    async def hook(self) -> Hook:
        found = (await self.change()).hook
        assert found is not None
        return found

    async def said(self) -> list[Event]:
        return list(await self.store.read(lambda tx: tx.events.of("ch12")))

    async def owed(self, kind: DeliveryKind = DeliveryKind.ROLLBACK) -> int:
        rows = await self.store.read(lambda tx: tx.outbox.backlog())
        return sum(count for one, count, _ in rows if one == kind)


@pytest.fixture
async def bench(store: OpenStore, clock: FakeClock) -> Bench:
    made = Bench(store, clock)
    await made.take_back()
    return made


async def test_it_is_asked_once_with_what_it_needs_and_what_it_says_is_told(bench: Bench) -> None:
    at = bench.clock.now()
    await bench.for_minutes(1)
    [call] = bench.deployer.asked
    assert (call.webhook, call.key) == (DEPLOYER, "rollback/ch12/1")
    assert call.body == {
        "event": "change.rollback",
        "id": "rollback/ch12/1",
        "change": "CH1",
        "title": "New checkout",
        "service": "payment",
        "reason": "errors",
        "by": "Ben",
        "at": at.isoformat(),
    }
    assert await bench.hook() == Hook(key="deployer", state=HookState.TAKEN, at=at, said="run 7")
    [event] = await bench.said()
    assert (event.kind, event.actor, dict(event.data)) == (
        EventKind.HOOK_TAKEN,
        OPSBOT,
        {"webhook": "deployer", "said": "run 7"},
    )
    assert await bench.owed() == 0
    assert await bench.owed(DeliveryKind.LINE) == 1


@pytest.mark.parametrize("failure", [TemporaryFailure("not now"), UnknownOutcome("no answer")])
async def test_what_fails_is_asked_again_under_the_same_key_for_five_minutes_and_never_later(
    bench: Bench, failure: DeliveryFailure
) -> None:
    bench.deployer.failures = [failure]
    until = bench.clock.now() + FIVE_MINUTES
    tried: list[int] = []
    while bench.clock.now() < until + FIVE_MINUTES:
        before = len(bench.deployer.asked)
        await bench.goes_on()
        if len(bench.deployer.asked) > before:
            assert bench.clock.now() < until
            tried.append(before)
        bench.clock.advance(timedelta(seconds=1))
        if bench.clock.now() == until:
            assert await bench.said() == []
    assert len(tried) > 15
    assert {call.key for call in bench.deployer.asked} == {"rollback/ch12/1"}
    [event] = await bench.said()
    assert event.kind is EventKind.HOOK_FAILED
    assert event.at == until
    assert event.data["plan"] == "Roll back to v1"
    assert (await bench.hook()).state is HookState.FAILED


async def test_what_is_refused_is_left_to_people_at_once(bench: Bench) -> None:
    bench.deployer.failures = [PermanentFailure("The webhook deployer refused it (404).")]
    await bench.for_minutes(6)
    assert len(bench.deployer.asked) == 1
    [event] = await bench.said()
    assert event.data["why"] == "The webhook deployer refused it (404)."


async def test_who_dies_after_asking_asks_again_and_it_is_told_once(bench: Bench) -> None:
    [claimed] = await bench.claimed()
    assert isinstance(claimed.work, AskHook)
    assert claimed.work.call is not None
    await bench.deployer.post(claimed.work.call)  # and dies
    await bench.for_minutes(1)
    assert [call.key for call in bench.deployer.asked] == ["rollback/ch12/1"] * 2
    assert [one.kind for one in await bench.said()] == [EventKind.HOOK_TAKEN]


async def test_after_an_outage_of_five_minutes_it_is_not_asked_and_people_are_told(bench: Bench) -> None:
    bench.clock.advance(FIVE_MINUTES)
    await bench.for_minutes(1)
    assert bench.deployer.asked == []
    [event] = await bench.said()
    assert event.kind is EventKind.HOOK_FAILED
    assert "5 minutes" in str(event.data["why"])


async def test_one_that_was_claimed_in_time_and_hung_is_not_asked_later(bench: Bench) -> None:
    [claimed] = await bench.claimed()
    bench.clock.advance(FIVE_MINUTES)
    await bench.deliveries().carry_out(claimed)
    assert bench.deployer.asked == []


async def test_what_it_answers_after_people_were_called_is_true_nevertheless(bench: Bench) -> None:
    async def another_gives_up() -> None:
        bench.clock.advance(FIVE_MINUTES)
        await bench.goes_on()  # whose lease it is by now
        assert (await bench.hook()).state is HookState.FAILED

    bench.deployer.meanwhile = another_gives_up
    await bench.goes_on()
    assert (await bench.hook()).state is HookState.TAKEN
    assert [one.kind for one in await bench.said()] == [EventKind.HOOK_FAILED, EventKind.HOOK_TAKEN]


async def test_what_somebody_has_finished_by_hand_is_not_begun_once_more(bench: Bench) -> None:
    change = await bench.change()
    over = replace(change, state=ChangeState.ROLLED_BACK, closed=bench.clock.now())
    await bench.store.transaction("finish", lambda tx: tx.changes.save(over))
    await bench.for_minutes(6)
    assert bench.deployer.asked == []
    assert await bench.said() == []
    assert await bench.owed() == 0


async def test_a_webhook_that_the_guide_has_no_more_is_left_to_people(bench: Bench) -> None:
    bench.directory = with_deployer()
    await bench.goes_on()
    [event] = await bench.said()
    assert event.kind is EventKind.HOOK_FAILED


async def test_a_change_without_one_owes_nothing(store: OpenStore, clock: FakeClock) -> None:
    bench = Bench(store, clock)

    def body(tx: Transaction) -> None:
        record = Record(tx=tx, now=clock.now(), actor=ANA, directory=bench.directory)
        owe_hook(record, tx.changes.add(a_change(state=ChangeState.ROLLING_BACK)), ANA)

    await store.transaction("take_back", body)
    assert await bench.owed() == 0
