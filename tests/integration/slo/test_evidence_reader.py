"""What is found for a run's items, whatever becomes of the questions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from typing_extensions import override

from bot.domain.checklist import Cadence
from bot.domain.checklists.run import Run, RunState
from bot.domain.evidence import EvidenceSpec, Found, Judgement, Sign, Source, Threshold, Value
from bot.domain.slo.plan import rounded
from bot.domain.slo.samples import Answer, Sample
from bot.ports.failures import PermanentFailure, TemporaryFailure
from bot.ports.store import Store, StoreUnavailable, Transaction
from bot.services.evidence_reading import NO_DATABASE, NOT_THERE, EvidenceReader
from bot.services.evidence_work import Spot
from bot.services.slo_asking import AT_ONCE, LATE
from bot.services.slo_reader import SloReader
from storage.open import OpenStore
from tests.support.builders import a_directory, a_guide, a_run, a_run_item, an_alert_group, an_incident
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.support.metric_source import FakeMetrics

Result = TypeVar("Result")

SOON, FAR = 0.05, 60.0
A_WEEK = timedelta(days=7)
RUN = a_run(a_run_item())
LOW = Threshold(sign=Sign.BELOW, bound=5)


class NoStore(Store):
    """A database that is away."""

    @override
    async def transaction(self, name: str, body: Callable[[Transaction], Result]) -> Result:
        raise StoreUnavailable(name)

    @override
    async def read(self, body: Callable[[Transaction], Result]) -> Result:
        raise StoreUnavailable("read")


@dataclass
class Forgetful(FakeMetrics):
    """Knows nothing of what was before an instant."""

    since: datetime = MONDAY_NOON

    @override
    async def ask(self, query: str, at: datetime) -> Answer:
        if at < self.since:
            raise TemporaryFailure("It is too long ago.")
        return await super().ask(query, at)


@dataclass
class Looking:
    """Who is asked, and how long all of it may take."""

    source: FakeMetrics
    store: Store
    clock: FakeClock
    seconds: float = FAR
    answered: dict[str, Answer] = field(default_factory=dict)

    async def found(self, *specs: EvidenceSpec, run: Run = RUN) -> list[Found]:
        guide, at = a_guide(), rounded(self.clock.now())
        promised = SloReader(
            source=self.source, guide=guide, clock=self.clock, store=self.store, seconds=self.seconds
        )
        for promise in promised.promises.values():
            self.source.know(promise)
        self.source.answers |= self.answered
        reader = EvidenceReader(
            source=self.source,
            promised=promised,
            directory=a_directory(),
            store=self.store,
            seconds=self.seconds,
        )
        asked = {Spot(position=1, index=n): spec for n, spec in enumerate(specs)}
        found = await reader.read(run, asked, at)
        assert list(found) == list(asked)
        assert all(one.at == at for one in found.values())
        return list(found.values())


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def looking(store: OpenStore, clock: FakeClock, source: FakeMetrics) -> Looking:
    return Looking(source=source, store=store, clock=clock)


def query(of: str, fine: Threshold | None = None, compare: timedelta | None = A_WEEK) -> EvidenceSpec:
    return EvidenceSpec(title=of, source=Source.QUERY, of=of, fine=fine, compare=compare)


def other(source: Source, of: str) -> EvidenceSpec:
    return EvidenceSpec(title=of, source=source, of=of)


def numbers(**values: float) -> Answer:
    return Answer(samples=tuple(Sample(labels={"service": key}, value=one) for key, one in values.items()))


NOISIEST = other(Source.ALERTS, "noisiest")
EVERYTHING: Mapping[str, EvidenceSpec] = {
    "query": query("up == 0", LOW),
    "slo": other(Source.SLO, "all"),
    "alerts": other(Source.ALERTS, "unacknowledged"),
    "incidents": other(Source.INCIDENTS, "open"),
    "changes": other(Source.CHANGES, "ahead"),
    "link": other(Source.LINK, "https://example.com/d/1"),
}


async def test_a_value_comes_with_what_it_was_a_week_ago(looking: Looking) -> None:
    looking.answered["rate"] = numbers(payment=11, content=2)
    [found] = await looking.found(query("rate", LOW))
    assert found.values == (
        Value(label="payment", now=11, before=11, fine=False),
        Value(label="content", now=2, before=2, fine=True),
    )
    at = found.at
    assert looking.source.asked == [("rate", at), ("rate", at - A_WEEK)]


async def test_what_is_not_to_be_compared_is_asked_once(looking: Looking) -> None:
    await looking.found(query("rate", compare=None), query("rate", compare=None))
    assert len(looking.source.asked) == 1


async def test_everything_is_found_at_once(looking: Looking) -> None:
    looking.answered["up == 0"] = numbers(payment=math.nan)
    found = dict(zip(EVERYTHING, await looking.found(*EVERYTHING.values()), strict=True))
    assert {name: one.failed for name, one in found.items()} == dict.fromkeys(EVERYTHING)
    assert {name: one.judgement for name, one in found.items()} == {
        "query": Judgement.UNKNOWN,
        "slo": Judgement.FINE,
        "alerts": Judgement.FINE,
        "incidents": Judgement.FINE,
        "changes": Judgement.NONE,
        "link": Judgement.NONE,
    }
    assert found["slo"].lines[0].startswith("OK: Platform, ")
    assert found["changes"].lines[0].startswith("Standard Change: Tue ")


async def test_what_hangs_takes_nothing_with_it(looking: Looking) -> None:
    looking.seconds = SOON
    looking.answered["rate"] = numbers(payment=1)
    looking.source.hangs = lambda text: text != "rate"
    hung, told, slo, changes = await looking.found(
        query("slow"), query("rate"), EVERYTHING["slo"], EVERYTHING["changes"]
    )
    assert (hung.failed, hung.judgement) == (LATE, Judgement.UNKNOWN)
    assert told.values == (Value(label="", now=1, before=1),)
    assert slo.failed == LATE
    assert changes.lines


async def test_a_week_ago_that_cannot_be_had_costs_only_that(looking: Looking) -> None:
    looking.source = Forgetful(since=rounded(looking.clock.now()))
    looking.answered["rate"] = numbers(payment=1)
    [found] = await looking.found(query("rate"))
    assert found.values == (Value(label="", now=1),)


async def test_what_is_refused_says_why(looking: Looking) -> None:
    refused = PermanentFailure("Prometheus refuses the query (400: bad_data).")
    looking.answered["rate"] = numbers(payment=1)
    looking.source.fails = lambda text: refused if text == "bad(" else None
    bad, good = await looking.found(query("bad(", LOW), query("rate", LOW))
    assert (bad.failed, bad.judgement) == (refused.reason, Judgement.UNKNOWN)
    assert good.judgement is Judgement.FINE


async def test_with_prometheus_away_the_bot_still_tells_what_it_knows_itself(looking: Looking) -> None:
    down = TemporaryFailure("Prometheus cannot be reached.")
    looking.source.fails = lambda _text: down
    found = dict(zip(EVERYTHING, await looking.found(*EVERYTHING.values()), strict=True))
    assert {name for name, one in found.items() if one.failed == down.reason} == {"query", "slo"}


async def test_without_prometheus_it_says_what_to_set(looking: Looking) -> None:
    looking.source.there = False
    one, two = await looking.found(EVERYTHING["query"], EVERYTHING["slo"])
    assert one.failed == two.failed == NOT_THERE
    assert looking.source.asked == []


async def test_with_the_database_away_the_numbers_are_there(looking: Looking) -> None:
    looking.store = NoStore()
    looking.answered["up == 0"] = numbers(payment=1)
    found = dict(zip(EVERYTHING, await looking.found(*EVERYTHING.values()), strict=True))
    assert {name for name, one in found.items() if one.failed == NO_DATABASE} == {
        "alerts",
        "incidents",
        "changes",
    }
    assert found["query"].judgement is Judgement.FINE


async def test_a_service_that_the_guide_has_no_more_says_so(looking: Looking) -> None:
    gone, there = await looking.found(other(Source.SLO, "gone"), other(Source.SLO, "payment"))
    assert gone.failed == "The guide has no service gone any more."
    assert there.lines == ("Payment Service: OK, 86 % of the error budget left",)


async def test_a_bug_in_one_source_costs_that_source_alone(
    looking: Looking, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(text: str) -> None:
        if text == "odd":
            raise RuntimeError("a bug")

    looking.source.fails = breaks
    odd, slo = await looking.found(query("odd"), EVERYTHING["slo"])
    assert odd.failed == "unexpected RuntimeError"
    assert slo.judgement is Judgement.FINE
    assert "evidence was not read" in caplog.text


async def test_a_few_questions_are_under_way_at_once(looking: Looking) -> None:
    looking.source.hangs = lambda _text: not looking.source.released.is_set()
    looking.seconds = SOON
    await looking.found(*(query(f"q{n}") for n in range(40)))
    assert looking.source.most_at_once == AT_ONCE


async def test_what_waits_in_the_bot_is_told_and_security_only_counted(looking: Looking) -> None:
    now = looking.clock.now()

    def body(tx: Transaction) -> None:
        tx.incidents.add(an_incident(id="i1", title="checkout is down", declared_at=now))
        tx.incidents.add(an_incident(id="i2", title="a leak", security=True))
        tx.alert_groups.add(an_alert_group(id="g1", key="1", name="DiskFull", started_at=now))
        tx.alert_groups.add(an_alert_group(id="g2", key="2", name="Leaked", security=True))

    await looking.store.transaction("arrange", body)
    alerts, incidents, noisy = await looking.found(EVERYTHING["alerts"], EVERYTHING["incidents"], NOISIEST)
    assert [line.partition(", ")[0] for line in alerts.lines] == ["P1 A1 DiskFull", "1 security alert"]
    assert [line.partition(", ")[0] for line in incidents.lines] == [
        "P0 #1 checkout is down",
        "1 security incident",
    ]
    assert noisy.lines == ("nothing fired in the last 1 d",)


@pytest.mark.parametrize(
    ("cadence", "span"), [(Cadence.DAILY, "1 d"), (Cadence.WEEKLY, "7 d"), (Cadence.MONTHLY, "30 d")]
)
async def test_alerts_are_counted_over_the_time_between_reviews(
    looking: Looking, cadence: Cadence, span: str
) -> None:
    [found] = await looking.found(NOISIEST, run=a_run(cadence=cadence))
    assert found.lines == (f"nothing fired in the last {span}",)


@pytest.mark.parametrize(
    ("ago", "state", "span"),
    [
        (timedelta(days=3), RunState.DONE, "since the review before"),  # on a Monday
        (timedelta(days=1, minutes=1), RunState.DONE, "since the review before"),
        (timedelta(days=3), RunState.SKIPPED, "in the last 1 d"),
        (timedelta(), RunState.DONE, "in the last 1 d"),  # off schedule
        (timedelta(days=300), RunState.DONE, "in the last 35 d"),
    ],
)
async def test_what_came_since_the_review_before_counts(
    looking: Looking, ago: timedelta, state: RunState, span: str
) -> None:
    then = looking.clock.now() - ago
    before = a_run(id="r1", occurrence="before", begun_at=then, planned_at=then, state=state, closed_at=then)
    run = await looking.store.transaction("arrange", lambda tx: (tx.runs.add(before), tx.runs.add(RUN))[1])
    assert run is not None
    [found] = await looking.found(NOISIEST, run=run)
    assert found.lines == (f"nothing fired {span}",)
