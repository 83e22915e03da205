from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.act import Act
from bot.domain.actor import PAGERDUTY, Actor
from bot.domain.checklists import checking, course
from bot.domain.checklists.run import ItemState, RunState
from bot.domain.errors import AlreadyError, InvalidError, NotFoundError
from bot.domain.event import EventKind
from tests.support.builders import ANA, LEE, NEW_YORK
from tests.support.clock import MONDAY_NOON
from tests.support.runs import a_run

LATER = MONDAY_NOON + timedelta(minutes=20)


def by_ana(now: object = None) -> Act:
    return Act(by=ANA, now=now or MONDAY_NOON, zone=NEW_YORK)  # type: ignore[arg-type]


KIM = Actor(id="U0KIM", name="Kim")
BY_ANA, BY_BEN = by_ana(), Act(by=LEE, now=LATER, zone=NEW_YORK)


def test_an_item_is_done_by_somebody_at_a_time() -> None:
    checked = checking.check(a_run(), [2], BY_ANA)
    item = checked.run.item(2)
    assert (item.state, item.by, item.at) == (ItemState.DONE, ANA, MONDAY_NOON)
    assert checked.run.is_open
    [entry] = checked.happened
    assert (entry.kind, entry.data["items"]) == (EventKind.CHECKED, "2")
    assert not entry.told, "the card shows it"


def test_the_second_to_check_an_item_is_told_who_was_first_and_when() -> None:
    run = checking.check(a_run(), [2], BY_ANA).run
    with pytest.raises(AlreadyError, match=r"^Ana has done item 2 of C12 already, 12:00 EDT\.$"):
        checking.check(run, [2], BY_BEN)


def test_the_day_is_named_where_it_was_another() -> None:
    run = checking.check(a_run(), [2], BY_ANA).run
    tomorrow = replace(BY_BEN, now=MONDAY_NOON + timedelta(days=1))
    with pytest.raises(AlreadyError, match=r"already, Mon 16 12:00 EDT\.$"):
        checking.check(run, [2], tomorrow)


def test_what_is_done_already_is_passed_over_where_more_is_asked_for() -> None:
    run = checking.check(a_run(), [2], BY_ANA).run
    checked = checking.check(run, [1, 2], BY_BEN)
    assert checked.items == (1,)
    assert checked.passed_over == ("Ana has done item 2 of C12 already, 12:00 EDT.",)


def test_whoever_was_first_themselves_is_told_so() -> None:
    run = checking.check(a_run(), [2], BY_ANA).run
    with pytest.raises(AlreadyError, match=r"^You have done item 2 of C12 already, 12:00 EDT\.$"):
        checking.check(run, [2], BY_ANA)
    run = checking.take(a_run(), [1], BY_ANA).run
    with pytest.raises(AlreadyError, match=r"^You have item 1 of C12 already"):
        checking.take(run, [1], BY_ANA)
    with pytest.raises(AlreadyError, match=r"^Nothing to do: C12 is yours already"):
        checking.give(a_run(owner=ANA), None, ANA, BY_ANA)


def test_of_many_items_that_are_settled_one_sentence_sums_up() -> None:
    run = a_run(*(f"Check {position}" for position in range(1, 41)))
    most = checking.check(run, [*range(1, 13), 14], BY_ANA).run
    checked = checking.check(most, range(1, 41), BY_BEN)
    assert checked.passed_over == ("Items 1 to 12, 14 of C12 are settled already.",)
    with pytest.raises(AlreadyError, match=r"^Items 1 to 40 of C12 are settled already\.$"):
        checking.check(checked.run, range(1, 41), BY_BEN)
    taken = checking.take(run, None, BY_ANA).run
    with pytest.raises(AlreadyError, match=r"^Items 1 to 40 of C12 are taken already\.$"):
        checking.take(taken, range(1, 41), BY_BEN)
    with pytest.raises(AlreadyError, match=r"^Nothing to do: Items 1 to 40 of C12 are open\.$"):
        checking.reopen(run, range(1, 41), BY_BEN)


def test_an_item_named_twice_is_done_once() -> None:
    assert checking.check(a_run(), [1, 1], BY_ANA).items == (1,)


def test_a_run_is_done_with_its_last_item() -> None:
    checked = checking.check(a_run(), None, BY_ANA)
    assert checked.run.state is RunState.DONE
    assert checked.run.closed_at == MONDAY_NOON
    assert [one.kind for one in checked.happened] == [EventKind.CHECKED, EventKind.RUN_DONE]
    assert checked.happened[1].data == {"problems": 0, "late": False}


def test_a_run_that_is_done_after_its_time_is_late() -> None:
    late = by_ana(MONDAY_NOON + timedelta(hours=6))
    done = checking.check(a_run(), None, late)
    assert done.run.was_late
    assert done.happened[-1].data["late"] is True


def test_an_item_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(NotFoundError, match="has items 1 to 3; there is no item 7"):
        checking.check(a_run(), [7], BY_ANA)


def test_what_does_not_apply_needs_a_reason() -> None:
    with pytest.raises(InvalidError, match="Why does it not apply"):
        checking.not_applicable(a_run(), [1], "  ", BY_ANA)
    item = checking.not_applicable(a_run(), [1], "no deploys", BY_ANA).run.item(1)
    assert (item.state, item.reason) == (ItemState.NOT_APPLICABLE, "no deploys")


def test_a_problem_settles_its_item_and_is_open_itself() -> None:
    run = checking.find_problem(a_run("One"), 1, "backup is 40 hours old", BY_ANA).run
    assert run.state is RunState.DONE
    assert [item.position for item in run.open_problems] == [1]


def test_whoever_has_the_item_learns_of_anothers_problem_with_it() -> None:
    mine = checking.take(a_run(), [1], BY_ANA).run
    [found] = checking.find_problem(mine, 1, "it is slow", BY_BEN).happened
    assert found.notify_people == (ANA.id,)
    [found] = checking.find_problem(mine, 1, "it is slow", BY_ANA).happened
    assert found.notify_people == (), "nobody is mentioned for what they do themselves"


def test_a_problem_is_found_once() -> None:
    run = checking.find_problem(a_run(), 1, "it is slow", BY_ANA).run
    with pytest.raises(
        AlreadyError, match="Ana has found a problem with item 1 of C12 already, 12:00 EDT: it is"
    ):
        checking.find_problem(run, 1, "it is slow, too", BY_BEN)


def test_an_item_that_is_done_is_opened_before_a_problem_is_reported() -> None:
    run = checking.check(a_run(), [1], BY_ANA).run
    with pytest.raises(AlreadyError, match=r"Ana has done item 1 .* `open C12 1` opens it again"):
        checking.find_problem(run, 1, "it is slow", BY_BEN)


def test_a_problem_is_closed_once_and_whoever_found_it_is_told() -> None:
    run = checking.find_problem(a_run(), 1, "it is slow", BY_ANA).run
    solved = checking.solve_problem(run, 1, "index added", BY_BEN)
    problem = solved.run.item(1).problem
    assert problem is not None
    assert (problem.closed_by, problem.how) == (LEE, "index added")
    assert solved.happened[0].notify_people == (ANA.id,)
    with pytest.raises(AlreadyError, match="Ben has closed the problem of item 1 of C12 already, 12:20 EDT"):
        checking.solve_problem(solved.run, 1, None, BY_ANA)


def test_a_problem_is_closed_after_its_run_is_over() -> None:
    run = replace(checking.find_problem(a_run(), 1, "it is slow", BY_ANA).run, state=RunState.MISSED)
    solved = checking.solve_problem(run, 1, None, BY_BEN).run
    assert not solved.open_problems
    assert solved.state is RunState.MISSED


def test_an_item_without_a_problem_has_none_to_close() -> None:
    run = checking.find_problem(a_run(), 3, "full", BY_ANA).run
    with pytest.raises(InvalidError, match=r"has no problem\. Items with open problems: 3\."):
        checking.solve_problem(run, 1, None, BY_ANA)


def test_an_incident_that_was_declared_is_kept_with_its_problem() -> None:
    run = checking.find_problem(a_run(), 1, "it is slow", BY_ANA).run
    linked = checking.link_incident(run, 1, "incident-1", "P2 #42", BY_ANA)
    problem = linked.run.item(1).problem
    assert problem is not None
    assert problem.incident == "incident-1"
    assert linked.happened[0].data["incident"] == "P2 #42"


def test_an_item_is_opened_again_and_with_it_a_run_that_was_done() -> None:
    run = checking.check(a_run(), None, BY_ANA).run
    opened = checking.reopen(run, [2], BY_BEN)
    assert opened.run.state is RunState.OPEN
    assert opened.run.closed_at is None
    item = opened.run.item(2)
    assert (item.state, item.by, item.at) == (ItemState.OPEN, None, None)
    assert opened.happened[0].told, "its card said that it was done"


def test_an_open_item_cannot_be_opened() -> None:
    with pytest.raises(AlreadyError, match=r"Nothing to do: Item 2 of C12 is open\."):
        checking.reopen(a_run(), [2], BY_ANA)


def test_an_open_problem_is_closed_before_its_item_is_opened_again() -> None:
    run = checking.find_problem(a_run(), 1, "it is slow", BY_ANA).run
    with pytest.raises(InvalidError, match="`solved C12 1 what was done` closes it"):
        checking.reopen(run, [1], BY_ANA)
    run = checking.solve_problem(run, 1, "index added", BY_ANA).run
    again = checking.reopen(run, [1], BY_ANA).run.item(1)
    assert again.is_open
    assert again.problem is not None, "what was found is kept"


@pytest.mark.parametrize("state", [RunState.CARRIED, RunState.MISSED, RunState.SKIPPED])
def test_nothing_is_checked_in_a_run_that_is_over(state: RunState) -> None:
    run = a_run(state=state)
    for verb in (checking.check, checking.take, checking.reopen):
        with pytest.raises(InvalidError, match="C12 Health Check"):
            verb(run, [1], BY_ANA)


def test_taking_takes_what_nobody_has() -> None:
    run = checking.take(a_run(), [1], BY_ANA).run
    taken = checking.take(run, None, BY_BEN)
    assert [item.owner for item in taken.run.items] == [ANA, LEE, LEE]
    with pytest.raises(AlreadyError, match="Nothing to take: you have item 1; Ben has items 2, 3"):
        checking.take(taken.run, None, BY_ANA)


def test_what_somebody_has_is_not_taken_from_them() -> None:
    run = checking.take(a_run(), [1], BY_ANA).run
    with pytest.raises(AlreadyError, match="Ana has item 1 of C12 already; `give C12 1 @…` hands it over"):
        checking.take(run, [1], BY_BEN)


def test_whoevers_the_run_is_anybody_may_take_its_items() -> None:
    taken = checking.take(a_run(owner=ANA), None, BY_BEN)
    assert taken.run.owners == (LEE,)
    [entry] = taken.happened
    assert entry.told
    assert entry.notify_people == (ANA.id,), "she thought that it was hers"


def test_an_item_is_handed_over_and_whoever_gets_it_is_mentioned() -> None:
    given = checking.give(a_run(), [1, 2], LEE, BY_ANA)
    assert [item.owner for item in given.run.items] == [LEE, LEE, None]
    [entry] = given.happened
    assert (entry.data["items"], entry.data["to"], entry.notify_people) == ("1, 2", "Ben", (LEE.id,))


def test_a_run_is_handed_over_with_what_the_giver_has() -> None:
    run = checking.take(a_run(owner=ANA), [1], BY_ANA).run
    given = checking.give(run, None, LEE, BY_ANA)
    assert given.run.owners == (LEE,)
    assert given.happened[0].kind is EventKind.RUN_GIVEN
    with pytest.raises(AlreadyError, match="C12 is Ben's already"):
        checking.give(given.run, None, LEE, BY_ANA)


def test_a_run_is_handed_over_but_for_what_others_have_taken() -> None:
    run = checking.take(a_run(), [2], BY_BEN).run
    given = checking.give(run, None, KIM, BY_ANA).run
    assert [item.owner for item in given.items] == [KIM, LEE, KIM]
    assert given.owner == KIM


def test_what_was_handed_over_as_a_whole_is_theirs_in_the_next_run() -> None:
    given = checking.give(a_run(owner=ANA), None, LEE, BY_ANA).run
    following = course.carry_over(given, a_run(owner=ANA))
    assert [item.owner for item in following.items] == [LEE, LEE, LEE]
    assert following.owner == ANA


def test_a_note_is_told_and_changes_nothing() -> None:
    noted = checking.note(a_run(), 2, "db-2 is at 78 %", BY_ANA)
    assert noted.run == a_run()
    [entry] = noted.happened
    assert entry.told
    assert (entry.data["items"], entry.data["text"]) == ("2", "db-2 is at 78 %")
    with pytest.raises(InvalidError, match="What is to be noted"):
        checking.note(a_run(), None, "", BY_ANA)


def test_who_is_known_in_pagerduty_only_is_mentioned_by_nobody() -> None:
    somebody = Actor(id=PAGERDUTY, name="Ana Ortiz (PagerDuty)")
    [found] = checking.find_problem(
        checking.give(a_run(), [1], somebody, BY_ANA).run, 1, "it is slow", BY_BEN
    ).happened
    assert found.notify_people == ()
