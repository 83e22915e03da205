"""The real Prometheus counts exactly what happened, where the ends of a window are scrapes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import product

import aiohttp
import pytest

from tests.support.history import DAY, DURATION, END, HOUR, MINUTE, PROBE, REQUESTS
from tests.support.history_prometheus import ToldHistory
from tests.support.history_services import FAILED_ONCE, NOT_SCRAPED, STARTED, VANISHED
from tests.support.prometheus_answers import without_version_3

WINDOWS = {
    "5m": 5 * MINUTE,
    "30m": 30 * MINUTE,
    "1h": HOUR,
    "6h": 6 * HOUR,
    "3d": 3 * DAY,
    "7d": 7 * DAY,
    "30d": 30 * DAY,
}
ENDS = (END, END - 40 * MINUTE, END - 20 * HOUR, END - 3 * DAY)
SERVICES = ("api-gateway", "identity", "payment", "content", "search", "batch", "ledger", "reports")
LAST_MONTH = (END, 30 * DAY)


class Asked:
    """A Prometheus that is asked for single numbers."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def number(self, query: str, at: int = END) -> float | None:
        """The one number that a query gives at an instant; None where it gives nothing."""
        async with self._http.get("/api/v1/query", params={"query": query, "time": at / 1000}) as answer:
            body = await answer.json()
        assert body["status"] == "success", body
        result = body["data"]["result"]
        assert len(result) <= 1, result
        return float(result[0]["value"][1]) if result else None


@pytest.fixture
async def prometheus(told: ToldHistory) -> AsyncIterator[Asked]:
    async with aiohttp.ClientSession(told.url) as http:
        await without_version_3(http)
        yield Asked(http)


@pytest.mark.parametrize("service", SERVICES)
async def test_requests_and_failures_of_every_window_are_counted_exactly(
    prometheus: Asked, told: ToldHistory, service: str
) -> None:
    wrong = []
    for end, (window, length) in product(ENDS, WINDOWS.items()):
        counted = (
            await prometheus.number(f'sum(increase({REQUESTS}{{service="{service}"}}[{window}]))', end),
            await prometheus.number(
                f'sum(increase({REQUESTS}{{service="{service}",status=~"5.."}}[{window}])) or vector(0)', end
            ),
            await prometheus.number(f'sum(increase({DURATION}_count{{service="{service}"}}[{window}]))', end),
        )
        total, bad = told.history.total(service, end, length), told.history.bad(service, end, length)
        if counted != (total, bad, total):
            wrong.append(f"{window} until {end}: {counted} instead of {total}, {bad}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("service", "bound"), [("api-gateway", 0.15), ("content", 0.3), ("ledger", 0.5)])
async def test_requests_within_a_bound_are_counted_exactly(
    prometheus: Asked, told: ToldHistory, service: str, bound: float
) -> None:
    for end, (window, length) in product(ENDS, WINDOWS.items()):
        series = f'{DURATION}_bucket{{service="{service}",le="{bound:g}"}}'
        counted = await prometheus.number(f"sum(increase({series}[{window}]))", end)
        assert counted == told.history.within(service, bound, end, length), (window, end)


async def test_restarts_would_be_misread_by_who_adds_up_first(prometheus: Asked, told: ToldHistory) -> None:
    total = told.history.total("api-gateway", *LAST_MONTH)

    counted = await prometheus.number(f'increase(sum({REQUESTS}{{service="api-gateway"}})[30d:5m])')

    assert total is not None
    assert counted is not None
    assert counted > 1.2 * total


async def test_a_bound_written_in_two_ways_is_found_by_a_pattern_only(
    prometheus: Asked, told: ToldHistory
) -> None:
    within = told.history.within("batch", 1.0, *LAST_MONTH)
    bucket = f'{DURATION}_bucket{{service="batch",le'

    assert await prometheus.number(f'sum(increase({bucket}=~"1(\\\\.0)?"}}[30d]))') == within
    one_way = await prometheus.number(f'sum(increase({bucket}="1"}}[30d]))')
    assert one_way is not None
    assert within is not None
    assert one_way < within


async def test_a_threshold_that_is_no_bound_leaves_a_doubt(told: ToldHistory) -> None:
    past = told.history

    with pytest.raises(KeyError):
        past.within("payment", 0.5, *LAST_MONTH)
    least, most = (
        count("payment", 0.5, *LAST_MONTH) for count in (past.within_at_least, past.within_at_most)
    )
    assert (least, most) == (
        past.within("payment", 0.4, *LAST_MONTH),
        past.within("payment", 0.75, *LAST_MONTH),
    )
    assert past.within_at_least("content", 0.3, *LAST_MONTH) == past.within("content", 0.3, *LAST_MONTH)


async def test_a_service_without_failures_has_no_series_of_them(prometheus: Asked, told: ToldHistory) -> None:
    series = f'{REQUESTS}{{service="identity",status=~"5.."}}'

    assert await prometheus.number(f"sum(increase({series}[30d]))") is None
    assert told.history.bad("identity", *LAST_MONTH) == 0


async def test_what_is_there_no_more_has_no_numbers(prometheus: Asked, told: ToldHistory) -> None:
    series = f'{REQUESTS}{{service="legacy"}}'

    assert await prometheus.number(f"sum(increase({series}[7d]))") is None
    assert told.history.total("legacy", END, 7 * DAY) is None
    before = await prometheus.number(f"sum(increase({series}[7d]))", VANISHED)
    assert before == told.history.total("legacy", VANISHED, 7 * DAY)
    with pytest.raises(ValueError, match="legacy was not scraped"):
        told.history.total("legacy", *LAST_MONTH)


async def test_what_nobody_asked_anything_has_numbers_that_are_zero(prometheus: Asked) -> None:
    assert await prometheus.number(f'sum(increase({REQUESTS}{{service="reports"}}[30d]))') == 0


async def test_one_request_that_failed_is_counted_as_one(prometheus: Asked) -> None:
    series = f'{REQUESTS}{{service="ledger",status=~"5.."}}'

    assert await prometheus.number(f"sum(increase({series}[30d]))") == 1
    assert await prometheus.number(f"sum(increase({series}[6h]))") == 1
    assert await prometheus.number(f"sum(increase({series}[6h]))", FAILED_ONCE - 10 * MINUTE) == 0


@pytest.mark.parametrize(
    ("service", "hours"),
    [
        ("api-gateway", 30 * 24 + 1),
        ("content", 15 * 24 + 5 + 1),
        ("payment", 30 * 24 + 1 - 4),
        ("legacy", 20 * 24 + 1),
    ],
)
async def test_the_hours_in_which_a_service_was_seen_are_known(
    prometheus: Asked, told: ToldHistory, service: str, hours: int
) -> None:
    seen = await prometheus.number(f'count_over_time((sum({REQUESTS}{{service="{service}"}}))[30d:1h])')

    assert (seen, told.history.hours(service, *LAST_MONTH)) == (hours, hours)


async def test_a_database_that_remembers_half_of_a_window_counts_that_half(
    prometheus: Asked, told: ToldHistory
) -> None:
    half_way = END - 60 * DAY + 15 * DAY
    window = f'{REQUESTS}{{service="api-gateway"}}[30d]'

    counted = await prometheus.number(f"sum(increase({window}))", half_way)

    assert counted == told.history.total("api-gateway", half_way, 30 * DAY)
    assert counted == told.history.total("api-gateway", half_way, 15 * DAY)


async def test_a_window_that_ends_where_nobody_scraped_has_no_exact_truth(told: ToldHistory) -> None:
    since, until = NOT_SCRAPED

    assert told.history.total("payment", until, 6 * HOUR) is not None
    with pytest.raises(ValueError, match="not scraped"):
        told.history.total("payment", until - HOUR, 6 * HOUR)
    with pytest.raises(ValueError, match="not scraped"):
        told.history.total("payment", until + HOUR, (until + HOUR) - (since + HOUR))


@pytest.mark.parametrize(("window", "length"), WINDOWS.items())
async def test_looks_from_outside_are_counted_exactly(
    prometheus: Asked, told: ToldHistory, window: str, length: int
) -> None:
    looks, failed = told.history.looks(END, length)

    assert await prometheus.number(f"sum(count_over_time({PROBE}[{window}]))") == looks
    assert await prometheus.number(f"sum(sum_over_time({PROBE}[{window}]))") == looks - failed


async def test_what_began_late_is_counted_from_its_beginning(prometheus: Asked, told: ToldHistory) -> None:
    counted = await prometheus.number(f'sum(increase({REQUESTS}{{service="content"}}[30d]))')

    assert counted == told.history.total("content", END, END - STARTED)
