from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alert_summary import LONGEST_COVERED, covered, summary_due
from tests.support.builders import NEW_YORK, a_calendar, new_york

NINE = time(9)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (new_york(2026, 3, 16, 8, 59), None),
        (new_york(2026, 3, 16, 9, 0), new_york(2026, 3, 16, 9, 0)),
        (new_york(2026, 3, 16, 23, 59), new_york(2026, 3, 16, 9, 0)),
        (new_york(2026, 3, 21, 12, 0), None),  # Saturday
        (new_york(2026, 12, 25, 12, 0), None),  # a holiday
        (new_york(2026, 12, 28, 9, 1), new_york(2026, 12, 28, 9, 0)),
        (new_york(2026, 3, 9, 9, 0), new_york(2026, 3, 9, 9, 0)),  # clocks went forward the day before
    ],
)
def test_a_summary_is_due_on_business_days_from_its_time_on(now: datetime, due: datetime | None) -> None:
    assert summary_due(now, NINE, NEW_YORK, a_calendar()) == due


@given(st.integers(0, 400 * 24 * 60), st.times(max_value=time(23, 59)))
def test_what_is_due_is_due_today_and_on_a_business_day(minutes: int, at: time) -> None:
    now = new_york(2026, 1, 1, 0, 0) + timedelta(minutes=minutes)
    due = summary_due(now, at, NEW_YORK, a_calendar())
    today = now.astimezone(NEW_YORK).date()
    if due is None:
        return
    assert due <= now
    assert due.astimezone(NEW_YORK).date() == today
    assert a_calendar().is_business_day(today)


def test_a_summary_reaches_back_to_the_one_before_but_no_further_than_a_week() -> None:
    due = new_york(2026, 3, 16, 9, 0)
    assert covered(due - timedelta(days=3), due) == due - timedelta(days=3)
    assert covered(due - timedelta(days=30), due) == due - LONGEST_COVERED
