"""Somebody is for a change, or against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.actor import Actor
from bot.domain.change_policy import Phase
from bot.domain.changes import approving, planning
from bot.domain.changes.change import Change, ChangeState, PhaseRun
from bot.domain.errors import AlreadyError, ForbiddenError, InvalidError, StaleError
from bot.domain.event import EventKind
from tests.support.builders import ANA, LEE
from tests.support.change_lives import KIM, POLICY, a_change, a_plan, act, an_approval, an_approved
from tests.support.clock import MONDAY_NOON


def approved(change: Change, by: Actor = LEE, *, seen: bool = True, later: timedelta = timedelta()) -> Change:
    return approving.approve(change, None, act(by, MONDAY_NOON + later), POLICY, seen=seen).change


def test_the_last_approval_that_it_needs_approves_it_and_the_one_who_asked_hears_of_it() -> None:
    changed = approving.approve(a_change(), "looks good", act(LEE), POLICY, seen=True)
    assert changed.change.state is ChangeState.APPROVED
    [happened] = changed.happened
    assert happened.data == {"count": 1, "needs": 1, "note": "looks good"}
    assert happened.told
    assert happened.notify_people == (ANA.id,)


def test_the_first_of_two_leaves_it_waiting_and_is_told_nobody() -> None:
    changed = approving.approve(a_change(needs=2), None, act(LEE), POLICY, seen=True)
    assert changed.change.state is ChangeState.REQUESTED
    assert not changed.happened[0].told
    assert approved(changed.change, KIM).state is ChangeState.APPROVED


def test_an_approval_counts_for_as_long_as_the_guide_says() -> None:
    assert approved(a_change()).approvals[0].expires == MONDAY_NOON + POLICY.approvals_last


def test_nobody_approves_twice() -> None:
    with pytest.raises(
        AlreadyError, match=r"You have approved CH12 already, 12:00 EDT. CH12 lacks 1 approval"
    ):
        approved(a_change(needs=2, approvals=(an_approval(),)))


def test_whose_approval_has_expired_approves_again() -> None:
    expired = a_change(approvals=(an_approval(expires=MONDAY_NOON),))
    assert approved(expired).state is ChangeState.APPROVED


def test_one_approval_too_many_is_told_who_was_first() -> None:
    with pytest.raises(AlreadyError, match="Nothing to do: CH12 is approved by Ben"):
        approved(an_approved(), KIM)


def test_nobody_approves_what_they_ask_for() -> None:
    with pytest.raises(ForbiddenError, match="CH12 is your own"):
        approved(a_change(), ANA)


def test_whoever_has_edited_the_plan_approves_it_no_more_than_its_author() -> None:
    with pytest.raises(ForbiddenError, match="You have edited CH12's plan"):
        approved(a_change(editors=(LEE,), revision=2))


def test_whoever_has_edited_it_approves_it_no_more_after_somebody_elses_edit() -> None:
    by_lee = planning.edit(a_change(), a_plan(steps="All at once"), act(LEE), POLICY).change
    by_kim = planning.edit(by_lee, a_plan(steps="All at once", title="Newer"), act(KIM), POLICY).change
    again = planning.edit(by_kim, a_plan(title="Newest"), act(LEE), POLICY).change
    assert again.authors == (ANA, KIM, LEE)
    for author in again.authors:
        with pytest.raises(ForbiddenError, match="somebody else has to approve it"):
            approved(again, author)
    assert approved(again, Actor(id="U0DIA", name="Dia")).state is ChangeState.APPROVED


def test_a_word_that_crosses_an_edit_approves_nothing() -> None:
    just_edited = a_change(revision=2)
    with pytest.raises(StaleError, match=r"CH12 has just been edited by Ana. Read its card"):
        approved(just_edited, seen=False, later=timedelta(seconds=29))
    assert approved(just_edited, seen=False, later=timedelta(seconds=30)).state is ChangeState.APPROVED
    assert approved(just_edited, seen=True).state is ChangeState.APPROVED


def test_approved_anew_it_goes_on_where_it_was() -> None:
    planned = replace(a_change().phases[0], ended=MONDAY_NOON, ended_by=ANA)
    tested = PhaseRun(phase=Phase.TESTING, began=MONDAY_NOON, by=ANA)
    lapsed = a_change(phases=(planned, tested))
    assert approved(lapsed).state is ChangeState.TESTING


@pytest.mark.parametrize("state", [ChangeState.DEPLOYING, ChangeState.VALIDATING, ChangeState.ROLLING_BACK])
def test_what_is_started_is_neither_approved_nor_rejected_any_more(state: ChangeState) -> None:
    with pytest.raises(InvalidError, match="too late"):
        approved(a_change(state=state))
    with pytest.raises(InvalidError, match="too late"):
        approving.reject(a_change(state=state), "no", act(LEE))


def test_a_rejection_says_why_and_mentions_the_one_who_asked() -> None:
    changed = approving.reject(an_approved(), "the queue is not covered", act(LEE))
    assert (changed.change.state, changed.change.reason) == (ChangeState.REJECTED, "the queue is not covered")
    [happened] = changed.happened
    assert happened.kind is EventKind.CHANGE_REJECTED
    assert happened.notify_people == (ANA.id,)


def test_a_rejection_without_a_reason_is_asked_for_one() -> None:
    with pytest.raises(InvalidError, match="Why\\? `reject CH12 "):
        approving.reject(a_change(), "  ", act(LEE))
