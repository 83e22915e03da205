"""Readings of error budgets on their way: claimed, asked for, noted, on both databases."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from bot.adapters.no_silencer import NoSilencer
from bot.domain import escalation
from bot.domain.actor import Actor
from bot.domain.delivery import DeliveryKind, Recipient
from bot.domain.directory import Directory
from bot.domain.event import Event, EventKind
from bot.domain.incident import Incident
from bot.domain.outcome import Outcome
from bot.domain.slo.counts import counted
from bot.domain.slo.incident_budget import AtIncident
from bot.domain.slo.objective import Promise
from bot.domain.slo.reading import Measured, Report, State
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from bot.ports.probe import no_probe
from bot.ports.store import Transaction
from bot.services.deliveries import LEASE, Deliveries
from bot.services.record import Record
from bot.services.sending import Sender
from bot.services.slo_noting import SCRAPED_AFTER
from bot.services.slo_sending import Budgets
from bot.services.work import Claimed
from bot.services.writing import write_beginning, write_outcome
from storage.open import OpenStore
from tests.support.builders import a_directory, an_incident
from tests.support.clock import FakeClock, SequenceIds
from tests.support.fake_vendors import (
    FakeChat,
    FakeDrafts,
    FakePager,
    Fates,
    NoMeter,
    NoRooms,
    NoSummaries,
    NoTalk,
)

ANA = Actor(id="U0ANA0001", name="Ana Ortiz")
MEASURED = replace(a_directory(), measures=True)
NOT_MEASURED = a_directory()


@dataclass(slots=True)
class Answers(Budgets):
    """Prometheus, which has an answer for every instant: the later, the more has failed.

    `failures` are what comes of the next questions, `asked` the instants that were asked for.
    """

    failures: list[DeliveryFailure] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)

    @override
    async def at(self, promise: Promise, at: datetime, *, since: datetime | None = None) -> AtIncident:
        self.asked.append(at)
        if self.failures:
            raise self.failures.pop(0)
        objective = promise.objectives[0]
        measured = Measured(
            objective=objective,
            state=State.MEASURED,
            window=counted(1_000_000, 10 * len(set(self.asked))),
            coverage=1.0,
        )
        report = Report(promise=promise, window=timedelta(days=30), at=at, measured=(measured,), queries=())
        counts = ((objective, counted(1000, 7)),) if since else ()
        return AtIncident(at=at, report=report, counted=counts)


@dataclass(slots=True)
class Bench:
    """An incident, who sends what it owes, and what is asked."""

    store: OpenStore
    clock: FakeClock
    answers: Answers = field(default_factory=Answers)
    ids: SequenceIds = field(default_factory=SequenceIds)
    incident: str = ""

    async def declare(self) -> None:
        begun = escalation.begin(an_incident(), self.clock.now(), MEASURED.business)

        def body(tx: Transaction) -> Incident:
            return write_beginning(self._record(tx), begun)

        self.incident = (await self.store.transaction("declare", body)).id

    async def acknowledge(self) -> None:
        def body(tx: Transaction) -> None:
            incident = tx.incidents.by_id(self.incident, lock=True)
            assert incident is not None
            outcome: Outcome = escalation.acknowledge(incident, ANA, self.clock.now())
            write_outcome(self._record(tx), outcome)

        await self.store.transaction("acknowledge", body)

    def deliveries(self, directory: Directory = MEASURED) -> Deliveries:
        fates = Fates()
        sender = Sender(
            pager=FakePager(fates),
            chat=FakeChat(fates),
            rooms=NoRooms(),
            talk=NoTalk(),
            drafts=FakeDrafts(fates),
            summaries=NoSummaries(),
            silencer=NoSilencer(),
            budgets=self.answers,
        )
        return Deliveries(
            store=self.store,
            clock=self.clock,
            ids=self.ids,
            directory=directory,
            sender=sender,
            probe=no_probe,
            meter=NoMeter(),
        )

    async def claimed(self, directory: Directory = MEASURED) -> Sequence[Claimed]:
        return await self.deliveries(directory).claim(Recipient.METRICS, 10)

    async def carried_out(self, *claimed: Claimed) -> None:
        for one in claimed:
            await self.deliveries().carry_out(one)

    async def notes(self) -> list[Event]:
        events = await self.store.read(lambda tx: tx.events.of(self.incident))
        return [one for one in events if one.kind is EventKind.SLO_NOTED]

    async def owed(self) -> int:
        rows = await self.store.read(lambda tx: tx.outbox.backlog())
        return sum(count for kind, count, _ in rows if kind == DeliveryKind.READING)

    async def now(self) -> Incident:
        found = await self.store.read(lambda tx: tx.incidents.by_id(self.incident))
        assert found is not None
        return found

    def _record(self, tx: Transaction) -> Record:
        return Record(tx=tx, now=self.clock.now(), actor=ANA, directory=MEASURED)


@pytest.fixture
async def bench(store: OpenStore, clock: FakeClock) -> Bench:
    """An incident that was just declared."""
    made = Bench(store, clock)
    await made.declare()
    return made


async def test_it_waits_for_the_newest_samples_and_asks_for_the_moment_itself(bench: Bench) -> None:
    declared = bench.clock.now()
    bench.clock.advance(SCRAPED_AFTER - timedelta(seconds=1))
    assert await bench.claimed() == ()
    bench.clock.advance(timedelta(hours=2))
    await bench.carried_out(*await bench.claimed())
    assert bench.answers.asked == [declared]
    [note] = await bench.notes()
    assert note.data["at"] == declared.isoformat()


async def test_who_has_lost_the_lease_notes_nothing(bench: Bench) -> None:
    bench.clock.advance(SCRAPED_AFTER)
    first = await bench.claimed()
    bench.clock.advance(LEASE)
    second = await bench.claimed()
    assert len(first) == len(second) == 1
    await bench.carried_out(*second, *first, *second)
    assert len(await bench.notes()) == 1
    assert await bench.owed() == 0


async def test_who_has_lost_the_lease_notes_no_failure(bench: Bench) -> None:
    bench.clock.advance(SCRAPED_AFTER)
    first = await bench.claimed()
    bench.clock.advance(LEASE)
    second = await bench.claimed()
    bench.answers.failures = [PermanentFailure("no such thing")]
    await bench.carried_out(*first)
    assert await bench.notes() == []
    await bench.carried_out(*second)
    assert [one.data.get("why") for one in await bench.notes()] == [None]


async def test_what_is_refused_is_noted_at_once_and_leaves_nothing_behind(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.clock.advance(SCRAPED_AFTER)
    bench.answers.failures = [PermanentFailure("Prometheus refuses the query.")]
    await bench.carried_out(*await bench.claimed())
    [note] = await bench.notes()
    assert note.data["why"] == "Prometheus refuses the query."
    assert await bench.owed() == 0
    [told] = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert told.message == "an error budget was not measured: Prometheus refuses the query."
    rows = await bench.store.read(lambda tx: tx.outbox.soonest(Recipient.METRICS))
    assert rows is None


async def test_an_older_look_that_comes_later_does_not_change_what_the_card_shows(bench: Bench) -> None:
    bench.answers.failures = [TemporaryFailure("not now")]
    bench.clock.advance(SCRAPED_AFTER)
    await bench.carried_out(*await bench.claimed())
    bench.clock.advance(timedelta(milliseconds=500))
    await bench.acknowledge()
    acknowledged = bench.clock.now()
    bench.answers.failures = [TemporaryFailure("not now")] * 4
    while len(await bench.notes()) < 2:
        bench.clock.advance(SCRAPED_AFTER)
        claimed = await bench.claimed()
        newest_first = sorted(claimed, key=lambda one: one.delivery.created_at, reverse=True)
        await bench.carried_out(*newest_first)
    shown = (await bench.now()).budget
    assert shown is not None
    assert shown.at == acknowledged


async def test_what_nobody_measures_any_more_is_not_asked_for(bench: Bench) -> None:
    bench.clock.advance(SCRAPED_AFTER)
    assert await bench.claimed(NOT_MEASURED) == ()
    assert await bench.owed() == 0
