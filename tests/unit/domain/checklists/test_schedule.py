"""When runs begin and when they are due: through clock changes, holidays, month ends and leap days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.adapters.holidays import PublicHolidays
from bot.domain.business_time import BusinessCalendar, instant_of
from bot.domain.checklist import Cadence, Checklist, ChecklistItem
from bot.domain.checklists.schedule import Occurrence, due_of, next_occurrence, occurrences
from bot.domain.guide import BusinessHours

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clocks change by half an hour, in the south's spring
ODD = tuple(map(ZoneInfo, ("America/Havana", "Asia/Beirut", "Africa/Casablanca", "Asia/Kathmandu", "UTC")))
"""Zones whose clocks change at midnight, around Ramadan, never, or stand a quarter of an hour off."""

MONDAY, WEDNESDAY, THURSDAY, FRIDAY = 0, 2, 3, 4
MON_TO_FRI, EVERY_DAY = frozenset(range(5)), frozenset(range(7))
DAY = timedelta(days=1)
DECADE = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC))

DAILY = Checklist(
    key="health-check",
    title="Health Check",
    purpose="",
    cadence=Cadence.DAILY,
    at=time(9),
    channel="platform-alerts",
    team="platform-team",
    items=(ChecklistItem(key="look", title="Look"),),
)


def weekly(weekday: int, at: time = time(9)) -> Checklist:
    return replace(DAILY, cadence=Cadence.WEEKLY, weekday=weekday, at=at)


def monthly(business_day: int, at: time = time(9)) -> Checklist:
    return replace(DAILY, cadence=Cadence.MONTHLY, business_day=business_day, at=at)


def calendar(
    zone: ZoneInfo = NEW_YORK,
    weekdays: frozenset[int] = MON_TO_FRI,
    free: frozenset[date] = frozenset(),
    is_holiday: Callable[[date], bool] | None = None,
) -> BusinessCalendar:
    hours = BusinessHours(opens=time(9), closes=time(17), weekdays=weekdays)
    return BusinessCalendar(zone=zone, hours=hours, is_holiday=is_holiday or free.__contains__)


def new_york(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[arg-type,misc]  # year to minute


def days_of(checklist: Checklist, business: BusinessCalendar, first: date, last: date) -> list[date]:
    since, until = (instant_of(business.zone, day, time()) for day in (first, last + DAY))
    just_before = timedelta(milliseconds=1)
    found = occurrences(checklist, business, since - just_before, until - just_before)
    return [each.day for each in found]


def all_days(first: date, last: date) -> list[date]:
    return [first + count * DAY for count in range((last - first).days + 1)]


def shown(occurrence: Occurrence, zone: ZoneInfo) -> tuple[date, time]:
    there = occurrence.at.astimezone(zone)
    return there.date(), there.time()


@pytest.mark.parametrize("zone", [NEW_YORK, BERLIN, LORD_HOWE], ids=str)
def test_nine_o_clock_is_nine_o_clock_once_a_business_day_for_ten_years(zone: ZoneInfo) -> None:
    business = calendar(zone, weekdays=EVERY_DAY)  # clocks change on Sundays: somebody works on them
    found = occurrences(DAILY, business, *DECADE)
    assert all(shown(each, zone) == (each.day, time(9)) for each in found)
    days = [each.day for each in found]
    assert days == all_days(days[0], days[-1])
    assert len(days) in {3652, 3653, 3654}
    offsets = {each.at.astimezone(zone).utcoffset() for each in found}
    assert len(offsets) == 2, "both clocks were seen"


@pytest.mark.parametrize(
    ("zone", "at", "shown_instead"),
    [
        (NEW_YORK, time(2, 30), time(3)),
        (BERLIN, time(2, 30), time(3)),
        (LORD_HOWE, time(2, 15), time(2, 30)),
    ],
    ids=str,
)
def test_a_time_that_a_change_skips_is_when_the_clocks_have_changed(
    zone: ZoneInfo, at: time, shown_instead: time
) -> None:
    found = occurrences(replace(DAILY, at=at), calendar(zone, weekdays=EVERY_DAY), *DECADE)
    odd = [each for each in found if shown(each, zone) != (each.day, at)]
    assert len(odd) == 10, "once a year"
    assert {shown(each, zone) for each in odd} == {(each.day, shown_instead) for each in odd}
    days = [each.day for each in found]
    assert days == all_days(days[0], days[-1])


@pytest.mark.parametrize(
    ("zone", "at"), [(NEW_YORK, time(1, 30)), (BERLIN, time(2, 30)), (LORD_HOWE, time(1, 45))], ids=str
)
def test_a_time_that_comes_twice_is_when_it_comes_first(zone: ZoneInfo, at: time) -> None:
    found = occurrences(replace(DAILY, at=at), calendar(zone, weekdays=EVERY_DAY), *DECADE)
    assert all(each.at.astimezone(zone).fold == 0 for each in found)
    again = [each for each in found if each.at.astimezone(zone).replace(fold=1).astimezone(UTC) > each.at]
    assert len(again) == 10, "once a year"
    assert len({each.day for each in found}) == len(found)


def test_a_weekly_one_moves_from_a_holiday_to_the_next_business_day() -> None:
    thanksgiving = date(2026, 11, 26)
    business = calendar(free=frozenset({thanksgiving}))
    november = days_of(weekly(THURSDAY), business, date(2026, 11, 1), date(2026, 11, 30))
    assert november == [date(2026, 11, 5), date(2026, 11, 12), date(2026, 11, 19), date(2026, 11, 27)]


def test_mondays_that_are_public_holidays_move_to_tuesdays() -> None:
    business = calendar(is_holiday=PublicHolidays("US").is_holiday)
    year = days_of(weekly(MONDAY), business, date(2026, 1, 1), date(2026, 12, 31))
    assert len(year) == 52
    assert [day for day in year if day.weekday() != MONDAY] == [
        date(2026, 1, 20),  # after Martin Luther King's
        date(2026, 2, 17),  # Washington's
        date(2026, 5, 26),  # Memorial Day
        date(2026, 9, 8),  # Labor Day
        date(2026, 10, 13),  # Columbus Day
    ]


def test_a_weekly_one_of_friday_moves_over_the_weekend() -> None:
    business = calendar(free=frozenset({date(2026, 12, 25)}))
    found = days_of(weekly(FRIDAY), business, date(2026, 12, 24), date(2027, 1, 1))
    assert found == [date(2026, 12, 28), date(2027, 1, 1)]


def test_two_weeks_without_business_days_have_one_run_after_them() -> None:
    shut = frozenset(all_days(date(2026, 12, 21), date(2027, 1, 3)))
    found = days_of(weekly(WEDNESDAY), calendar(free=shut), date(2026, 12, 14), date(2027, 1, 10))
    assert found == [date(2026, 12, 16), date(2027, 1, 4), date(2027, 1, 6)]


def test_a_holiday_with_the_weeks_own_day_after_it_is_nobodys_business() -> None:
    business = calendar(free=frozenset({date(2026, 11, 25)}))
    found = days_of(weekly(THURSDAY), business, date(2026, 11, 23), date(2026, 11, 27))
    assert found == [date(2026, 11, 26)]


def test_a_monthly_one_is_on_the_n_th_business_day() -> None:
    business = calendar(free=frozenset({date(2027, 1, 1)}))
    assert days_of(monthly(1), business, date(2027, 1, 1), date(2027, 2, 28)) == [
        date(2027, 1, 4),  # a holiday and a weekend before it
        date(2027, 2, 1),
    ]


def test_a_month_with_fewer_business_days_has_its_last_one() -> None:
    shut = frozenset(all_days(date(2026, 12, 11), date(2026, 12, 31)))
    found = days_of(monthly(15), calendar(free=shut), date(2026, 11, 1), date(2027, 1, 31))
    assert found == [date(2026, 11, 20), date(2026, 12, 10), date(2027, 1, 21)]


def test_a_month_without_business_days_has_none() -> None:
    shut = frozenset(all_days(date(2026, 12, 1), date(2026, 12, 31)))
    found = days_of(monthly(2), calendar(free=shut), date(2026, 11, 1), date(2027, 1, 31))
    assert found == [date(2026, 11, 3), date(2027, 1, 4)]


def test_a_leap_day_is_a_day_like_others() -> None:
    leap_day = date(2028, 2, 29)  # a Tuesday
    assert leap_day in days_of(DAILY, calendar(), leap_day - DAY, leap_day + DAY)
    assert days_of(weekly(1), calendar(), leap_day, leap_day) == [leap_day]
    only_february = calendar(free=frozenset(all_days(date(2028, 2, 1), date(2028, 2, 28))))
    assert days_of(monthly(3), only_february, date(2028, 2, 1), date(2028, 2, 29)) == [leap_day]


def test_a_checklist_whose_day_never_comes_has_no_next_occurrence() -> None:
    assert next_occurrence(DAILY, calendar(is_holiday=lambda _: True), DECADE[0]) is None


def test_a_span_has_its_end_and_not_its_beginning() -> None:
    nine, ten = new_york(2026, 11, 30, 9), new_york(2026, 11, 30, 10)
    assert occurrences(DAILY, calendar(), nine, ten) == ()
    [found] = occurrences(DAILY, calendar(), nine - DAY / 24, nine)
    assert (found.at, found.key) == (nine, "2026-11-30")
    assert occurrences(DAILY, calendar(), ten, nine) == ()


def test_five_minutes_are_not_late_yet() -> None:
    [found] = occurrences(DAILY, calendar(), new_york(2026, 11, 30, 8), new_york(2026, 11, 30, 9))
    assert not found.is_late(new_york(2026, 11, 30, 9, 5))
    assert found.is_late(new_york(2026, 11, 30, 9, 6))


@pytest.mark.parametrize(
    ("begun", "days", "due"),
    [
        ((2026, 11, 30, 9), 1, (2026, 11, 30, 17)),
        ((2026, 11, 30, 9), 3, (2026, 12, 2, 17)),
        ((2026, 11, 27, 9), 3, (2026, 12, 1, 17)),  # over a weekend
        ((2026, 11, 30, 17), 1, (2026, 12, 1, 17)),  # it has just closed
        ((2026, 11, 28, 12), 1, (2026, 11, 30, 17)),  # on a Saturday
        ((2026, 12, 24, 9), 2, (2026, 12, 28, 17)),  # before Christmas
        ((2026, 10, 30, 9), 2, (2026, 11, 2, 17)),  # the clocks change between
    ],
)
def test_a_run_is_due_when_its_last_business_day_closes(
    begun: tuple[int, ...], days: int, due: tuple[int, ...]
) -> None:
    business = calendar(free=frozenset({date(2026, 12, 25)}))
    assert due_of(replace(DAILY, days=days), business, new_york(*begun)) == new_york(*due)


instants = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(2034, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def calendars(draw: st.DrawFn) -> BusinessCalendar:
    """Any working week, in any of the zones, with single holidays and whole weeks off."""
    free = draw(st.frozensets(st.tuples(st.integers(1, 12), st.integers(1, 31)), max_size=30))
    shut = draw(st.frozensets(st.integers(1, 53), max_size=4))
    return calendar(
        zone=draw(st.sampled_from((NEW_YORK, BERLIN, LORD_HOWE, *ODD))),
        weekdays=draw(st.sampled_from((MON_TO_FRI, EVERY_DAY, frozenset({6, 0, 1, 2, 3}), frozenset({2})))),
        is_holiday=lambda day: (day.month, day.day) in free or day.isocalendar().week in shut,
    )


checklists = st.one_of(
    times.map(lambda at: replace(DAILY, at=at)),
    st.builds(weekly, st.integers(0, 6), times),
    st.builds(monthly, st.integers(1, 15), times),
)


def expected_days(checklist: Checklist, business: BusinessCalendar, first: date, last: date) -> list[date]:
    """The guide's words, told in another way: from nominal days to the days that stand for them."""
    days = all_days(first - 60 * DAY, last)
    working = [day for day in days if business.is_business_day(day)]
    if checklist.cadence is Cadence.WEEKLY:
        asked = [day for day in days if day.weekday() == checklist.weekday]
        moved = (next((day for day in working if day >= each), None) for each in asked)
        working = sorted({day for day in moved if day is not None})
    if checklist.cadence is Cadence.MONTHLY:
        assert checklist.business_day is not None
        whole = [day for day in all_days(first - 60 * DAY, last + 31 * DAY) if business.is_business_day(day)]
        months: dict[tuple[int, int], list[date]] = {}
        for day in whole:
            months.setdefault((day.year, day.month), []).append(day)
        working = [month[: checklist.business_day][-1] for month in months.values()]
    return [day for day in working if first <= day <= last]


@given(checklists, calendars(), st.dates(date(2024, 3, 1), date(2033, 1, 1)), st.integers(0, 120))
def test_runs_are_on_the_days_that_the_guide_means(
    checklist: Checklist, business: BusinessCalendar, first: date, length: int
) -> None:
    last = first + length * DAY
    assert days_of(checklist, business, first, last) == expected_days(checklist, business, first, last)


@given(checklists, calendars(), instants, st.integers(1, 200))
def test_each_day_has_one_run_at_most_at_its_local_time_or_at_the_end_of_a_gap(
    checklist: Checklist, business: BusinessCalendar, after: datetime, days: int
) -> None:
    found = occurrences(checklist, business, after, after + days * DAY)
    assert all(one.at < other.at and one.day < other.day for one, other in pairwise(found))
    for each in found:
        assert after < each.at <= after + days * DAY
        assert each.at.tzinfo is UTC
        day, at = shown(each, business.zone)
        assert day == each.day
        if at != checklist.at:
            before = (each.at - timedelta(seconds=1)).astimezone(business.zone).replace(tzinfo=None)
            assert before < datetime.combine(day, checklist.at) < datetime.combine(day, at)


@given(
    checklists,
    calendars(),
    instants,
    st.lists(st.timedeltas(timedelta(), timedelta(days=90)), min_size=2, max_size=8).map(sorted),
)
@settings(max_examples=200)
def test_spans_that_join_have_what_the_whole_has_however_it_is_cut(
    checklist: Checklist, business: BusinessCalendar, start: datetime, cuts: list[timedelta]
) -> None:
    instants_of_cuts = [start + cut for cut in cuts]
    parts = [
        found
        for after, until in pairwise(instants_of_cuts)
        for found in occurrences(checklist, business, after, until)
    ]
    assert parts == list(occurrences(checklist, business, instants_of_cuts[0], instants_of_cuts[-1]))


@given(checklists, calendars(), instants, st.integers(0, 70))
def test_cutting_at_an_occurrence_itself_loses_and_doubles_nothing(
    checklist: Checklist, business: BusinessCalendar, after: datetime, number: int
) -> None:
    until = after + 100 * DAY
    whole = occurrences(checklist, business, after, until)
    assume(whole)
    cut = whole[number % len(whole)]
    left = occurrences(checklist, business, after, cut.at)
    right = occurrences(checklist, business, cut.at, until)
    assert left[-1] == cut
    assert left + right == whole


@given(checklists, calendars(), instants)
def test_the_next_occurrence_is_the_first_of_those_that_follow(
    checklist: Checklist, business: BusinessCalendar, after: datetime
) -> None:
    found = next_occurrence(checklist, business, after)
    following = occurrences(checklist, business, after, after + 390 * DAY)
    assert found == (following[0] if following else found)
    assert found is not None, "four weeks off at most: its day comes"


@given(calendars(), instants, st.integers(1, 10))
def test_what_is_due_is_due_after_it_began_at_a_closing_time_of_the_right_day(
    business: BusinessCalendar, begun: datetime, days: int
) -> None:
    due = due_of(replace(DAILY, days=days), business, begun)
    assert due > begun
    day = due.astimezone(business.zone).date()
    assert due == business.day_closing(day)
    closings = [
        business.day_closing(each)
        for each in all_days(begun.astimezone(business.zone).date(), day)
        if business.is_business_day(each)
    ]
    assert len([each for each in closings if each > begun]) == days
