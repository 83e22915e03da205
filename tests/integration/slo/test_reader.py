"""What the reader of SLOs answers, whatever becomes of its questions."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from bot.domain.guide import Guide
from bot.domain.slo.gate import Permission
from bot.domain.slo.objective import PLATFORM, Sli
from bot.domain.slo.plan import queries, rounded
from bot.domain.slo.reading import Report, Reported, State
from bot.ports.failures import PermanentFailure, TemporaryFailure
from bot.ports.metrics import TookTooLong
from bot.services.slo_asking import AT_ONCE, LATE
from bot.services.slo_kept import KeptReports
from bot.services.slo_reader import SloReader
from storage.open import OpenStore
from tests.support.builders import a_guide, an_incident
from tests.support.clock import FakeClock
from tests.support.metric_source import FakeMetrics

DOWN = TemporaryFailure("Prometheus cannot be reached.")
SOON = 0.05
"""A deadline, in seconds, for tests that wait until it is over."""
FAR = 60.0
MONTH = timedelta(days=30)


@pytest.fixture
def clock() -> FakeClock:
    clock = FakeClock()
    clock.advance(seconds=7)
    return clock


@pytest.fixture
def seconds() -> float:
    """How long an answer may take."""
    return FAR


@pytest.fixture
def reader(store: OpenStore, clock: FakeClock, source: FakeMetrics, seconds: float) -> SloReader:
    made = SloReader(source=source, guide=a_guide(), clock=clock, store=store, seconds=seconds)
    for promise in made.promises.values():
        source.know(promise)
    return made


def known(reported: Reported) -> Report:
    assert reported.report is not None, reported.trouble
    return reported.report


async def test_everything_in_an_answer_is_asked_once_and_for_one_instant(
    reader: SloReader, source: FakeMetrics, clock: FakeClock
) -> None:
    report = known(await reader.report("payment"))
    asked = [query for query, _ in source.asked]
    assert {at for _, at in source.asked} == {rounded(clock.now())} == {report.at}
    assert sorted(asked) == sorted(set(asked)) == sorted(query.text for query in report.queries)


async def test_the_overview_has_one_instant_and_the_platform_on_top_then_the_worst(
    reader: SloReader, source: FakeMetrics
) -> None:
    source.know(reader.promises["identity"], bad=400)  # of 500
    source.know(reader.promises["content"], bad=6000)  # of 5000
    source.know(reader.promises["api-gateway"], bad=950)  # of 1000
    everything = await reader.overview()
    order = [one.promise.key for one in everything]
    assert order == [PLATFORM, "content", "api-gateway", "identity", "payment"]
    assert len({at for _, at in source.asked}) == 1


async def test_a_few_questions_are_under_way_at_once(reader: SloReader, source: FakeMetrics) -> None:
    source.hangs = lambda _query: not source.released.is_set()
    async with asyncio.TaskGroup() as group:
        answers = [group.create_task(reader.overview()) for _ in range(20)]
        await source.hung.wait()
        source.released.set()
    assert source.most_at_once == AT_ONCE
    assert all(one.report is not None for answer in answers for one in answer.result())


@pytest.mark.parametrize("seconds", [SOON])
async def test_what_is_late_is_told_and_the_rest_is_shown(reader: SloReader, source: FakeMetrics) -> None:
    source.hangs = lambda query: "_bucket" in query
    availability, latency = known(await reader.report("payment")).measured
    assert (availability.state, latency.state, latency.why) == (State.MEASURED, State.FAILED, LATE)


async def test_what_fails_is_told_and_the_rest_is_shown(reader: SloReader, source: FakeMetrics) -> None:
    refused = PermanentFailure("Prometheus refuses the query (422: execution: many-to-many).")
    source.fails = lambda query: refused if "offset" in query and "http_requests_total" in query else None
    availability, latency = known(await reader.report("payment")).measured
    # the comparison and the coverage (which is asked for both windows at once) of availability
    assert (availability.state, availability.coverage, availability.previous) == (State.MEASURED, None, None)
    assert latency.previous is not None


async def test_while_nothing_answers_the_last_report_is_told_with_its_age(
    reader: SloReader, source: FakeMetrics, clock: FakeClock
) -> None:
    first = await reader.report("payment")
    source.fails = lambda _query: DOWN
    clock.advance(minutes=12)
    later = await reader.report("payment")
    assert later.report == first.report
    assert (later.age, later.trouble) == (timedelta(minutes=12), DOWN.reason)


@pytest.mark.parametrize("seconds", [SOON])
@pytest.mark.parametrize("hangs", [True, False])
async def test_where_nothing_was_ever_answered_the_trouble_is_told(
    reader: SloReader, source: FakeMetrics, *, hangs: bool
) -> None:
    source.hangs, source.fails = (lambda _query: hangs), (lambda _query: DOWN)
    reported = await reader.report("payment")
    assert (reported.report, reported.age) == (None, None)
    assert reported.trouble == (LATE if hangs else DOWN.reason)


async def test_a_report_of_another_window_is_not_told_instead(reader: SloReader, source: FakeMetrics) -> None:
    await reader.report("payment")
    source.fails = lambda _query: DOWN
    assert (await reader.report("payment", timedelta(days=7))).report is None


async def test_each_of_an_overview_has_its_own_failure(reader: SloReader, source: FakeMetrics) -> None:
    source.fails = lambda query: DOWN if 'service="payment"' in query else None
    everything = {one.promise.key: one for one in await reader.overview()}
    assert everything["payment"].trouble == DOWN.reason
    assert all(one.report is not None for key, one in everything.items() if key != "payment")


async def test_without_prometheus_nothing_is_asked(reader: SloReader, source: FakeMetrics) -> None:
    source.there = False
    everything = await reader.overview()
    assert all((one.trouble or "").startswith("PROMETHEUS_URL is not set: ") for one in everything)
    gate = await reader.gate("payment")
    assert (gate.permission, gate.trouble) == (Permission.UNKNOWN, everything[0].trouble)
    assert not source.asked


@pytest.mark.parametrize(
    ("missing", "where"),
    [
        ({"slo": None}, "`services.payment.slo`"),
        ({"metrics": None}, "`services.payment.metrics`"),
        ({"slo": "latency"}, "`services.payment.metrics.duration`"),
    ],
)
async def test_what_is_missing_in_the_guide_is_named(
    store: OpenStore, clock: FakeClock, source: FakeMetrics, missing: dict[str, object], where: str
) -> None:
    reader = SloReader(source=source, guide=without(missing), clock=clock, store=store)
    reported = await reader.report("payment")
    assert reported.report is None
    assert where in (reported.trouble or "")
    assert (await reader.gate("payment")).permission is Permission.UNKNOWN
    with pytest.raises(PermanentFailure, match="fill in"):
        await reader.at(reader.promises["payment"], clock.now())
    assert not source.asked


def without(missing: dict[str, object]) -> Guide:
    """The shipped guide, where something about payments is not filled in."""
    guide = a_guide()
    service = guide.services["payment"]
    assert service.slo is not None
    assert service.metrics is not None
    if missing == {"slo": "latency"}:
        only_latency = replace(service.slo, availability=None)
        service = replace(service, slo=only_latency, metrics=replace(service.metrics, duration=None))
    elif "slo" in missing:
        service = replace(service, slo=None)
    else:
        service = replace(service, metrics=None)
    return replace(guide, services={**guide.services, "payment": service})


async def test_a_kept_report_opens_no_gate(reader: SloReader, source: FakeMetrics, clock: FakeClock) -> None:
    assert (await reader.gate("payment")).permission is Permission.SHIP
    source.fails = lambda _query: DOWN
    clock.advance(seconds=30)
    gate = await reader.gate("payment")
    assert (gate.permission, gate.report, gate.trouble) == (Permission.UNKNOWN, None, DOWN.reason)


@pytest.mark.parametrize("part", ["label_replace(label_replace(", "count_over_time((", "_bucket"])
async def test_the_gate_stays_shut_where_anything_that_it_needs_is_late(
    reader: SloReader, source: FakeMetrics, part: str
) -> None:
    source.fails = lambda query: TookTooLong(LATE) if part in query else None
    assert (await reader.gate("payment")).permission is Permission.UNKNOWN


async def test_whatever_is_not_answered_is_no_yes_and_no_error(
    reader: SloReader, source: FakeMetrics
) -> None:
    """Every set of the questions, and each in two ways."""
    promise = reader.promises["payment"]
    texts = [query.text for query in queries(promise, MONTH, previous=False)]
    for answered in product((None, DOWN, TookTooLong(LATE)), repeat=len(texts)):
        failing = {text: failure for text, failure in zip(texts, answered, strict=True) if failure}
        source.fails = failing.get
        gate = await reader.gate("payment")
        assert (gate.permission is Permission.SHIP) == (not failing), failing
        assert gate.permission.is_yes == (not failing)


async def test_nobody_waits_for_the_database_while_numbers_are_waited_for(
    reader: SloReader, source: FakeMetrics, store: OpenStore
) -> None:
    source.hangs = lambda _query: True
    async with asyncio.TaskGroup() as group:
        gate = group.create_task(reader.gate("payment"))
        await source.hung.wait()
        await store.transaction("declare", lambda tx: tx.incidents.add(an_incident(number=0)))
        source.released.set()
    assert gate.result().permission is not Permission.UNKNOWN


async def test_an_instant_of_an_incident_is_asked_for_as_it_was(
    reader: SloReader, source: FakeMetrics, clock: FakeClock
) -> None:
    then = clock.now() - timedelta(minutes=20)
    await reader.at(reader.promises["payment"], then)
    assert all(at <= then for _, at in source.asked)


async def test_an_instant_of_an_incident_that_cannot_be_asked_for_fails(
    reader: SloReader, source: FakeMetrics, clock: FakeClock
) -> None:
    await reader.report("payment")
    source.fails = lambda _query: DOWN
    with pytest.raises(TemporaryFailure):
        await reader.at(reader.promises["payment"], clock.now())


async def test_so_many_reports_are_kept(reader: SloReader) -> None:
    kept = KeptReports(most=2)
    reports = [known(await reader.report(key)) for key in ("payment", "content", "identity")]
    for report in reports:
        kept.keep(report)
    last = [kept.last(report.promise, report.window) for report in reports]
    assert last == [None, *reports[1:]]


async def test_the_objectives_are_told_in_the_guide_s_order(reader: SloReader) -> None:
    report = known(await reader.report(PLATFORM))
    assert [one.objective.sli for one in report.measured] == [Sli.AVAILABILITY, Sli.ERROR_RATE, Sli.LATENCY]
