from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.severity import Severity
from bot.domain.statistics import SECURITY, Counted, Paged, Span, is_night, statistics
from tests.support.builders import NEW_YORK, new_york
from tests.support.clock import MONDAY_NOON

DAY = timedelta(days=1)
SPAN = Span(since=MONDAY_NOON - 30 * DAY, until=MONDAY_NOON)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def counted(
    days_ago: float = 1, *, taken: float | None = None, ended: float | None = None, **more: object
) -> Counted:
    declared = MONDAY_NOON - days_ago * DAY
    one = Counted(
        severity=Severity.P0,
        service="payment",
        security=False,
        declared_at=declared,
        acknowledged_at=None if taken is None else declared + minutes(taken),
        resolved_at=None if ended is None else declared + minutes(ended),
    )
    return replace(one, **more)  # type: ignore[arg-type]


def test_nothing_declared_is_nothing_to_measure() -> None:
    shown = statistics([], SPAN, UTC)
    assert shown.all.count == 0
    assert shown.all.to_acknowledge is None
    assert not shown.by_severity
    assert not shown.by_service


def test_median_and_mean_are_of_those_that_were_taken() -> None:
    shown = statistics(
        [counted(taken=2, ended=30), counted(taken=4), counted(taken=60), counted()], SPAN, UTC
    )
    assert shown.all.to_acknowledge is not None
    assert (shown.all.to_acknowledge.count, shown.all.to_acknowledge.median) == (3, minutes(4))
    assert shown.all.to_acknowledge.mean == minutes(22)
    assert shown.all.to_resolve is not None
    assert shown.all.to_resolve.median == minutes(30)
    assert shown.all.open == 3


def test_what_was_declared_before_the_span_is_not_counted() -> None:
    assert statistics([counted(days_ago=31), counted(days_ago=29)], SPAN, UTC).all.count == 1


def test_a_time_that_was_corrected_to_before_the_declaration_counts_as_none_at_all() -> None:
    shown = statistics([counted(taken=-5)], SPAN, UTC)
    assert shown.all.to_acknowledge is not None
    assert shown.all.to_acknowledge.median == timedelta()


def test_escalations_are_pages_after_the_first() -> None:
    at = MONDAY_NOON - DAY
    pages = tuple(Paged(at=at, step=step) for step in range(3))
    shown = statistics([counted(pages=pages), counted(pages=pages[:1])], SPAN, UTC)
    assert (shown.all.pages, shown.all.escalations, shown.all.escalated) == (4, 2, 1)


@pytest.mark.parametrize(
    ("local", "night"), [((22, 0), True), ((21, 59), False), ((5, 59), True), ((6, 0), False), ((0, 0), True)]
)
def test_night_is_from_22_to_6_by_the_clocks_of_the_guide(local: tuple[int, int], *, night: bool) -> None:
    assert is_night(new_york(2026, 3, 10, *local), NEW_YORK) is night


def test_it_is_night_by_the_wall_clock_on_both_sides_of_a_clock_change() -> None:
    assert is_night(datetime(2026, 3, 8, 9, 59, tzinfo=UTC), NEW_YORK), "05:59 in summer time"
    assert not is_night(datetime(2026, 3, 8, 10, 0, tzinfo=UTC), NEW_YORK)
    assert is_night(datetime(2026, 3, 7, 10, 59, tzinfo=UTC), NEW_YORK), "05:59 in winter time"


def test_the_parts_are_in_order_worst_and_most_first() -> None:
    shown = statistics(
        [
            counted(severity=Severity.P2, service="identity"),
            counted(),
            counted(),
            counted(service=None),
        ],
        SPAN,
        UTC,
    )
    assert list(shown.by_severity) == [Severity.P0, Severity.P2]
    assert next(iter(shown.by_service)) == "payment"
    assert set(shown.by_service) == {"payment", "identity", None}


def test_a_security_incident_counts_and_does_not_say_what_it_is_about() -> None:
    secret = counted(security=True)
    shown = statistics([secret, counted(service="identity")], SPAN, UTC)
    assert shown.all.count == 2
    assert set(shown.by_service) == {SECURITY, "identity"}
    asked = statistics([secret], replace(SPAN, service="payment"), UTC)
    assert asked.all.count == 0


def test_one_service_is_asked_for() -> None:
    shown = statistics([counted(), counted(service="identity")], replace(SPAN, service="payment"), UTC)
    assert shown.all.count == 1


@given(
    ages=st.lists(st.floats(0, 40), max_size=30),
    days=st.integers(1, 60),
    zone=st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_every_incident_of_the_span_is_in_one_week(ages: list[float], days: int, zone: str) -> None:
    span = Span(since=MONDAY_NOON - days * DAY, until=MONDAY_NOON)
    shown = statistics([counted(days_ago=age) for age in ages], span, ZoneInfo(zone))
    assert sum(week.count for week in shown.by_week) == shown.all.count
    assert len(shown.by_week) == -(-days // 7)
    starts = [week.since for week in shown.by_week]
    assert starts == sorted(starts)
    assert starts[0] == span.since
    assert sum(of.count for of in shown.by_severity.values()) == shown.all.count
    assert sum(of.count for of in shown.by_service.values()) == shown.all.count
