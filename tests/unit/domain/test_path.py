from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.path import Path
from bot.domain.severity import Severity
from tests.support.builders import (
    CHRISTMAS,
    a_backlog,
    a_calendar,
    a_path,
    new_york,
    paging_paths,
    path_of,
    paths,
    responses,
)
from tests.support.clock import MONDAY_NOON

BUSINESS = a_calendar()
instants = st.integers(0, 60 * 24 * 60).map(lambda minutes: MONDAY_NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("severity", "tiers", "response"),
    [
        (Severity.P0, ["on-call", "team-lead", "director"], timedelta(minutes=15)),
        (Severity.P1, ["on-call", "team-lead"], timedelta(hours=1)),
        (Severity.P2, ["on-call"], timedelta(hours=4)),
        (Severity.P3, [], None),
    ],
)
def test_the_shipped_guide_has_the_escalation_matrix(
    severity: Severity, tiers: list[str], response: timedelta | None
) -> None:
    path = path_of(severity)
    assert [rung.tier for rung in path.rungs] == tiers
    assert path.response == response
    assert path.pages == bool(tiers)
    assert path.repeats


def test_each_step_reaches_its_tier_and_steps_past_the_end_the_last() -> None:
    assert [a_path().rung(step).tier for step in range(5)] == [
        "on-call",
        "team-lead",
        "director",
        "director",
        "director",
    ]


def test_steps_past_the_last_tier_are_repeats() -> None:
    assert [a_path().is_repeat(step) for step in range(5)] == [False, False, False, True, True]


def test_a_path_that_pages_nobody_mentions_once_before_it_repeats() -> None:
    assert a_backlog().length == 1
    assert [a_backlog().is_repeat(step) for step in range(3)] == [False, True, True]


def test_a_paging_path_starts_at_once() -> None:
    assert a_path().start(MONDAY_NOON, BUSINESS) == MONDAY_NOON


def test_each_step_follows_the_step_before_by_the_response_time() -> None:
    assert a_path().after(MONDAY_NOON, BUSINESS) == MONDAY_NOON + timedelta(minutes=15)


def test_who_has_it_now_has_the_whole_response_time() -> None:
    assert a_path().wait(MONDAY_NOON, BUSINESS) == MONDAY_NOON + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("declared", "opening"),
    [
        (new_york(2026, 3, 16, 12), new_york(2026, 3, 17, 9)),  # Monday noon
        (new_york(2026, 3, 17, 8), new_york(2026, 3, 18, 9)),  # before opening: not the same day
        (new_york(2026, 3, 20, 18), new_york(2026, 3, 23, 9)),  # Friday evening
        (new_york(2026, 3, 21, 3), new_york(2026, 3, 23, 9)),  # Saturday
        (new_york(2026, 12, 24, 12), new_york(2026, 12, 28, 9)),  # the day before Christmas, a Thursday
    ],
)
def test_the_backlog_starts_when_the_next_business_day_opens(declared: datetime, opening: datetime) -> None:
    assert a_backlog().start(declared, BUSINESS) == opening
    assert a_backlog().wait(declared, BUSINESS) == opening


def test_the_backlog_goes_on_at_closing_and_at_each_closing_after() -> None:
    opening, first = new_york(2026, 3, 20, 9), new_york(2026, 3, 20, 17)
    assert a_backlog().after(opening, BUSINESS) == first
    assert a_backlog().after(first, BUSINESS) == new_york(2026, 3, 23, 17)


def test_a_closing_on_a_holiday_does_not_count() -> None:
    assert CHRISTMAS.weekday() == 4
    assert a_backlog().after(new_york(2026, 12, 24, 17), BUSINESS) == new_york(2026, 12, 28, 17)


def test_after_missed_repeats_the_rhythm_goes_on_as_if_none_had_been_missed() -> None:
    now = MONDAY_NOON + timedelta(minutes=50)
    assert a_path().after_missed(MONDAY_NOON, now, BUSINESS) == MONDAY_NOON + timedelta(hours=1)


def test_a_repeat_that_is_due_just_now_has_been_missed_too() -> None:
    now = MONDAY_NOON + timedelta(minutes=15)
    assert a_path().after_missed(MONDAY_NOON, now, BUSINESS) == MONDAY_NOON + timedelta(minutes=30)


def test_after_missed_closings_the_backlog_goes_on_at_the_next_one() -> None:
    now = new_york(2026, 3, 19, 12)
    due = a_backlog().after_missed(new_york(2026, 3, 17, 17), now, BUSINESS)
    assert due == new_york(2026, 3, 19, 17)


@given(paths, instants, instants)
def test_the_repeat_after_missed_ones_always_lies_ahead(path: Path, due: datetime, now: datetime) -> None:
    assert path.after_missed(due, now, BUSINESS) > max(due, now)


@given(responses, instants, instants)
def test_the_rhythm_never_drifts_and_loses_no_turn(response: timedelta, due: datetime, now: datetime) -> None:
    following = a_path(response=response).after_missed(due, now, BUSINESS)
    assert (following - due) % response == timedelta()
    assert following - response <= max(due, now)


@given(paging_paths(), st.integers(0, 20))
def test_a_step_repeats_exactly_where_its_tier_was_reached_before(path: Path, step: int) -> None:
    assert path.is_repeat(step) == (path.rung(step) in [path.rung(earlier) for earlier in range(step)])
