"""The reader, over the adapter, over the real Prometheus: everything at once, and whether one may ship."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.prometheus import Prometheus
from bot.domain.guide import Guide, Metrics, Service, Slo
from bot.domain.slo.gate import Permission
from bot.domain.slo.objective import PLATFORM, Sli
from bot.domain.slo.reading import Measured, Report, State
from bot.domain.slo.verdict import Reason, Status, status, verdict
from bot.services.slo_reader import SloReader
from storage.open import OpenStore, open_store
from tests.support.builders import a_guide
from tests.support.clock import FakeClock
from tests.support.history import DAY, END, HOUR
from tests.support.history_prometheus import ToldHistory
from tests.support.metrics import CountingMeter

MONTH = timedelta(days=30)
THRESHOLDS = {
    "api-gateway": 150,
    "identity": 200,
    "payment": 500,
    "content": 300,
    "search": 300,
    "batch": 1000,
    "ledger": 500,
    "legacy": 500,
    "reports": 500,
    "nowhere": 500,
}
TARGETS = {"batch": 0.9989}
"""Others promise 99.9 %. Of its requests 0.1 % fail: a tenth of what may is left."""
BURN = {timedelta(hours=1): HOUR, timedelta(minutes=5): HOUR // 12}


def ten_services() -> Guide:
    """A guide in which 99.9 % of the requests to each service succeed, and 95 % are fast."""
    guide = a_guide()
    some = guide.services["payment"]
    return replace(guide, services={key: _service(some, key, THRESHOLDS[key]) for key in THRESHOLDS})


def target(key: str) -> float:
    return TARGETS.get(key, 0.999)


def _service(like: Service, key: str, threshold: int) -> Service:
    return replace(
        like,
        key=key,
        title=key,
        slo=Slo(window=MONTH, availability=target(key), latency_p95=timedelta(milliseconds=threshold)),
        metrics=Metrics(
            requests="http_requests_total",
            duration="http_request_duration_seconds",
            selector=(("service", key),),
            bad='status=~"5.."',
        ),
    )


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime.fromtimestamp(END / 1000, tz=UTC) + timedelta(seconds=11))


@pytest.fixture
async def store(tmp_path: Path, clock: FakeClock) -> AsyncIterator[OpenStore]:
    opened = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'slo.db'}", clock=clock)
    yield opened
    await opened.aclose()


@pytest.fixture
async def reader(told: ToldHistory, store: OpenStore, clock: FakeClock) -> AsyncIterator[SloReader]:
    source = Prometheus(told.url, clock=clock, meter=CountingMeter())
    yield SloReader(source=source, guide=ten_services(), clock=clock, store=store, seconds=60)
    await source.aclose()


async def everything(reader: SloReader) -> Mapping[str, Report]:
    reports = {one.promise.key: one.report for one in await reader.overview()}
    assert None not in reports.values()
    return {key: report for key, report in reports.items() if report is not None}


def states(report: Report) -> list[State]:
    return [one.state for one in report.measured]


async def test_every_service_is_told_as_it_is(reader: SloReader) -> None:
    told = await everything(reader)

    assert {key: status(report) for key, report in told.items() if key != PLATFORM} == {
        "api-gateway": Status.PAGING,
        "content": Status.SPENT,
        "payment": Status.UNKNOWN,  # the threshold lies between two bounds
        "search": Status.UNKNOWN,  # of two versions with other bounds
        "legacy": Status.UNKNOWN,  # gone
        "reports": Status.UNKNOWN,  # nobody asks it anything
        "nowhere": Status.UNKNOWN,
        "identity": Status.OK,
        "ledger": Status.OK,
        "batch": Status.AT_RISK,
    }


async def test_the_platform_comes_first_and_then_the_worst(reader: SloReader) -> None:
    order = [one.promise.key for one in await reader.overview()]
    known = await everything(reader)
    places = [list(Status).index(status(known[key])) for key in order[1:]]

    assert order[0] == PLATFORM
    assert places == sorted(places)


async def test_nothing_is_accused_that_happened_otherwise(reader: SloReader, told: ToldHistory) -> None:
    """Spent or paging is said only where what truly happened is so; and all is well only where it is."""
    for key, report in (await everything(reader)).items():
        if key in {PLATFORM, "legacy", "reports", "nowhere"}:
            continue
        measured = next(one for one in report.measured if one.objective.sli is Sli.AVAILABILITY)
        total, bad = told.history.total(key, END, 30 * DAY), told.history.bad(key, END, 30 * DAY)
        assert total is not None
        assert bad is not None
        judged = verdict(measured, MONTH)
        budget = (1 - target(key)) * total
        assert (judged.reason is Reason.BUDGET_SPENT) == (bad >= budget and _is_covered(measured)), key
        assert (judged.status is Status.OK) <= (bad <= 0.9 * budget), key
        if judged.reason is Reason.FAST_BURN:
            assert all(_burn(told, key, length) >= 14.4 for length in BURN.values())


def _is_covered(measured: Measured) -> bool:
    return measured.coverage is not None and measured.coverage >= 0.5


def _burn(told: ToldHistory, key: str, length: int) -> float:
    total, bad = told.history.total(key, END, length), told.history.bad(key, END, length)
    assert total is not None
    assert bad is not None
    return bad / total / 0.001


@pytest.mark.parametrize("key", THRESHOLDS)
async def test_what_is_shown_of_coverage_is_what_was_there(
    reader: SloReader, told: ToldHistory, key: str
) -> None:
    report = (await reader.report(key)).report
    assert report is not None
    hours = min(told.history.hours(key, END, 30 * DAY) / 720, 1.0)
    assert report.measured[0].coverage == pytest.approx(hours)


@pytest.mark.parametrize(
    ("key", "permission"),
    [
        ("api-gateway", Permission.HOLD),
        ("content", Permission.HOLD),
        ("batch", Permission.CAUTION),
        ("identity", Permission.SHIP),
        ("payment", Permission.UNKNOWN),
        ("legacy", Permission.UNKNOWN),
        ("reports", Permission.UNKNOWN),
        ("nowhere", Permission.UNKNOWN),
    ],
)
async def test_one_may_ship_where_there_is_budget(
    reader: SloReader, key: str, permission: Permission
) -> None:
    gate = await reader.gate(key)

    assert (gate.permission, gate.permission.is_yes) == (permission, permission in _YES)


_YES = {Permission.SHIP, Permission.CAUTION}


async def test_the_cost_of_an_incident_is_what_failed_in_it(reader: SloReader, told: ToldHistory) -> None:
    since, until = END - 20 * DAY - 6 * HOUR, END - 20 * DAY - 2 * HOUR
    begun, over = (datetime.fromtimestamp(at / 1000, tz=UTC) for at in (since, until))

    found = await reader.at(reader.promises["api-gateway"], over, since=begun)

    counted = {objective.sli: counts for objective, counts in found.counted}[Sli.AVAILABILITY]
    assert counted.bad.least == told.history.bad("api-gateway", until, until - since)
    assert counted.total == told.history.total("api-gateway", until, until - since)
