"""What time makes of a run: begun, taken over by the next, nudged for, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.actor import OPSBOT, Actor
from bot.domain.checklist import AfterOutage, Cadence, Unfinished
from bot.domain.checklists import course
from bot.domain.checklists.course import HALF, WHOLE, Beginning
from bot.domain.checklists.run import ItemState, RunState
from bot.domain.event import EventKind
from tests.support.begun_runs import a_checklist, begun, settled, with_item, with_problem
from tests.support.builders import ANA, LEE, NEW_YORK, a_calendar

MONDAY_NINE = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
TUESDAY_NINE = MONDAY_NINE + timedelta(days=1)
FRIDAY_NINE = MONDAY_NINE + timedelta(days=4)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
CALENDAR = a_calendar()


def test_a_run_has_the_items_of_the_guide_and_is_due_at_closing_time() -> None:
    run = begun(a_checklist("look", "answer"), MONDAY_NINE)
    assert [(item.position, item.key, item.state) for item in run.items] == [
        (1, "look", ItemState.OPEN),
        (2, "answer", ItemState.OPEN),
    ]
    assert run.due_at == MONDAY_NINE + timedelta(hours=8)
    assert run.is_open
    assert run.on_schedule


def test_it_ends_by_itself_a_day_after_the_next_should_have_begun() -> None:
    assert begun(a_checklist(), MONDAY_NINE).ends_at == TUESDAY_NINE + DAY


def test_what_has_weeks_to_be_done_does_not_end_before_it_is_due() -> None:
    run = begun(replace(a_checklist(), days=10), MONDAY_NINE)
    assert run.ends_at == run.due_at + DAY


def test_one_off_schedule_ends_as_long_after_it_is_due_as_it_had_time_and_a_day_at_least() -> None:
    calendar = a_calendar()
    beginning = course.asked("r1", ANA, MONDAY_NINE)
    short = course.begin(a_checklist(), beginning, calendar, MONDAY_NINE, run_id="r1", security=False)
    assert short.ends_at == short.due_at + DAY
    long = course.begin(
        replace(a_checklist(), days=5), beginning, calendar, MONDAY_NINE, run_id="r1", security=False
    )
    assert long.ends_at == long.due_at + (long.due_at - MONDAY_NINE)
    assert not long.on_schedule


def test_what_is_open_is_taken_over_with_who_has_it_and_since_when_it_is_asked_for() -> None:
    checklist = a_checklist("look", "answer")
    old = with_item(settled(begun(checklist, MONDAY_NINE), 1, MONDAY_NINE), 2, owner=LEE)
    new = course.carry_over(old, begun(checklist, TUESDAY_NINE))
    look, answer = new.items
    assert (look.owner, look.since) == (None, None), "it was done: today it is asked for anew"
    assert (answer.owner, answer.since) == (LEE, MONDAY_NINE)
    third = course.carry_over(new, begun(checklist, TUESDAY_NINE + DAY))
    assert third.item(2).since == MONDAY_NINE, "it counts from the first"


def test_what_the_guide_has_no_more_is_appended_and_nothing_is_asked_for_twice() -> None:
    old = begun(a_checklist("look", "gone", "answer"), MONDAY_NINE)
    new = course.carry_over(old, begun(a_checklist("answer", "fresh"), TUESDAY_NINE))
    assert [(item.position, item.key) for item in new.items] == [
        (1, "answer"),
        (2, "fresh"),
        (3, "look"),
        (4, "gone"),
    ]
    assert [item.since for item in new.items] == [MONDAY_NINE, None, MONDAY_NINE, MONDAY_NINE]


def test_a_problem_stays_with_the_run_that_found_it() -> None:
    old = with_problem(begun(a_checklist("look"), MONDAY_NINE), 1, MONDAY_NINE)
    new = course.carry_over(old, begun(a_checklist("look"), TUESDAY_NINE))
    assert new.item(1).problem is None
    assert new.item(1).is_open


@pytest.mark.parametrize(
    ("unfinished", "state"),
    [(Unfinished.CARRY, RunState.CARRIED), (Unfinished.CLOSE, RunState.MISSED)],
)
def test_the_guide_says_what_becomes_of_what_is_open(unfinished: Unfinished, state: RunState) -> None:
    run = begun(replace(a_checklist(), unfinished=unfinished), MONDAY_NINE)
    ended = course.end(run, TUESDAY_NINE, carried=course.is_carried(run))
    assert (ended.state, ended.closed_at) == (state, TUESDAY_NINE)


def test_what_is_asked_for_as_the_day_ends_is_to_be_done_by_the_end_of_the_next() -> None:
    late = MONDAY_NINE + timedelta(hours=7, minutes=30)
    asked = course.begin(
        a_checklist(), course.asked("r1", ANA, late), CALENDAR, late, run_id="r1", security=False
    )
    assert asked.due_at == TUESDAY_NINE + timedelta(hours=8)
    on_time = course.begin(
        a_checklist(), Beginning(occurrence="x", planned_at=late), CALENDAR, late, run_id="r1", security=False
    )
    assert on_time.due_at == MONDAY_NINE + timedelta(hours=8), "the guide wants it so"


def test_nobody_is_nudged_at_night() -> None:
    run = begun(replace(a_checklist(), days=2), MONDAY_NINE)
    assert run.begun_at + (run.due_at - run.begun_at) / 2 == MONDAY_NINE + timedelta(hours=16), "at one"
    assert course.half_time(run, CALENDAR) == TUESDAY_NINE
    friday = begun(replace(a_checklist(), days=2), FRIDAY_NINE)
    assert course.half_time(friday, CALENDAR) == MONDAY_NINE + WEEK
    daily = begun(a_checklist(), MONDAY_NINE)
    assert course.half_time(daily, CALENDAR) == MONDAY_NINE + timedelta(hours=4)


def test_at_half_time_those_are_nudged_who_have_open_items() -> None:
    run = with_item(begun(a_checklist("look", "answer"), MONDAY_NINE, owner=ANA), 1, owner=LEE)
    said = course.nudge(run, HALF, course.half_time(run, CALENDAR), NEW_YORK)
    assert said is not None
    assert said.kind is EventKind.RUN_NUDGED
    assert (set(said.notify_people), said.notify_team, said.loud) == ({ANA.id, LEE.id}, False, False)
    assert said.data == {"open": 2, "due": "Mon 17:00 EST", "owners": "Ben, Ana"}


def test_at_half_time_the_team_is_nudged_for_what_nobody_has() -> None:
    run = begun(a_checklist(), MONDAY_NINE)
    said = course.nudge(run, HALF, course.half_time(run, CALENDAR), NEW_YORK)
    assert said is not None
    assert (said.notify_people, said.notify_team) == ((), True)


def test_who_is_on_call_and_unknown_in_slack_is_named_and_the_team_mentioned() -> None:
    run = begun(a_checklist(), MONDAY_NINE, owner=Actor(id="pagerduty", name="Ana Ortiz (PagerDuty)"))
    said = course.nudge(run, HALF, course.half_time(run, CALENDAR), NEW_YORK)
    assert said is not None
    assert (said.notify_people, said.notify_team) == ((), True)


def test_when_it_is_due_the_team_is_told_loudly_and_who_has_it_named() -> None:
    run = begun(a_checklist(), MONDAY_NINE, owner=ANA)
    said = course.nudge(run, WHOLE, run.due_at, NEW_YORK)
    assert said is not None
    assert said.kind is EventKind.RUN_OVERDUE
    assert (said.notify_people, said.notify_team, said.loud) == ((), True, True)
    assert said.data == {"open": 2, "owners": "Ana"}


def test_after_an_outage_half_time_is_passed_over_where_all_of_it_is_gone() -> None:
    run = begun(a_checklist(), MONDAY_NINE)
    assert course.nudge(run, HALF, run.due_at, NEW_YORK) is None


@pytest.mark.parametrize("step", [HALF, WHOLE])
def test_nobody_is_nudged_for_what_is_over(step: int) -> None:
    run = course.end(begun(a_checklist(), MONDAY_NINE), MONDAY_NINE)
    assert course.nudge(run, step, MONDAY_NINE, NEW_YORK) is None


def test_only_the_newest_occurrence_is_asked_for_after_an_outage() -> None:
    looked = MONDAY_NINE - DAY
    found = course.prompts(a_checklist(), CALENDAR, looked, FRIDAY_NINE + timedelta(hours=2))
    assert [one.occurrence.key for one in found] == [f"2026-{day}" for day in ("11-30", *_DECEMBER)]
    assert [one.skipped for one in found] == [True] * 4 + [False]


_DECEMBER = ("12-01", "12-02", "12-03", "12-04")


def test_not_even_the_newest_is_where_the_guide_says_so() -> None:
    checklist = replace(a_checklist(), after_outage=AfterOutage.SKIP)
    [late] = course.prompts(checklist, CALENDAR, MONDAY_NINE - DAY, MONDAY_NINE + timedelta(minutes=6))
    assert late.skipped
    [in_time] = course.prompts(checklist, CALENDAR, MONDAY_NINE - DAY, MONDAY_NINE + timedelta(minutes=5))
    assert not in_time.skipped


def test_yesterdays_daily_review_is_nobodys_but_last_weeks_weekly_one_is_asked_for() -> None:
    [yesterdays] = course.prompts(
        a_checklist(), CALENDAR, FRIDAY_NINE - timedelta(hours=1), FRIDAY_NINE + timedelta(hours=15)
    )
    assert yesterdays.skipped, "it is Saturday"
    weekly = replace(a_checklist(), cadence=Cadence.WEEKLY, weekday=0)
    [last_weeks] = course.prompts(weekly, CALENDAR, MONDAY_NINE - DAY, MONDAY_NINE + 4 * DAY)
    assert not last_weeks.skipped


def test_what_was_to_begin_more_than_five_weeks_ago_is_not_even_noted() -> None:
    found = course.prompts(a_checklist(), CALENDAR, MONDAY_NINE, MONDAY_NINE + 52 * WEEK)
    assert 20 < len(found) <= 25
    weekly = replace(a_checklist(), cadence=Cadence.WEEKLY, weekday=0)
    assert len(course.prompts(weekly, CALENDAR, MONDAY_NINE, MONDAY_NINE + 52 * WEEK)) == 5


def test_nothing_comes_where_nothing_is_due() -> None:
    assert course.prompts(a_checklist(), CALENDAR, MONDAY_NINE, MONDAY_NINE + timedelta(hours=23)) == ()


def test_a_turn_goes_round_and_passes_over_who_is_not_there() -> None:
    people = ("U1", "U2", "U3")
    turns = [course.whose_turn(people, turn, lambda one: one != "U2") for turn in range(6)]
    assert turns == ["U1", "U3", "U3", "U1", "U3", "U3"]
    assert course.whose_turn(people, 4, lambda _one: False) is None
    assert course.whose_turn((), 4, lambda _one: True) is None


def test_a_problem_is_brought_to_mind_to_who_found_it_or_has_it() -> None:
    run = with_problem(begun(a_checklist(), MONDAY_NINE), 1, MONDAY_NINE)
    said = course.remind(run, 1)
    assert said is not None
    assert said.notify_people == (ANA.id,)
    assert said.data == {"items": "1", "title": "Look", "text": "the disk is full", "owner": "Ana"}
    given = course.remind(with_item(run, 1, owner=LEE), 1)
    assert given is not None
    assert given.notify_people == (LEE.id,)
    assert course.remind(run, 2) is None


def test_reminders_come_at_opening_time_the_next_business_day_and_then_a_week_later() -> None:
    friday = FRIDAY_NINE + timedelta(hours=5)
    first = course.first_reminder(CALENDAR, friday)
    assert first == MONDAY_NINE + WEEK
    assert course.next_reminder(CALENDAR, first) == first + WEEK
    christmas_week = datetime(2026, 12, 18, 14, 0, tzinfo=UTC)
    assert course.next_reminder(CALENDAR, christmas_week) == datetime(2026, 12, 28, 14, 0, tzinfo=UTC)


def test_the_end_of_an_incident_closes_the_problems_behind_it_and_no_others() -> None:
    run = with_problem(begun(a_checklist("a", "b", "c"), MONDAY_NINE), 1, MONDAY_NINE, incident="i1")
    run = with_problem(run, 2, MONDAY_NINE, incident="i2")
    run = with_problem(run, 3, MONDAY_NINE)
    closed, told = course.incident_over(run, "i1", "P2 #42 was resolved", OPSBOT, TUESDAY_NINE)
    assert [item.position for item in closed.open_problems] == [2, 3]
    problem = closed.item(1).problem
    assert problem is not None
    assert (problem.how, problem.closed_at) == ("P2 #42 was resolved", TUESDAY_NINE)
    assert closed.item(1).state is ItemState.PROBLEM, "that it was found stays"
    assert [one.kind for one in told] == [EventKind.PROBLEM_CLOSED]
    again, nothing = course.incident_over(closed, "i1", "P2 #42 was resolved", OPSBOT, TUESDAY_NINE)
    assert (again, nothing) == (closed, ())


def test_a_problem_goes_on_with_the_incident_into_which_its_own_was_merged() -> None:
    run = with_problem(begun(a_checklist(), MONDAY_NINE), 1, MONDAY_NINE, incident="i1")
    followed = course.follow_incident(run, "i1", "i2").item(1).problem
    assert followed is not None
    assert followed.incident == "i2"


def test_a_late_beginning_says_so() -> None:
    [prompt] = course.prompts(a_checklist(), CALENDAR, MONDAY_NINE - DAY, MONDAY_NINE + timedelta(hours=2))
    beginning = course.planned(prompt.occurrence, MONDAY_NINE + timedelta(hours=2))
    assert beginning == Beginning(occurrence="2026-11-30", planned_at=MONDAY_NINE, late=True)
