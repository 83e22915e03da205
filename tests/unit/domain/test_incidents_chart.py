from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.incidents_chart import IncidentsChart, incidents_chart
from bot.domain.severity import Severity
from bot.domain.statistics import Counted, Span, statistics
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON

DAY = timedelta(days=1)


def counted(days_ago: float, severity: Severity = Severity.P0, *, taken: float | None = 4) -> Counted:
    declared = MONDAY_NOON - days_ago * DAY
    return Counted(
        severity=severity,
        service="payment",
        security=False,
        declared_at=declared,
        acknowledged_at=None if taken is None else declared + timedelta(minutes=taken),
    )


def chart(*incidents: Counted, days: int = 30, title: str = "Incidents") -> IncidentsChart:
    span = Span(since=MONDAY_NOON - days * DAY, until=MONDAY_NOON)
    return incidents_chart(statistics(incidents, span, NEW_YORK), title)


def test_who_does_not_see_it_reads_what_it_shows() -> None:
    shown = chart(counted(1), counted(9), counted(10, Severity.P2, taken=40))
    since = (MONDAY_NOON - 14 * DAY).astimezone(NEW_YORK)
    assert shown.alt_text == (
        f"Incidents: 3 incidents (2 P0, 1 P2), most (2) in the week from {since.day} {since:%b}; "
        "median time to acknowledge 4 min."
    )


def test_no_week_stands_out_where_several_have_as_many() -> None:
    assert ", at most 1 a week;" in chart(counted(1), counted(9)).alt_text


def test_one_week_is_compared_with_none() -> None:
    shown = chart(counted(1, taken=None), days=7)
    assert shown.alt_text == "Incidents: 1 incident (1 P0); none was acknowledged."


def test_among_weeks_of_two_years_the_year_is_said() -> None:
    assert f" {MONDAY_NOON:%y}; median" in chart(counted(1), days=500).alt_text


def test_a_week_has_its_numbers_by_severity_and_its_own_time() -> None:
    shown = chart(counted(1), counted(2, Severity.P2, taken=10), counted(20, taken=None))
    assert shown.severities == (Severity.P0, Severity.P2)
    *_, last = shown.weeks
    assert [last.by_severity.get(severity, 0) for severity in shown.severities] == [1, 1]
    assert last.to_acknowledge is not None
    assert last.to_acknowledge.median == timedelta(minutes=7)
    assert [week.count for week in shown.weeks] == [0, 0, 1, 0, 2]
    assert shown.weeks[2].to_acknowledge is None


@pytest.mark.parametrize("title", ["x" * 500, "two\nlines", "\x00\u202e"])
def test_any_title_is_one_short_line(title: str) -> None:
    name = chart(counted(1), title=title).title
    assert len(name) <= 80
    assert "\n" not in name
