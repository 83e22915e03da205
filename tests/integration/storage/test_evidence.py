"""Evidence on its way: claimed, read, put on the items as they are by then; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from bot.adapters.no_silencer import NoSilencer
from bot.domain.actor import OPSBOT, Actor
from bot.domain.checklists.finding import said
from bot.domain.checklists.run import ItemState, Run, RunState
from bot.domain.delivery import DeliveryKind, Recipient
from bot.domain.evidence import EvidenceSpec, Judgement, Source
from bot.ports.failures import DeliveryFailure, TemporaryFailure
from bot.ports.probe import no_probe
from bot.ports.store import Transaction
from bot.services.deliveries import LEASE, Deliveries
from bot.services.evidence_sending import Evidence, EvidenceSender
from bot.services.evidence_work import Findings, ReadEvidence, Specs
from bot.services.record import Record
from bot.services.run_writing import owe_evidence
from bot.services.sending import Sender
from bot.services.work import Claimed
from storage.open import OpenStore
from tests.support.builders import a_directory, a_run, a_run_item
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

ANA = Actor(id="U0ANA0001", name="Ana Ortiz")
DIRECTORY = a_directory()


def spec(title: str) -> EvidenceSpec:
    return EvidenceSpec(title=title, source=Source.QUERY, of=title)


RUN = a_run(
    a_run_item(1, evidence=(spec("a"), spec("b"))), a_run_item(2), a_run_item(3, evidence=(spec("a"),))
)


@dataclass(slots=True)
class Looker(Evidence):
    """Finds how often it has looked; `failures` are what comes of the next looks."""

    failures: list[Exception] = field(default_factory=list)
    looks: int = 0

    @override
    async def read(self, run: Run, specs: Specs, at: datetime) -> Findings:
        self.looks += 1
        if self.failures:
            raise self.failures.pop(0)
        lines = [f"look {self.looks}"]
        return {spot: said(one, at, Judgement.NONE, lines) for spot, one in specs.items()}


@dataclass(slots=True)
class Bench:
    """A run whose evidence is owed, and who reads it."""

    store: OpenStore
    clock: FakeClock
    looker: Looker = field(default_factory=Looker)
    ids: SequenceIds = field(default_factory=SequenceIds)

    async def begin(self, run: Run = RUN) -> None:
        def body(tx: Transaction) -> None:
            added = tx.runs.add(run)
            assert added is not None
            assert owe_evidence(self._record(tx), added)

        await self.store.transaction("begin", body)

    async def owe(self) -> None:
        await self.store.transaction("owe", lambda tx: owe_evidence(self._record(tx), self._found(tx)))

    async def change(self, change: Callable[[Run], Run]) -> None:
        await self.store.transaction("change", lambda tx: tx.runs.save(change(self._found(tx, lock=True))))

    async def run(self) -> Run:
        return await self.store.read(self._found)

    async def claim(self) -> list[Claimed]:
        claimed = await self.deliveries.claim(Recipient.METRICS, 10)
        assert all(isinstance(one.work, ReadEvidence) for one in claimed)
        return list(claimed)

    async def read(self) -> None:
        [claimed] = await self.claim()
        await self.deliveries.carry_out(claimed)

    async def owed(self) -> list[str]:
        rows = await self.store.read(lambda tx: tx.outbox.backlog())
        return sorted(kind for kind, count, _ in rows for _ in range(count))

    @property
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
            also={ReadEvidence: EvidenceSender(self.looker).send},
        )
        return Deliveries(
            store=self.store,
            clock=self.clock,
            ids=self.ids,
            directory=DIRECTORY,
            sender=sender,
            probe=no_probe,
            meter=NoMeter(),
        )

    def _record(self, tx: Transaction) -> Record:
        return Record(tx=tx, now=self.clock.now(), actor=OPSBOT, directory=DIRECTORY)

    def _found(self, tx: Transaction, *, lock: bool = False) -> Run:
        run = tx.runs.by_id(RUN.id, lock=lock)
        assert run is not None
        return run


@pytest.fixture
async def bench(store: OpenStore, clock: FakeClock) -> Bench:
    made = Bench(store=store, clock=clock)
    await made.begin()
    return made


def lines(run: Run) -> list[list[str]]:
    return [
        [f"{one.title}: {'; '.join(one.lines) or one.failed}" for one in item.found] for item in run.items
    ]


async def test_it_is_found_and_shown(bench: Bench) -> None:
    await bench.read()
    run = await bench.run()
    assert lines(run) == [["a: look 1", "b: look 1"], [], ["a: look 1"]]
    assert run.evidence_at == bench.clock.now()
    assert await bench.owed() == [DeliveryKind.RUN]


async def test_what_people_did_meanwhile_stays(bench: Bench) -> None:
    [claimed] = await bench.claim()

    def done(run: Run) -> Run:
        item = replace(run.items[0], state=ItemState.DONE, by=ANA, at=bench.clock.now())
        return run.with_items([item])

    await bench.change(done)
    await bench.deliveries.carry_out(claimed)
    run = await bench.run()
    assert [item.state for item in run.items] == [ItemState.DONE, ItemState.OPEN, ItemState.OPEN]
    assert run.items[0].by == ANA
    assert lines(run)[0] == ["a: look 1", "b: look 1"]


async def test_of_a_run_that_is_over_nothing_is_looked_at(bench: Bench) -> None:
    await bench.change(lambda run: replace(run, state=RunState.DONE, closed_at=bench.clock.now()))
    assert await bench.claim() == []
    assert bench.looker.looks == 0
    assert await bench.owed() == []


async def test_one_whose_lease_ran_out_is_read_again_and_the_older_says_no_more(
    bench: Bench,
) -> None:
    [first] = await bench.claim()
    bench.clock.advance(LEASE + timedelta(seconds=1))
    await bench.read()
    [before] = {one.at for item in (await bench.run()).items for one in item.found}
    await bench.deliveries.carry_out(first)
    run = await bench.run()
    assert {one.at for item in run.items for one in item.found} == {before}
    assert lines(run)[2] == ["a: look 1"], "the second look was that of the first claim"


@pytest.mark.parametrize("failure", [TemporaryFailure("It took too long."), RuntimeError("a bug")])
async def test_a_look_that_fails_as_a_whole_is_shown_and_not_tried_again(
    bench: Bench, failure: Exception
) -> None:
    bench.looker.failures = [failure]
    await bench.read()
    run = await bench.run()
    why = failure.reason if isinstance(failure, DeliveryFailure) else "unexpected RuntimeError"
    assert lines(run) == [[f"a: {why}", f"b: {why}"], [], [f"a: {why}"]]
    assert await bench.owed() == [DeliveryKind.RUN], "nothing else is owed, and nothing was buried loudly"
    assert await bench.store.read(lambda tx: tx.events.of(RUN.id)) == ()
    await bench.owe()
    await bench.read()
    assert lines(await bench.run())[2] == ["a: look 2"]


async def test_wanted_again_while_it_is_under_way_it_is_read_once_more(bench: Bench) -> None:
    [claimed] = await bench.claim()
    await bench.owe()
    await bench.deliveries.carry_out(claimed)
    await bench.read()
    assert bench.looker.looks == 2
    assert await bench.owed() == [DeliveryKind.RUN]


async def test_what_was_not_looked_at_keeps_what_was_found(bench: Bench) -> None:
    await bench.read()
    [claimed] = await _owed_again(bench)
    work = claimed.work
    assert isinstance(work, ReadEvidence)
    fewer = {spot: one for spot, one in work.specs.items() if one.title == "b"}
    await bench.deliveries.carry_out(replace(claimed, work=replace(work, specs=fewer)))
    assert lines(await bench.run())[0] == ["a: look 1", "b: look 2"]


async def _owed_again(bench: Bench) -> list[Claimed]:
    bench.clock.advance(minutes=1)
    await bench.owe()
    return await bench.claim()


async def test_a_clock_that_was_set_back_keeps_nobody_from_looking_again(bench: Bench) -> None:
    await bench.read()
    ahead = bench.clock.now() + timedelta(hours=1)
    await bench.change(lambda run: replace(run, evidence_at=ahead))
    await bench.owe()
    await bench.read()
    run = await bench.run()
    assert run.items[0].found[0].lines == ("look 2",)
    assert run.evidence_at is not None
    assert run.evidence_at < ahead
