from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.prometheus.course import BOUNDS, FAILED, REQUESTS, SECONDS, STATUSES, Counters
from bot.sandbox.prometheus.database import Database
from bot.sandbox.prometheus.services import SERVICES, Condition, Service
from bot.sandbox.prometheus.traffic import ORIGIN, WEEK_MS

START = ORIGIN + 340 * WEEK_MS
SCRAPE_MS = 15_000
GATEWAY, IDENTITY, PAYMENT, CONTENT = SERVICES
FAILED_PLACES = [STATUSES.index(status) for status in FAILED]


def all_of(counters: Counters, instant: int) -> list[float]:
    return [counters.value(place, instant) for place in range(SECONDS + 1)]


def failed_share(counters: Counters, start: int, end: int) -> float:
    def grown(place: int) -> float:
        return counters.value(place, end) - counters.value(place, start)

    return sum(map(grown, FAILED_PLACES)) / grown(REQUESTS)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(SERVICES),
    st.lists(
        st.tuples(
            st.integers(1, 10_000_000),
            st.floats(0, 1) | st.sampled_from([0.0, 1.0]),
            st.floats(0.1, 50),
            st.none() | st.integers(1, 5_000_000),
        ),
        max_size=4,
    ),
    st.integers(0, WEEK_MS),
)
def test_counters_never_fall_whatever_happens(
    service: Service, changes: list[tuple[int, float, float, int | None]], later: int
) -> None:
    counters, now = Counters(service), START + later
    before = all_of(counters, now)
    for wait, error_ratio, latency, lasts in [*changes, (600_000, 0.0, 1.0, None)]:
        for instant in range(now, now + wait, max(wait // 20, SCRAPE_MS)):
            shown = all_of(counters, instant)
            assert all(old <= new for old, new in zip(before, shown, strict=True))
            before = shown
        now += wait
        until = None if lasts is None else now + lasts
        counters.change(now, Condition(error_ratio=error_ratio, latency=latency), until)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SERVICES), st.integers(0, 4 * WEEK_MS))
def test_counters_agree_with_each_other(service: Service, later: int) -> None:
    counters, instant = Counters(service), START + later
    statuses, within, requests = (
        [counters.value(place, instant) for place in range(len(STATUSES))],
        [counters.value(len(STATUSES) + place, instant) for place in range(len(BOUNDS))],
        counters.value(REQUESTS, instant),
    )
    assert sum(statuses) == requests
    assert within == sorted(within)
    assert within[-1] <= requests


def test_what_was_counted_is_a_function_of_the_instant_alone() -> None:
    asked_before = Counters(PAYMENT)
    for instant in range(START, START + WEEK_MS, 3_600_007):
        asked_before.value(0, instant)
    assert all_of(asked_before, START + 12_345) == all_of(Counters(PAYMENT), START + 12_345)


def test_a_change_leaves_the_past_as_it_was() -> None:
    changed = Counters(PAYMENT)
    changed.change(START, Condition(error_ratio=0.5, latency=9), None)
    assert all_of(changed, START) == pytest.approx(all_of(Counters(PAYMENT), START))
    assert all_of(changed, START - 1) == all_of(Counters(PAYMENT), START - 1)


def test_a_change_shows_from_now_on_and_ends_in_time() -> None:
    counters = Counters(GATEWAY)
    end = START + 600_000
    counters.change(START, Condition(error_ratio=0.25), end)
    assert failed_share(counters, START, end) == pytest.approx(0.25, rel=1e-3)
    assert failed_share(counters, end, end + 3_600_000) == pytest.approx(0.0002, rel=0.05)
    assert counters.changes_at(START) == end


def test_a_later_change_ends_an_earlier_one() -> None:
    counters = Counters(GATEWAY)
    counters.change(START, Condition(error_ratio=0.25), START + 3_600_000)
    counters.change(START + 60_000, Condition(error_ratio=0.5), None)
    assert counters.condition(START + 7_200_000) == Condition(error_ratio=0.5)
    assert counters.changes_at(START + 60_000) is None


def test_slower_requests_show_in_the_histogram() -> None:
    counters = Counters(GATEWAY)
    usual = counters.p95(START)
    counters.change(START, Condition(error_ratio=0, latency=3), None)
    assert counters.p95(START) == pytest.approx(3 * usual)


def test_a_service_that_never_failed_has_no_series_of_failures() -> None:
    faultless = replace(CONTENT, usual=Condition(error_ratio=0))
    database = Database([faultless])
    database.counters["content"].change(START + 60_000, Condition(error_ratio=0.1), None)

    def statuses(now: int) -> set[str]:
        series = database.present(now).select(())
        labels = [dict(each.labels) for each in series if each.latest(0, now) is not None]
        return {each["status"] for each in labels if "status" in each}

    assert statuses(START) == {"200", "404"}
    assert statuses(START + 90_000) == {"200", "404", "500", "503"}


@pytest.mark.parametrize(
    ("service", "least", "most"),
    [(GATEWAY, 0.7, 0.9), (IDENTITY, 0.4, 0.6), (PAYMENT, 0.02, 0.2), (CONTENT, 0.7, 0.9)],
    ids=lambda value: getattr(value, "name", str(value)),
)
@pytest.mark.parametrize("later", range(0, 8 * WEEK_MS, WEEK_MS // 2 + 3_600_000))
def test_each_service_has_left_of_its_budget_what_its_story_says(
    service: Service, least: float, most: float, later: int
) -> None:
    end = START + later
    failed = failed_share(Counters(service), end - 30 * 86_400_000, end)
    assert least <= 1 - failed / (1 - service.availability) <= most


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_each_service_usually_is_as_fast_as_promised_at_every_hour(service: Service) -> None:
    counters = Counters(service)
    hours = range(START, START + WEEK_MS, 3_600_000)
    usual = [hour for hour in hours if counters.condition(hour) == service.usual]
    assert max(map(counters.p95, usual)) < service.p95_seconds
    assert service.p95_seconds in BOUNDS
