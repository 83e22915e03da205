"""Reports about services whose history is known exactly, from the real Prometheus that was told it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.prometheus import Prometheus
from bot.domain.guide import Metrics, Slo
from bot.domain.slo.objective import BURN_WINDOWS, Promise, Sli
from bot.domain.slo.plan import queries
from bot.domain.slo.reading import Measured, Report, State, read
from bot.domain.slo.verdict import Reason, Status, status, verdict
from bot.services.slo_course import SloCourse
from tests.support.clock import FakeClock
from tests.support.history import DAY, DURATION, END, HOUR, PROBE, REQUESTS, History
from tests.support.history_prometheus import ToldHistory
from tests.support.metrics import CountingMeter

MONTH, WEEK = timedelta(days=30), timedelta(days=7)
THRESHOLDS = {"payment": 500, "batch": 1000, "ledger": 500, "content": 300, "search": 300}
ENDS = (END, END - 20 * HOUR, END - 3 * DAY)


@dataclass(frozen=True, slots=True)
class Reader:
    """Asks the real Prometheus, and knows what is true."""

    source: Prometheus
    truth: History

    async def report(self, promise: Promise, window: timedelta = MONTH, end: int = END) -> Report:
        """What is said about a promise."""
        at = instant(end)
        asked = queries(promise, window)
        return read(promise, window, at, {query: await self.source.ask(query.text, at) for query in asked})

    def counts(self, service: str, end: int, length: timedelta) -> tuple[float, float]:
        """What is true: all requests of a window, and those that failed."""
        total, bad = (
            count(service, end, milliseconds(length)) for count in (self.truth.total, self.truth.bad)
        )
        assert total is not None
        assert bad is not None
        return total, bad


@pytest.fixture
async def reader(told: ToldHistory) -> AsyncIterator[Reader]:
    source = Prometheus(told.url, clock=FakeClock(instant(END)), meter=CountingMeter(), token=None)
    try:
        yield Reader(source, told.history)
    finally:
        await source.aclose()


def instant(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, tz=UTC)


def milliseconds(length: timedelta) -> int:
    return round(length.total_seconds() * 1000)


def promise(service: str) -> Promise:
    """99.9 % of a service's requests succeed, and 95 % are fast."""
    slo = Slo(
        window=MONTH,
        availability=0.999,
        latency_p95=timedelta(milliseconds=THRESHOLDS.get(service, 150)),
    )
    metrics = Metrics(
        requests=REQUESTS, duration=DURATION, selector=(("service", service),), bad='status=~"5.."'
    )
    return Promise(key=service, title=service, slo=slo, metrics=metrics)


def probed() -> Promise:
    """The platform: 99.9 % of the looks at it succeed."""
    metrics = Metrics(requests=REQUESTS, selector=(), bad='status=~"5.."', up=PROBE)
    return Promise(
        key="platform", title="Platform", slo=Slo(window=MONTH, availability=0.999), metrics=metrics
    )


def of(report: Report) -> Mapping[Sli, Measured]:
    return {measured.objective.sli: measured for measured in report.measured}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("window", [MONTH, WEEK], ids=["30d", "7d"])
@pytest.mark.parametrize("service", ["api-gateway", "identity", "content", "search", "batch", "ledger"])
async def test_what_is_counted_is_what_happened(
    reader: Reader, service: str, window: timedelta, end: int
) -> None:
    measured = of(await reader.report(promise(service), window, end))[Sli.AVAILABILITY]

    assert measured.state is State.MEASURED
    assert measured.window is not None
    assert measured.window.bad.is_exact
    assert (measured.window.total, measured.window.bad.least) == reader.counts(service, end, window)
    assert {
        length: (counts.total, counts.bad.least, counts.bad.most) for length, counts in measured.burns.items()
    } == {
        length: (total, bad, bad)
        for length in BURN_WINDOWS
        for total, bad in [reader.counts(service, end, length)]
    }


@pytest.mark.parametrize("service", ["api-gateway", "content", "batch", "ledger"])
async def test_slow_requests_are_counted_exactly_where_the_threshold_is_a_bound(
    reader: Reader, service: str
) -> None:
    asked = promise(service)
    assert asked.slo is not None
    assert asked.slo.latency_p95 is not None
    seconds = asked.slo.latency_p95.total_seconds()

    measured = of(await reader.report(asked))[Sli.LATENCY]

    for length, counts in {MONTH: measured.window, **measured.burns}.items():
        total, _ = reader.counts(service, END, length)
        within = reader.truth.within(service, seconds, END, milliseconds(length))
        assert within is not None
        assert counts is not None
        assert (counts.total, counts.bad.least, counts.bad.most) == (total, total - within, total - within)


@pytest.mark.parametrize(("service", "below", "above"), [("payment", 0.4, 0.75), ("search", 0.1, 1.0)])
async def test_a_threshold_that_is_no_bound_of_all_instances_gives_bounds_that_hold_the_truth(
    reader: Reader, service: str, below: float, above: float
) -> None:
    asked, window = promise(service), milliseconds(MONTH)

    measured = of(await reader.report(asked))[Sli.LATENCY]

    total, _ = reader.counts(service, END, MONTH)
    least, most = (reader.truth.within(service, bound, END, window) for bound in (below, above))
    assert measured.window is not None
    assert least is not None
    assert most is not None
    assert (measured.window.bad.least, measured.window.bad.most) == (total - most, total - least)
    assert measured.p95 is not None
    assert (measured.p95.low, measured.p95.high) == (below, above)
    assert verdict(measured, MONTH).reason is Reason.BETWEEN_BOUNDS


async def test_the_period_before_is_compared_where_it_is_covered(reader: Reader) -> None:
    before = of(await reader.report(promise("api-gateway")))[Sli.AVAILABILITY].previous
    late = of(await reader.report(promise("content")))[Sli.AVAILABILITY].previous

    assert before is not None
    counted = reader.counts("api-gateway", END - milliseconds(MONTH), MONTH)
    assert (before.total, before.bad.least) == counted
    assert late is None


async def test_what_burns_fast_pages_whatever_is_left(reader: Reader) -> None:
    report = await reader.report(promise("api-gateway"))

    assert status(report) is Status.PAGING
    assert verdict(of(report)[Sli.AVAILABILITY], MONTH).reason is Reason.FAST_BURN


async def test_what_never_failed_has_all_of_its_budget(reader: Reader) -> None:
    report = await reader.report(promise("identity"))

    measured = of(report)[Sli.AVAILABILITY]
    assert measured.window is not None
    assert measured.window.bad.most == 0
    assert verdict(measured, MONTH).status is Status.OK


async def test_one_failure_among_few_requests_wakes_nobody(reader: Reader) -> None:
    measured = of(await reader.report(promise("ledger")))[Sli.AVAILABILITY]

    assert measured.burns[timedelta(hours=6)].bad.least == 1
    assert verdict(measured, MONTH).status is Status.OK


async def test_a_late_start_is_told_as_the_share_that_is_covered(reader: Reader) -> None:
    measured = of(await reader.report(promise("content")))[Sli.AVAILABILITY]

    assert measured.coverage == pytest.approx(15.2 / 30, abs=0.002)


async def test_hours_in_which_nobody_scraped_are_not_covered(reader: Reader) -> None:
    measured = of(await reader.report(promise("payment"), WEEK))[Sli.AVAILABILITY]

    assert measured.coverage == pytest.approx((7 * 24 - 4) / (7 * 24), abs=0.01)


@pytest.mark.parametrize("window", [MONTH, WEEK], ids=["30d", "7d"])
async def test_what_nobody_asked_anything_has_no_traffic(reader: Reader, window: timedelta) -> None:
    report = await reader.report(promise("reports"), window)

    assert {measured.state for measured in report.measured} == {State.NO_TRAFFIC}
    assert status(report) is Status.UNKNOWN


async def test_what_was_never_there_has_no_data_and_is_named(reader: Reader) -> None:
    report = await reader.report(promise("nowhere"))

    assert {measured.state for measured in report.measured} == {State.NO_DATA}
    assert 'http_requests_total{service="nowhere"}' in (of(report)[Sli.AVAILABILITY].why or "")
    assert status(report) is Status.UNKNOWN


async def test_what_is_there_no_more_is_not_well(reader: Reader) -> None:
    month, week = [await reader.report(promise("legacy"), window) for window in (MONTH, WEEK)]

    assert of(month)[Sli.AVAILABILITY].gone
    assert verdict(of(month)[Sli.AVAILABILITY], MONTH).reason is Reason.GONE
    assert {measured.state for measured in week.measured} == {State.NO_DATA}
    assert {status(month), status(week)} == {Status.UNKNOWN}


@pytest.mark.parametrize("window", [MONTH, WEEK], ids=["30d", "7d"])
async def test_looks_from_outside_are_counted_exactly(reader: Reader, window: timedelta) -> None:
    measured = of(await reader.report(probed(), window))[Sli.AVAILABILITY]

    for length, counts in {window: measured.window, **measured.burns}.items():
        looks, failed = reader.truth.looks(END, milliseconds(length))
        assert counts is not None
        assert (counts.total, counts.bad.least, counts.bad.most) == (looks, failed, failed)


async def test_each_step_of_a_chart_is_what_happened_in_it(reader: Reader) -> None:
    report = await reader.report(promise("api-gateway"))
    drawable = await SloCourse(source=reader.source).of(report)

    assert drawable is not None
    assert drawable.objective.sli is Sli.AVAILABILITY
    assert len(drawable.steps) == 30 * 24
    hour = timedelta(hours=1)
    assert [(step.total, step.bad) for step in drawable.steps] == [
        reader.counts("api-gateway", round(step.at.timestamp() * 1000), hour) for step in drawable.steps
    ]


async def test_what_an_incident_cost_is_what_failed_in_it(reader: Reader) -> None:
    asked = promise("api-gateway")
    since, until = END - 20 * DAY - 6 * HOUR, END - 20 * DAY - 2 * HOUR

    cost = await SloCourse(source=reader.source).cost(
        asked, asked.objectives[0], instant(since), instant(until)
    )

    assert cost is not None
    length = timedelta(milliseconds=until - since)
    assert (cost.total, cost.bad.least) == reader.counts("api-gateway", until, length)
