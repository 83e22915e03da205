from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import BusinessCalendar, NoBusinessDayError, instant_of
from bot.domain.guide import BusinessHours

NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ZONES = (NEW_YORK, ZoneInfo("Europe/Berlin"), LORD_HOWE)

MON_TO_FRI = frozenset(range(5))
CHRISTMAS = date(2026, 12, 25)  # a Friday


def calendar(
    zone: ZoneInfo = NEW_YORK,
    opens: time = time(9),
    closes: time = time(17),
    weekdays: frozenset[int] = MON_TO_FRI,
    is_holiday: Callable[[date], bool] = CHRISTMAS.__eq__,
) -> BusinessCalendar:
    hours = BusinessHours(opens=opens, closes=closes, weekdays=weekdays)
    return BusinessCalendar(zone=zone, hours=hours, is_holiday=is_holiday)


def new_york(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[arg-type,misc]  # year to minute


def test_a_weekday_is_a_business_day() -> None:
    assert calendar().is_business_day(date(2026, 12, 24))


def test_a_weekend_is_no_business_day() -> None:
    assert not calendar().is_business_day(date(2026, 12, 26))


def test_a_holiday_is_no_business_day() -> None:
    assert not calendar().is_business_day(CHRISTMAS)


def test_before_opening_the_next_opening_is_that_of_the_same_day() -> None:
    assert calendar().next_opening(new_york(2026, 11, 24, 8)) == new_york(2026, 11, 24, 9)


def test_at_opening_the_next_opening_is_that_of_the_day_after() -> None:
    assert calendar().next_opening(new_york(2026, 11, 24, 9)) == new_york(2026, 11, 25, 9)


def test_the_next_business_day_is_never_today_even_before_opening() -> None:
    assert calendar().next_business_day_opening(new_york(2026, 11, 24, 8)) == new_york(2026, 11, 25, 9)


def test_from_the_evening_before_christmas_the_next_business_day_is_the_monday_after() -> None:
    assert calendar().next_business_day_opening(new_york(2026, 12, 24, 20)) == new_york(2026, 12, 28, 9)


def test_the_local_date_counts_where_utc_is_a_day_ahead() -> None:
    late_on_monday = datetime(2026, 11, 24, 3, tzinfo=UTC)  # 22:00 on the 23rd in New York
    assert calendar().next_business_day_opening(late_on_monday) == new_york(2026, 11, 24, 9)


def test_before_closing_the_next_closing_is_that_of_the_same_day() -> None:
    assert calendar().next_closing(new_york(2026, 11, 24, 16)) == new_york(2026, 11, 24, 17)


def test_at_closing_on_a_friday_the_next_closing_is_mondays() -> None:
    assert calendar().next_closing(new_york(2026, 11, 27, 17)) == new_york(2026, 11, 30, 17)


def test_opening_keeps_the_wall_clock_over_a_clock_change() -> None:
    friday, monday = date(2026, 10, 30), date(2026, 11, 2)
    assert calendar().day_opening(friday) == datetime(2026, 10, 30, 13, tzinfo=UTC)
    assert calendar().day_opening(monday) == datetime(2026, 11, 2, 14, tzinfo=UTC)


def test_a_skipped_local_time_stands_for_the_end_of_the_gap() -> None:
    gap_ends = datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert instant_of(NEW_YORK, date(2026, 3, 8), time(2, 30)) == gap_ends
    assert instant_of(NEW_YORK, date(2026, 3, 8), time(3)) == gap_ends


def test_a_local_time_that_comes_twice_stands_for_its_first_coming() -> None:
    assert instant_of(NEW_YORK, date(2026, 11, 1), time(1, 30)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_gap_of_half_an_hour_is_found_too() -> None:
    # On Lord Howe Island the clocks go from 02:00 to 02:30.
    instant = instant_of(LORD_HOWE, date(2026, 10, 4), time(2, 10))
    assert instant.astimezone(LORD_HOWE).time() == time(2, 30)


def test_a_day_that_a_zone_skipped_whole_ends_with_the_gap() -> None:
    samoa = ZoneInfo("Pacific/Apia")  # went over the date line: 30 December 2011 never was
    assert instant_of(samoa, date(2011, 12, 30), time(9)).astimezone(samoa).date() == date(2011, 12, 31)


def test_a_calendar_without_business_days_says_so() -> None:
    never = calendar(is_holiday=lambda _: True)
    with pytest.raises(NoBusinessDayError, match="no business day in the 400 days from 2026-11-25"):
        never.next_business_day_opening(new_york(2026, 11, 24, 8))


instants = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(2034, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
month_days = st.frozensets(st.tuples(st.integers(1, 12), st.integers(1, 28)), max_size=20)


@st.composite
def calendars(draw: st.DrawFn) -> BusinessCalendar:
    opens, closes = sorted((draw(times), draw(times)))
    free = draw(month_days)
    return calendar(
        zone=draw(st.sampled_from(ZONES)),
        opens=opens,
        closes=closes,
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        is_holiday=lambda day: (day.month, day.day) in free,
    )


@given(calendars(), instants)
def test_every_search_ends_strictly_later_and_on_a_business_day(
    business: BusinessCalendar, now: datetime
) -> None:
    for search in (business.next_opening, business.next_closing, business.next_business_day_opening):
        found = search(now)
        assert found > now
        assert found.tzinfo is UTC
        assert business.is_business_day(found.astimezone(business.zone).date())


@given(calendars(), instants)
def test_no_opening_or_closing_of_a_business_day_lies_before_the_next_one(
    business: BusinessCalendar, now: datetime
) -> None:
    opening, closing = business.next_opening(now), business.next_closing(now)
    day = now.astimezone(business.zone).date()
    while day <= max(opening, closing).astimezone(business.zone).date():
        if business.is_business_day(day):
            assert not now < business.day_opening(day) < opening
            assert not now < business.day_closing(day) < closing
        day += timedelta(days=1)


@given(calendars(), instants)
def test_the_next_business_day_is_the_first_of_a_later_local_date(
    business: BusinessCalendar, now: datetime
) -> None:
    today = now.astimezone(business.zone).date()
    day = today + timedelta(days=1)
    while not business.is_business_day(day):
        day += timedelta(days=1)
    assert business.next_business_day_opening(now) == business.day_opening(day)


@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2034, 1, 1)), times, times)
def test_the_order_of_local_times_is_the_order_of_their_instants(
    zone: ZoneInfo, day: date, one: time, other: time
) -> None:
    earlier, later = sorted((one, other))
    assert instant_of(zone, day, earlier) <= instant_of(zone, day, later)


@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2034, 1, 1)), times)
def test_an_instant_shows_the_wall_clock_asked_for_or_the_end_of_a_gap(
    zone: ZoneInfo, day: date, at: time
) -> None:
    instant = instant_of(zone, day, at)
    shown = instant.astimezone(zone)
    if (shown.date(), shown.time()) != (day, at):
        before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert before < datetime.combine(day, at) < shown.replace(tzinfo=None)
