"""A change is tested, started, validated, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.actor import Actor
from bot.domain.change_policy import Phase
from bot.domain.changes import carrying
from bot.domain.changes.change import Change, ChangeState, HookState, Override
from bot.domain.changes.changing import Changed
from bot.domain.changes.hooking import NOT_HEARD
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.event import EventKind
from tests.support.builders import ANA, LEE
from tests.support.change_lives import KIM, POLICY, a_change, a_plan, act, an_approval, an_approved
from tests.support.clock import MONDAY_NOON

CLOSES = MONDAY_NOON + timedelta(hours=2)


def later(minutes: int, by: Actor = ANA) -> Any:
    return act(by, MONDAY_NOON + timedelta(minutes=minutes))


def in_testing() -> Change:
    return carrying.test(an_approved(), "on staging", act()).change


def started(**changes: Any) -> Changed:
    return carrying.start(in_testing(), None, later(5, LEE), POLICY, closes=CLOSES, **changes)


def validating() -> Change:
    return carrying.deployed(started().change, "8 of 8 nodes", later(20)).change


def done() -> Change:
    return carrying.done(validating(), None, later(30)).change


def test_it_goes_through_its_phases_and_each_keeps_who_when_and_what() -> None:
    runs = [(one.phase, one.by.name, one.note) for one in done().phases]
    assert runs == [
        (Phase.PLANNING, "Ana", "on staging"),
        (Phase.TESTING, "Ana", None),
        (Phase.DEPLOYMENT, "Ben", "8 of 8 nodes"),
        (Phase.VALIDATION, "Ana", None),
    ]


def test_nothing_is_tested_without_approval() -> None:
    with pytest.raises(
        InvalidError, match=r"CH12 lacks 1 approval. `approve CH12` is for somebody else than who"
    ):
        carrying.test(a_change(), None, act())


def test_nothing_starts_without_approval_whoever_overrides_the_gate() -> None:
    override = Override(by=ANA, at=MONDAY_NOON, reason="now", against=(), grounds=())
    with pytest.raises(InvalidError, match="Without approval nothing starts"):
        carrying.start(a_change(), None, act(), POLICY, closes=None, override=override)


def test_nothing_starts_whose_approvals_have_expired() -> None:
    expired = an_approved(state=ChangeState.TESTING, approvals=(an_approval(expires=MONDAY_NOON),))
    with pytest.raises(InvalidError, match=r"lacks 1 approval: earlier ones have expired. `approve CH12`"):
        carrying.start(expired, None, act(), POLICY, closes=None)


def test_what_was_not_tested_does_not_start() -> None:
    with pytest.raises(InvalidError, match="CH12 has not been tested: `next CH12` begins that"):
        carrying.start(an_approved(), None, act(), POLICY, closes=None)


def test_what_mends_what_is_broken_starts_untested_and_says_so() -> None:
    urgent = an_approved(plan=a_plan(kind="emergency"))
    changed = carrying.start(urgent, None, act(), POLICY, closes=None)
    assert changed.happened[0].data["skipped_tests"] is True
    assert [one.phase for one in changed.change.phases] == [Phase.PLANNING, Phase.DEPLOYMENT]


def test_whoever_starts_it_leads_it_and_everybody_hears_of_it() -> None:
    changed = started()
    assert changed.change.lead == LEE
    assert changed.change.started == MONDAY_NOON + timedelta(minutes=5)
    [happened] = changed.happened
    assert (happened.kind, happened.loud) == (EventKind.CHANGE_STARTED, True)
    assert happened.data == {"skipped_tests": False, "closes": "Mon 14:00 EDT", "note": None}


def test_an_overridden_start_is_one_line_that_says_what_the_gate_had_against_it() -> None:
    override = Override(
        by=LEE, at=MONDAY_NOON, reason="customers wait", against=("Outside", "Frozen"), grounds=()
    )
    changed = started(override=override)
    assert changed.change.override == override
    overridden, begun = changed.happened
    assert overridden.data == {"reason": "customers wait", "against": "Outside; Frozen"}
    assert (overridden.loud, begun.told) == (True, False)


def test_it_is_started_once() -> None:
    with pytest.raises(AlreadyError, match="CH12 is being deployed by you since 12:05 EDT"):
        carrying.start(started().change, None, later(6, LEE), POLICY, closes=None)


def test_going_on_never_starts_it_and_never_calls_it_done() -> None:
    with pytest.raises(InvalidError, match="`start CH12` starts it"):
        carrying.go_on(in_testing(), None, act())
    with pytest.raises(InvalidError, match="`done CH12` when all is well"):
        carrying.go_on(validating(), None, later(25))


def test_it_is_not_done_before_it_was_looked_at() -> None:
    with pytest.raises(InvalidError, match="`next CH12` when it is deployed"):
        carrying.done(started().change, None, later(10))


def test_what_is_done_says_how_long_it_took() -> None:
    [happened] = carrying.done(validating(), "all well", later(30)).happened
    assert happened.data == {"note": "all well", "took": "25 min"}


def test_what_goes_wrong_is_taken_back_and_its_webhook_is_asked() -> None:
    changed = carrying.roll_back(started().change, "errors", later(10), POLICY, webhook="deployer")
    assert changed.change.state is ChangeState.ROLLING_BACK
    assert changed.change.hook is not None
    assert (changed.change.hook.key, changed.change.hook.state) == ("deployer", HookState.ASKED)
    [happened] = changed.happened
    assert (happened.loud, happened.notify_people) == (True, (LEE.id,))
    back = carrying.go_on(changed.change, "3.1 runs", later(15)).change
    assert (back.state, back.reason) == (ChangeState.ROLLED_BACK, "errors")


def test_a_webhook_that_was_not_reached_until_it_is_back_is_given_up_and_named() -> None:
    asked = carrying.roll_back(started().change, None, later(10), POLICY, webhook="deployer").change
    back = carrying.go_on(asked, "3.1 runs", later(12))
    assert back.change.hook is not None
    assert (back.change.hook.state, back.change.hook.said) == (HookState.FAILED, NOT_HEARD)
    told, failed = back.happened
    assert (told.kind, told.data["webhook"]) == (EventKind.CHANGE_ROLLED_BACK, "deployer")
    assert (failed.kind, failed.data["why"]) == (EventKind.HOOK_FAILED, NOT_HEARD)
    assert (told.told, failed.told, failed.loud) == (True, False, False)


@pytest.mark.parametrize("state", [HookState.TAKEN, HookState.FAILED])
def test_of_a_webhook_that_has_answered_nothing_more_is_said(state: HookState) -> None:
    asked = carrying.roll_back(started().change, None, later(10), POLICY, webhook="deployer").change
    assert asked.hook is not None
    answered = replace(asked, hook=replace(asked.hook, state=state, said="run 7"))
    back = carrying.done(answered, None, later(12))
    assert back.change.hook == answered.hook
    assert [one.kind for one in back.happened] == [EventKind.CHANGE_ROLLED_BACK]


def test_a_word_that_crosses_a_rollback_does_not_end_it() -> None:
    back = carrying.roll_back(validating(), None, later(21, LEE), POLICY, webhook=None).change
    soon = act(ANA, MONDAY_NOON + timedelta(minutes=21, seconds=29))
    for verb in (carrying.done, carrying.go_on):
        with pytest.raises(InvalidError, match="Ben has just begun to roll CH12 back"):
            verb(back, None, soon)
    ended = (
        carrying.done(back, None, soon, knows=True),
        carrying.done(back, None, later(21, LEE)),
        carrying.done(back, None, later(22)),
    )
    assert {one.change.state for one in ended} == {ChangeState.ROLLED_BACK}


def test_what_was_done_is_taken_back_while_it_is_watched() -> None:
    changed = carrying.roll_back(done(), None, later(60), POLICY, webhook=None)
    assert changed.change.is_running
    assert changed.change.closed is None
    with pytest.raises(InvalidError, match="Up to 30 min after that"):
        carrying.roll_back(done(), None, later(61), POLICY, webhook=None)


def test_what_is_not_started_is_called_off_and_not_taken_back() -> None:
    with pytest.raises(InvalidError, match="`cancel CH12` calls it off"):
        carrying.roll_back(in_testing(), None, act(), POLICY, webhook=None)
    off = carrying.cancel(in_testing(), "next week", act(LEE))
    assert (off.change.state, off.change.reason) == (ChangeState.CANCELLED, "next week")
    assert off.happened[0].notify_people == (ANA.id,)


def test_what_is_started_is_not_called_off() -> None:
    with pytest.raises(InvalidError, match=r"too late to cancel it: .* `rollback CH12` to take it back"):
        carrying.cancel(started().change, None, later(10))


def test_who_calls_it_off_says_why() -> None:
    with pytest.raises(InvalidError, match=r"Why\? `cancel CH12 the supplier has moved the date`"):
        carrying.cancel(a_change(), "  ", act())


def test_over_is_over() -> None:
    off = carrying.cancel(a_change(), "not now", act()).change
    for verb in (carrying.test, carrying.done, carrying.cancel):
        with pytest.raises(AlreadyError, match="Nothing to do: CH12 was called off by you, 12:00 EDT"):
            verb(off, None, act())


def test_a_note_is_told_and_changes_nothing() -> None:
    changed = carrying.note(done(), "graphs are quiet", later(90, KIM))
    assert changed.change == done()
    assert changed.happened[0].told
    with pytest.raises(InvalidError, match="What is to be noted"):
        carrying.note(done(), " ", act())
