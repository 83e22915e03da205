"""A change is asked for, and its plan is edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.change_policy import Phase
from bot.domain.changes import planning
from bot.domain.changes.change import Change, ChangeState, PhaseRun, Plan
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.event import EventKind
from tests.support.builders import ANA, LEE
from tests.support.change_lives import KIM, POLICY, a_change, a_plan, act, an_approval, an_approved
from tests.support.clock import MONDAY_NOON


def asked(**changes: Any) -> Change:
    plan = a_plan(**changes)
    return planning.request(
        plan, act(), POLICY, change_id="c", channel="platform-alerts", team="platform-team"
    ).change


def test_a_change_that_is_asked_for_waits_for_the_approvals_of_its_type() -> None:
    assert (asked().state, asked().needs) == (ChangeState.REQUESTED, 1)
    assert asked(kind="major").needs == 2


def test_where_the_guide_wants_no_approval_it_is_approved_at_once() -> None:
    assert asked(kind="free").state is ChangeState.APPROVED


def test_planning_begins_with_the_one_who_asks() -> None:
    assert asked().phases == (PhaseRun(phase=Phase.PLANNING, began=MONDAY_NOON, by=ANA),)


def test_a_start_that_has_just_passed_is_now() -> None:
    assert asked(starts=MONDAY_NOON - timedelta(minutes=59)).plan.starts == MONDAY_NOON


@pytest.mark.parametrize(
    ("field", "value", "right"),
    [
        ("starts", MONDAY_NOON - timedelta(minutes=61), "Mon 10:59 EDT has passed: choose when it starts."),
        ("starts", MONDAY_NOON + timedelta(days=401), "That is more than 400 days ahead"),
        ("length", timedelta(seconds=59), "A length from 1 min to 14 d is right"),
        ("length", timedelta(days=14, minutes=1), "A length from 1 min to 14 d is right"),
        ("title", " \u200b ", "What is it about?"),
        ("title", "x" * 151, "It has 151 characters: up to 150."),
        ("steps", "\n \n", "What is done, step by step?"),
        ("validation", "", "How is seen that it works?"),
        ("rollback", " ", "How is it taken back?"),
        ("rollback", "x" * 2001, "It has 2001 characters: up to 2000."),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_of_its_field(field: str, value: object, right: str) -> None:
    plan = a_plan(**{field: value})
    found = planning.faults(plan, act())
    assert list(found) == [field]
    assert found[field].startswith(right)
    with pytest.raises(InvalidError, match=r"^(Start|Length|Title|Plan|Validation|Rollback plan): "):
        asked(**{field: value})


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = planning.faults(a_plan(title="", steps="", length=timedelta()), act())
    assert list(found) == ["title", "steps", "length"]


def test_a_type_that_the_guide_has_not_is_refused_with_those_that_it_has() -> None:
    with pytest.raises(InvalidError, match=r"no type of change `huge`. It has: `standard`, `major`"):
        asked(kind="huge")


def test_texts_keep_their_lines() -> None:
    assert asked(steps="\n1. first  step\r\n\n\n2. second\n").plan.steps == "1. first step\n\n2. second"


@given(text=st.text(max_size=200))
def test_whatever_is_typed_is_a_fault_or_kept_as_it_would_be_kept_again(text: str) -> None:
    plan = a_plan(title=text, steps=text)
    if planning.faults(plan, act()):
        return
    kept = asked(title=text, steps=text).plan
    assert kept.title
    assert kept.steps
    assert asked(title=kept.title, steps=kept.steps).plan == kept


def edited(change: Change, **changes: Any) -> Change:
    return planning.edit(change, replace(change.plan, **changes), act(KIM), POLICY).change


def test_another_plan_needs_its_approvals_anew() -> None:
    change = edited(an_approved(), steps="Deploy 3.3")
    assert (change.state, change.revision) == (ChangeState.REQUESTED, 2)
    assert change.approvals == (an_approval(),), "kept for the history"
    assert not change.counting(MONDAY_NOON)


def test_another_type_needs_what_that_needs() -> None:
    assert edited(an_approved(), kind="major").needs == 2
    assert edited(an_approved(), kind="free").state is ChangeState.APPROVED


def test_what_was_tested_is_to_be_tested_again() -> None:
    tested = PhaseRun(phase=Phase.TESTING, began=MONDAY_NOON, by=ANA)
    planned = replace(a_change().phases[0], ended=MONDAY_NOON, ended_by=ANA)
    change = edited(an_approved(state=ChangeState.TESTING, phases=(planned, tested)), title="Newer checkout")
    assert change.run_of(Phase.TESTING) is None


def test_they_learn_of_an_edit_whose_approval_counts_no_more() -> None:
    plan = replace(a_plan(), steps="Deploy 3.3", length=timedelta(hours=1))
    [happened] = planning.edit(an_approved(), plan, act(), POLICY).happened
    assert happened.kind is EventKind.CHANGE_EDITED
    assert happened.data == {"what": "plan, length", "needs": 1, "lost": "Ben"}
    assert happened.notify_people == (LEE.id,)


def test_nobody_is_told_of_an_edit_that_loses_no_approval() -> None:
    [happened] = planning.edit(a_change(), a_plan(title="Newer checkout"), act(), POLICY).happened
    assert not happened.told


@pytest.mark.parametrize("same", [a_plan(), a_plan(title=" New  checkout ")])
def test_the_same_plan_is_no_edit(same: Plan) -> None:
    with pytest.raises(AlreadyError, match="that is CH12's plan already"):
        planning.edit(a_change(), same, act(), POLICY)


@pytest.mark.parametrize("ago", [timedelta(minutes=10), timedelta(milliseconds=400), -timedelta(hours=3)])
def test_the_minute_of_a_start_that_a_form_shows_is_no_other_plan(ago: timedelta) -> None:
    change = a_change(plan=a_plan(starts=MONDAY_NOON - ago + timedelta(seconds=31, milliseconds=250)))
    untouched = replace(change.plan, starts=change.plan.starts.replace(microsecond=0))
    for same in (untouched, replace(untouched, starts=untouched.starts.replace(second=0))):
        with pytest.raises(AlreadyError, match="that is CH12's plan already"):
            planning.edit(change, same, act(LEE), POLICY)
    assert planning.edit(change, replace(untouched, title="Newer"), act(LEE), POLICY).change.plan == replace(
        change.plan, title="Newer"
    )


def test_an_edit_leaves_a_start_that_has_just_passed() -> None:
    passed = MONDAY_NOON - timedelta(minutes=10)
    assert edited(a_change(plan=a_plan(starts=passed)), title="Newer checkout").plan.starts == passed


def test_an_edit_needs_a_start_that_is_still_to_come() -> None:
    long_ago = a_change(plan=a_plan(starts=MONDAY_NOON - timedelta(hours=3)))
    with pytest.raises(InvalidError, match="Start: Mon 09:00 EDT has passed meanwhile: choose"):
        edited(long_ago, title="Newer checkout")


@pytest.mark.parametrize("state", [ChangeState.DEPLOYING, ChangeState.VALIDATING, ChangeState.DONE])
def test_what_is_started_is_not_edited_any_more(state: ChangeState) -> None:
    with pytest.raises(InvalidError, match="CH12 is "):
        edited(an_approved(state=state), title="Newer checkout")
