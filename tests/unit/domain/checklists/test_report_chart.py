from __future__ import annotations

from datetime import date, timedelta

from bot.domain.checklists.figures import Span
from bot.domain.checklists.report import report
from bot.domain.checklists.report_chart import reviews_chart, week_named
from bot.domain.checklists.run import ItemState, Run, RunState
from tests.support.builders import ANA, NEW_YORK
from tests.support.clock import MONDAY_NOON
from tests.support.reviews import a_problem, an_item, reviewed

DAY = timedelta(days=1)


def alt_text(*runs: Run) -> str:
    span = Span(since=MONDAY_NOON - 30 * DAY, until=MONDAY_NOON)
    return reviews_chart(report(runs, span, NEW_YORK), "Reviews").alt_text


def test_who_does_not_see_it_reads_what_it_shows() -> None:
    at = MONDAY_NOON - 3 * DAY
    found = an_item(state=ItemState.PROBLEM, problem=a_problem(at, closed_after=2 * DAY))
    runs = [
        reviewed(at - 2 * DAY),
        reviewed(at - DAY, items=[found], number=2, took=timedelta(hours=9)),
        reviewed(at, RunState.MISSED, number=3),
        reviewed(at, checklist="cost", title="Cost Review"),
        reviewed(at, checklist="cost", title="Cost Review", number=2, asked_by=ANA),
    ]
    assert alt_text(*runs) == (
        "Reviews: 2 of 4 done in time, 1 late, 1 missed; 1 off schedule; "
        "1 problem found, closed after 2 d in the median; least in time: Health Check, 1 of 3."
    )


def test_where_all_are_alike_none_is_the_least() -> None:
    at = MONDAY_NOON - DAY
    both = reviewed(at), reviewed(at, checklist="cost", title="Cost Review")
    assert alt_text(*both) == "Reviews: 2 of 2 done in time; no problem found."


def test_what_nobody_has_closed_is_said() -> None:
    at = MONDAY_NOON - DAY
    found = an_item(state=ItemState.PROBLEM, problem=a_problem(at))
    assert "1 problem found, all still open" in alt_text(reviewed(at, items=[found]))
    assert alt_text(reviewed(at, asked_by=ANA)).startswith("Reviews: none was planned; 1 off schedule")


def test_a_week_is_named_by_its_monday() -> None:
    assert week_named(date(2026, 11, 2)) == "2 Nov"
    assert week_named(date(2026, 11, 2), year=True) == "2 Nov 26"
