from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checklists.monthly import month_before, month_due
from tests.support.builders import NEW_YORK, a_calendar, new_york

AT = time(9, 30)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (new_york(2026, 4, 1, 9, 30), new_york(2026, 4, 1, 9, 30)),  # a Wednesday
        (new_york(2026, 4, 1, 9, 29), new_york(2026, 3, 2, 9, 30)),  # 1 March was a Sunday
        (new_york(2026, 8, 2, 12, 0), new_york(2026, 7, 1, 9, 30)),  # August begins with a weekend
        (new_york(2026, 8, 3, 9, 30), new_york(2026, 8, 3, 9, 30)),
        (new_york(2026, 3, 31, 23, 59), new_york(2026, 3, 2, 9, 30)),
        (new_york(2027, 1, 3, 0, 0), new_york(2027, 1, 1, 9, 30)),  # no holiday of this calendar
    ],
)
def test_a_month_is_told_on_the_first_business_day_of_the_next(now: datetime, due: datetime) -> None:
    assert month_due(now, AT, a_calendar()) == due


def test_a_holiday_is_no_business_day() -> None:
    new_year = a_calendar(lambda day: (day.month, day.day) == (1, 1))
    assert month_due(new_york(2027, 1, 4, 9, 30), AT, new_year) == new_york(2027, 1, 4, 9, 30)


def test_a_month_without_a_business_day_is_told_on_its_first() -> None:
    never = a_calendar(lambda _day: True)
    assert month_due(new_york(2026, 4, 20, 9, 30), AT, never) == new_york(2026, 4, 1, 9, 30)


def test_what_is_told_is_the_month_before_by_the_local_calendar() -> None:
    since, until = month_before(new_york(2026, 4, 1, 9, 30), NEW_YORK)
    assert (since, until) == (new_york(2026, 3, 1), new_york(2026, 4, 1))
    assert (until - since) == timedelta(days=31) - timedelta(hours=1), "clocks went forward"
    assert month_before(new_york(2027, 1, 4, 9, 30), NEW_YORK)[0] == new_york(2026, 12, 1)


@given(st.integers(0, 4 * 366 * 24 * 60), st.times(max_value=time(23, 59)))
def test_the_newest_one_has_come_and_the_next_has_not(minutes: int, at: time) -> None:
    now, calendar = new_york(2026, 1, 1) + timedelta(minutes=minutes), a_calendar()
    due = month_due(now, at, calendar)
    day = due.astimezone(NEW_YORK).date()
    assert due <= now < due + timedelta(days=35)
    assert calendar.is_business_day(day)
    assert not any(calendar.is_business_day(date(day.year, day.month, n)) for n in range(1, day.day))
    since, until = month_before(due, NEW_YORK)
    assert until <= due
    assert month_before(since + timedelta(hours=12), NEW_YORK)[1] == since
