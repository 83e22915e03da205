"""A runbook that is worked through: each step is done once."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import AlreadyError, DomainError, NotFoundError
from bot.domain.runbooks.markdown import Step
from bot.domain.runbooks.opened import OpenedRunbook, OpenStep
from tests.support.cards import ANA, KIM
from tests.support.clock import MONDAY_NOON

BOOK = OpenedRunbook(
    id="i/pay",
    incident="i",
    runbook="pay",
    title="Payment",
    url=None,
    opened_by=ANA,
    opened_at=MONDAY_NOON,
    steps=tuple(OpenStep(step=Step(position=number, text=f"step {number}")) for number in (1, 2, 3)),
)


def test_a_step_is_done_once_and_says_who_was_first() -> None:
    changed, step = BOOK.check(2, KIM, MONDAY_NOON, UTC)
    assert (step.done_by, step.done_at, changed.progress) == (KIM, MONDAY_NOON, "1 of 3 steps done")
    with pytest.raises(
        AlreadyError, match=f"step 2 of Payment was done by {KIM.name} at {MONDAY_NOON:%H:%M}"
    ):
        changed.check(2, ANA, MONDAY_NOON + timedelta(minutes=1), UTC)


def test_a_step_that_is_still_to_be_done_cannot_be_reopened() -> None:
    with pytest.raises(AlreadyError, match="still to be done"):
        BOOK.reopen(1)


@pytest.mark.parametrize("position", [0, 4, -1, 10**9])
def test_there_is_no_such_step(position: int) -> None:
    with pytest.raises(NotFoundError, match="it has 3"):
        BOOK.check(position, KIM, MONDAY_NOON, UTC)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4))))
def test_whatever_is_pressed_only_that_step_changes(presses: list[tuple[bool, int]]) -> None:
    book, done = BOOK, set[int]()
    for is_check, position in presses:
        try:
            book, step = book.check(position, KIM, MONDAY_NOON, UTC) if is_check else book.reopen(position)
        except DomainError:
            assert not 1 <= position <= 3 or is_check is (position in done)
            continue
        assert step.step.position == position
        done ^= {position}
        assert {one.step.position for one in book.steps if one.is_done} == done
        assert book.done == len(done)
        assert [one.step for one in book.steps] == [one.step for one in BOOK.steps]
