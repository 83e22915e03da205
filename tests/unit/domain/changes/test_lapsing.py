"""What time does to a change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.act import Act
from bot.domain.actor import OPSBOT
from bot.domain.changes import lapsing
from bot.domain.changes.change import ChangeState
from tests.support.builders import ANA, LEE
from tests.support.change_lives import a_change, a_plan, act, an_approval, an_approved
from tests.support.clock import MONDAY_NOON

WEEK = timedelta(days=7)


def at(later: timedelta) -> Act:
    return act(OPSBOT, MONDAY_NOON + later)


@pytest.mark.parametrize("state", [ChangeState.APPROVED, ChangeState.TESTING])
def test_when_too_few_approvals_count_it_waits_again_and_the_one_who_asked_hears(state: ChangeState) -> None:
    change = an_approved(state=state)
    assert lapsing.lapse(change, at(WEEK - timedelta(seconds=1))) is None
    lapsed = lapsing.lapse(change, at(WEEK))
    assert lapsed is not None
    assert lapsed.change.state is ChangeState.REQUESTED
    assert lapsed.happened[0].data == {"left": 0, "needs": 1, "who": "Ana"}
    assert lapsed.happened[0].notify_people == (ANA.id,)


def test_what_is_started_needs_no_approval_any_more() -> None:
    assert lapsing.lapse(an_approved(state=ChangeState.DEPLOYING), at(WEEK)) is None


def test_the_next_approval_that_expires_is_known() -> None:
    first = an_approval(expires=MONDAY_NOON + timedelta(hours=1))
    change = a_change(approvals=(an_approval(), first))
    assert lapsing.approvals_end(change, MONDAY_NOON) == first.expires
    assert lapsing.approvals_end(change, first.expires) == MONDAY_NOON + WEEK
    assert lapsing.approvals_end(change, MONDAY_NOON + WEEK) is None


def test_what_nobody_starts_is_given_up_a_week_after_its_end() -> None:
    end = lapsing.expires_at(a_change()) - MONDAY_NOON
    assert end == timedelta(days=8, hours=2, minutes=30)
    assert lapsing.expire(a_change(), at(end - timedelta(seconds=1))) is None
    expired = lapsing.expire(a_change(), at(end))
    assert expired is not None
    assert (expired.change.state, expired.change.closed_by) == (ChangeState.EXPIRED, OPSBOT)
    assert lapsing.expire(an_approved(state=ChangeState.VALIDATING), at(end)) is None


def test_when_its_start_comes_the_one_who_asked_hears_whether_it_may() -> None:
    due = act(OPSBOT, a_plan().starts)
    approved = lapsing.fall_due(an_approved(), due, "Freeze F4 lasts until 16:00.")
    assert approved.data == {
        "approved": True,
        "needs": 0,
        "text": "Freeze F4 lasts until 16:00.",
        "who": "Ana",
    }
    assert approved.notify_people == (ANA.id,)
    assert lapsing.fall_due(a_change(needs=2), due, None).data == {
        "approved": False,
        "needs": 2,
        "text": None,
        "who": "Ana",
    }


def test_a_start_that_came_long_ago_or_was_made_is_told_nobody() -> None:
    starts = a_plan().starts
    assert lapsing.is_due(a_change(), act(OPSBOT, starts + timedelta(hours=1)))
    assert not lapsing.is_due(a_change(), act(OPSBOT, starts + timedelta(hours=1, seconds=1)))
    assert not lapsing.is_due(a_change(state=ChangeState.DEPLOYING), act(OPSBOT, starts))
    assert not lapsing.is_due(a_change(), act(OPSBOT, starts - timedelta(seconds=1)))


def test_whoever_leads_a_change_that_takes_too_long_hears_of_it() -> None:
    running = an_approved(state=ChangeState.DEPLOYING, started=MONDAY_NOON, lead=LEE)
    late = lapsing.overrun(running, 1, at(timedelta(minutes=90)))
    assert late is not None
    assert late.data == {
        "due": "Mon 12:30 EDT",
        "told": 1,
        "window": False,
        "planned": "30 min",
        "who": "Ben",
    }
    assert (late.loud, late.notify_people) == (True, (LEE.id,))


def test_a_window_that_has_closed_is_too_long() -> None:
    closes = MONDAY_NOON + timedelta(minutes=20)
    running = an_approved(state=ChangeState.DEPLOYING, started=MONDAY_NOON, lead=LEE, window_closes=closes)
    late = lapsing.overrun(running, 0, act(OPSBOT, closes))
    assert late is not None
    assert (late.data["due"], late.data["window"]) == ("Mon 12:20 EDT", True)


def test_what_is_over_takes_no_time() -> None:
    over = an_approved(state=ChangeState.DONE, started=MONDAY_NOON, lead=LEE, closed=MONDAY_NOON)
    assert lapsing.overrun(over, 0, at(WEEK)) is None
