from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.charts.dates import MOST_NAMED, dates
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON

KOLKATA = ZoneInfo("Asia/Kolkata")
DAY = timedelta(days=1)


def names(length: timedelta, zone: ZoneInfo = NEW_YORK) -> list[str]:
    return [name for _, name in dates(MONDAY_NOON - length, MONDAY_NOON, zone)]


def test_a_months_weeks_are_named_to_today() -> None:
    assert names(30 * DAY) == ["16 Feb", "23 Feb", "2 Mar", "9 Mar", "16 Mar"]


def test_a_weeks_days_are_named() -> None:
    assert names(7 * DAY) == ["10 Mar", "12 Mar", "14 Mar", "16 Mar"]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (NEW_YORK, ["18:00", "00:00", "06:00", "12:00"]),
        (KOLKATA, ["00:00", "06:00", "12:00", "18:00"]),
    ],
    ids=str,
)
def test_a_days_hours_are_the_zones(zone: ZoneInfo, expected: list[str]) -> None:
    assert names(DAY, zone)[-4:] == expected


def test_days_begin_at_midnight_of_the_zone_over_its_change_of_clocks() -> None:
    since, until = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 11, tzinfo=UTC)
    assert {at.astimezone(NEW_YORK).hour for at, _ in dates(since, until, NEW_YORK)} == {0}


@given(st.timedeltas(timedelta(minutes=1), timedelta(days=400)), st.sampled_from([NEW_YORK, KOLKATA]))
def test_few_are_named_in_order_and_all_of_them_within(length: timedelta, zone: ZoneInfo) -> None:
    named = [at for at, _ in dates(MONDAY_NOON - length, MONDAY_NOON, zone)]
    assert len(named) <= MOST_NAMED + 1
    assert named == sorted(named)
    assert all(MONDAY_NOON - length <= at <= MONDAY_NOON for at in named)
