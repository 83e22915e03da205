"""Figures of reviews, and runs in a list, as people read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checklist import Cadence
from bot.domain.checklists.figures import Report, Span
from bot.domain.checklists.monthly import ChannelReport
from bot.domain.checklists.past import PastRun, people_of
from bot.domain.checklists.report import open_problems, report
from bot.domain.checklists.report_chart import report_title
from bot.domain.checklists.run import ItemState, Run, RunState
from bot.views.checklists.history import history_message
from bot.views.checklists.report import chart_comment, monthly_report, report_message
from tests.support.builders import ANA, LEE, NEW_YORK, new_york
from tests.support.clock import MONDAY_NOON
from tests.support.goldens import check_golden
from tests.support.reviews import a_problem, an_item, reviewed
from tests.support.slack_limits import check_message, tokens

DAY = timedelta(days=1)
LAST_30_DAYS = Span(since=MONDAY_NOON - 30 * DAY, until=MONDAY_NOON)
FEBRUARY = Span(since=new_york(2026, 2, 1), until=new_york(2026, 3, 1), whole_month=True)
DECEMBER = Span(since=new_york(2025, 12, 1), until=new_york(2026, 1, 1), whole_month=True)
FROM_FIRST_TO_FIRST = Span(since=new_york(2026, 4, 1, 13), until=new_york(2026, 5, 1, 13))
URL = "https://example.slack.com/archives/C1/p1"


def ago(days: float) -> datetime:
    return MONDAY_NOON - days * DAY


def runs() -> list[Run]:
    """Whatever a run may have become, of a daily checklist and a weekly one."""
    found = an_item(2, ItemState.PROBLEM, problem=a_problem(ago(5)), by=LEE)
    mended = an_item(1, ItemState.PROBLEM, problem=a_problem(ago(20), closed_after=2 * DAY))
    weekly: dict[str, Any] = {"checklist": "cost", "title": "Cost Review", "cadence": Cadence.WEEKLY}
    return [
        reviewed(ago(20), items=[mended, an_item(2, by=ANA)], number=1),
        reviewed(ago(6), RunState.SKIPPED, number=2),
        reviewed(ago(5), items=[an_item(1, by=ANA), found], number=3),
        reviewed(ago(4), items=[an_item(1), an_item(2)], took=6 * DAY / 24, number=4),
        reviewed(ago(3), RunState.MISSED, number=5),
        reviewed(ago(3), number=6, asked_by=LEE),
        reviewed(ago(2), RunState.CARRIED, items=[an_item(1), an_item(2, ItemState.OPEN)], number=7),
        reviewed(ago(1), items=[an_item(1), an_item(2, since=ago(2))], number=8),
        reviewed(ago(1), number=9, **weekly),
        reviewed(ago(0.1), RunState.OPEN, number=10, **weekly),
    ]


def counted(*there: Run, span: Span = LAST_30_DAYS) -> Report:
    return report(there, span, NEW_YORK)


def test_figures_of_all_are_as_they_were_last_looked_at() -> None:
    check_golden("checklist_report", report_message(counted(*runs()), zone=NEW_YORK))


def test_figures_of_one_are_as_they_were_last_looked_at() -> None:
    span = replace(LAST_30_DAYS, checklist="health-check")
    shown = counted(*runs(), span=span)
    problems = open_problems(runs(), span, lambda _run: True)
    check_golden("checklist_report_of_one", report_message(shown, problems, zone=NEW_YORK))


def monthly(*there: Run, span: Span = FEBRUARY) -> ChannelReport:
    return ChannelReport(
        channel="platform-alerts",
        report=counted(*there, span=span),
        security=False,
        problems=open_problems(there, span, lambda _run: True),
    )


def test_a_month_is_as_it_was_last_looked_at() -> None:
    there = [replace(run, planned_at=run.planned_at - 20 * DAY) for run in runs()]
    check_golden("checklist_monthly", monthly_report(monthly(*there), zone=NEW_YORK))
    redacted = monthly_report(monthly(*there), zone=NEW_YORK, redacted=True)
    assert "disk is full" not in str(redacted)
    assert "told in its own channel only" in str(redacted)
    check_message(redacted.to_json())


def test_runs_are_as_they_were_last_looked_at() -> None:
    past = [
        PastRun(
            run=run, title=run.title, names=people_of(run), url=URL, asked_by="Lee" if run.asked_by else None
        )
        for run in reversed(runs())
    ]
    check_golden("checklist_history", history_message(past, more=True, zone=NEW_YORK))


def test_runs_of_one_checklist_do_not_repeat_its_name() -> None:
    shown = history_message(
        [PastRun(run=reviewed(number=3), title="Health Check")], title="Health Check", zone=NEW_YORK
    )
    [line] = [block["text"]["text"] for block in shown.blocks if block["type"] == "section"]
    assert line == "✅ *C3* · Mon 16 Mar · Done <!date^1773680400^{time}|13:00 EDT>"
    assert shown.text == "Runs of Health Check: C3 Health Check, Mon 16 Mar: Done 13:00 EDT"


def test_a_day_that_is_another_than_that_of_the_run_is_said() -> None:
    days = reviewed(state=RunState.OPEN, due_at=MONDAY_NOON + 3 * DAY)
    assert (
        "Open, 0 of 1 done, due Thu 19 Mar, 12:00 EDT"
        in history_message([PastRun(run=days, title=days.title)], zone=NEW_YORK).text
    )


@pytest.mark.parametrize(
    ("span", "title"),
    [
        (LAST_30_DAYS, "Routine reviews in the last 30 d"),
        (FEBRUARY, "Routine reviews in February 2026"),
        (DECEMBER, "Routine reviews in December 2025"),
        (FROM_FIRST_TO_FIRST, "Routine reviews in the last 30 d"),
        (replace(LAST_30_DAYS, checklist="health-check"), "Health Check in the last 30 d"),
        (replace(LAST_30_DAYS, checklist="other"), "Routine reviews in the last 30 d"),
    ],
)
def test_a_title_says_what_is_counted(span: Span, title: str) -> None:
    assert report_title(counted(reviewed(ago(1)), span=span), NEW_YORK) == title


def test_thirty_days_asked_for_on_the_first_of_a_month_are_not_the_month_before() -> None:
    asked = counted(reviewed(new_york(2026, 4, 20)), span=FROM_FIRST_TO_FIRST)
    assert report_message(asked, zone=NEW_YORK).text.startswith("Routine reviews in the last 30 d: 1 of 1")
    of_one = report_message(asked, title="Health Check", zone=NEW_YORK)
    assert of_one.text.startswith("Health Check in the last 30 d: ")
    assert chart_comment(asked, NEW_YORK, "Ana").startswith("Routine reviews in the last 30 d: ")


def test_nothing_is_said() -> None:
    assert report_message(counted(), zone=NEW_YORK).text.endswith("last 30 d: none was planned.")
    assert history_message([], zone=NEW_YORK).text == "Runs of checklists: there was none yet."


def test_what_stands_beside_a_chart_says_who_wanted_it() -> None:
    assert chart_comment(counted(reviewed(ago(1))), NEW_YORK, "Ana").endswith("\nAsked for by Ana")


TEXTS = st.text(max_size=400) | st.sampled_from(["<!channel>", "*bold* `code` <@U1>", "🚀" * 200])


@given(
    st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(RunState)), max_size=60),
    TEXTS,
    st.booleans(),
)
def test_whatever_the_guide_and_people_say_slack_takes_it(
    there: list[tuple[str, str, RunState]], text: str, redacted: bool
) -> None:
    planned = [
        reviewed(
            ago(25 - n / 4),
            state,
            items=[
                an_item(1, ItemState.PROBLEM, title=item, problem=a_problem(text=text)),
                *(an_item(m, title=item * 2) for m in range(2, 5)),
            ],
            number=n,
            title=title,
            checklist=f"checklist-{n % 30}",
        )
        for n, (title, item, state) in enumerate(there)
    ]
    for span in (LAST_30_DAYS, replace(LAST_30_DAYS, checklist="checklist-0")):
        problems = open_problems(planned, span, lambda _run: not redacted)
        figures = counted(*planned, span=span)
        for shown in (
            report_message(figures, problems, zone=NEW_YORK),
            monthly_report(monthly(*planned, span=span), zone=NEW_YORK, redacted=redacted),
            history_message(
                [PastRun(run=run, title=run.title, names=(text,)) for run in planned], zone=NEW_YORK
            ),
        ):
            check_message(shown.to_json())
            tokens(shown.to_json())
