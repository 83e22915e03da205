from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain import calling
from bot.domain.actor import Actor, pagerduty_person
from bot.domain.call import Call, CallState
from bot.domain.calling import CallOutcome, call_path
from bot.domain.errors import AlreadyError, StaleError
from bot.domain.event import EventKind
from bot.domain.outcome import PageOwed, PagesResolved, StepDue, TimersStopped
from bot.domain.page import PageRecord, page_summary
from bot.domain.timer import Timer
from tests.support.builders import ANA, LEE, a_calendar, a_call
from tests.support.clock import MONDAY_NOON, FakeClock
from tests.support.world import World

HOUR = timedelta(hours=1)
BUSINESS = a_calendar()


def begun() -> CallOutcome:
    return calling.begin(a_call(), MONDAY_NOON, BUSINESS)


def test_a_call_pages_its_tier_at_once_and_again_an_hour_later() -> None:
    outcome = begun()
    assert outcome.owed == (PageOwed(step=0), StepDue(step=1, due=MONDAY_NOON + HOUR))
    assert [one.kind for one in outcome.happened] == [EventKind.CALLED, EventKind.PAGED]
    assert outcome.happened[0].data["reason"] == "the provider is on the phone"
    assert not any(one.told for one in outcome.happened), "the card says it all"


def test_a_repeat_tells_who_called_and_never_that_everybody_was_tried() -> None:
    outcome = calling.step_due(begun().call, 1, MONDAY_NOON + HOUR, MONDAY_NOON + HOUR, BUSINESS)
    assert outcome is not None
    [paged] = outcome.happened
    assert (paged.kind, paged.told, paged.notify_people) == (EventKind.PAGED, True, (ANA.id,))
    assert outcome.owed == (PageOwed(step=1), StepDue(step=2, due=MONDAY_NOON + 2 * HOUR))


def test_missed_repeats_fold_into_one() -> None:
    outcome = calling.step_due(begun().call, 1, MONDAY_NOON + HOUR, MONDAY_NOON + 5.5 * HOUR, BUSINESS)
    assert outcome is not None
    assert [one for one in outcome.owed if isinstance(one, PageOwed)] == [PageOwed(step=1, late=True)]
    assert outcome.owed[-1] == StepDue(step=2, due=MONDAY_NOON + 6 * HOUR)


@pytest.mark.parametrize(
    ("by", "notified"), [(LEE, (ANA.id,)), (ANA, ()), (pagerduty_person("Lee"), (ANA.id,))]
)
def test_whoever_called_learns_who_comes_unless_it_is_themselves(
    by: Actor, notified: tuple[str, ...]
) -> None:
    outcome = calling.answer(begun().call, by, MONDAY_NOON + HOUR)
    assert (outcome.call.state, outcome.call.closed_by) == (CallState.ANSWERED, by)
    assert outcome.owed == (TimersStopped(), PagesResolved(before=2))
    [told] = outcome.happened
    assert (told.kind, told.notify_people) == (EventKind.ACKNOWLEDGED, notified)


def test_what_is_over_is_answered_and_called_off_no_more_and_pages_nobody() -> None:
    over = calling.call_off(begun().call, ANA, MONDAY_NOON).call
    for verb in (calling.answer, calling.call_off):
        with pytest.raises(AlreadyError, match="PG3 was called off by Ana 1 h ago"):
            verb(over, LEE, MONDAY_NOON + HOUR)
    assert calling.step_due(over, 1, MONDAY_NOON + HOUR, MONDAY_NOON + HOUR, BUSINESS) is None


def test_a_guide_whose_p0_waits_for_business_time_repeats_every_quarter_of_an_hour() -> None:
    assert call_path("director", "Director", None).response == timedelta(minutes=15)


def test_a_lock_screen_reads_who_calls_and_why_and_then_that_nobody_answers() -> None:
    assert page_summary(a_call(), 0) == "Page PG3 from Ana: the provider is on the phone"
    again = "Page PG3 from Ana: the provider is on the phone · page 2, nobody acknowledged in 1 h"
    assert page_summary(a_call(), 1) == again


def test_only_its_one_epoch_counts() -> None:
    call = a_call()
    call.check_epoch(1)
    with pytest.raises(StaleError, match="PG3 is not acknowledged yet: Team Lead is paged"):
        call.check_epoch(2)
    assert call.is_answered_by(1, None)
    assert not call.is_answered_by(2, MONDAY_NOON)


Decide = Callable[[Call], CallOutcome]
people = st.sampled_from([ANA, LEE])
lengths = st.one_of(
    st.timedeltas(timedelta(), timedelta(minutes=5)),
    st.timedeltas(timedelta(), timedelta(hours=6)),
    st.sampled_from([HOUR, timedelta(days=1)]),
)


class Calling(RuleBasedStateMachine):
    """Whatever is done with a call, in any order and twice: the rules hold."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(BUSINESS)
        self.clock = FakeClock()

    @initialize(response=st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=2)))
    def begins(self, response: timedelta | None) -> None:
        path = call_path("team-lead", "Team Lead", response)
        call = replace(a_call(path=path), called_at=self.now)
        self.world.write(calling.begin(call, self.now, BUSINESS), self.now)

    @rule(by=people)
    def is_answered(self, by: Actor) -> None:
        self.is_closed(lambda call: calling.answer(call, by, self.now), CallState.ANSWERED)

    @rule(by=people)
    def is_called_off(self, by: Actor) -> None:
        self.is_closed(lambda call: calling.call_off(call, by, self.now), CallState.CALLED_OFF)

    @rule(by=lengths)
    def a_tick_comes(self, by: timedelta) -> None:
        self.clock.advance(by)
        before, pages = self.call, len(self.world.pages)
        self.world.tick(self.now)
        assert self.call.state is before.state
        assert len(self.world.pages) - pages <= 1, "what was missed folds into one"

    @precondition(lambda self: self.world.fired_or_stopped)
    @rule(data=st.data())
    def a_timer_that_is_over_fires_again(self, data: st.DataObject) -> None:
        timer: Timer = data.draw(st.sampled_from(self.world.fired_or_stopped))
        if timer.key not in self.world.timers:
            assert self.world.fire(timer, self.now) is None

    @precondition(lambda self: self.world.waiting)
    @rule(data=st.data())
    def a_page_is_claimed(self, data: st.DataObject) -> None:
        page: PageRecord = data.draw(st.sampled_from(self.world.waiting))
        assert self.world.send(page, self.now) == self.call.is_open

    @precondition(lambda self: any(not page.accepted_at for page in self.world.sent))
    @rule(data=st.data())
    def a_page_is_accepted(self, data: st.DataObject) -> None:
        page = data.draw(st.sampled_from([one for one in self.world.sent if not one.accepted_at]))
        self.world.accept(page, self.now)

    @invariant()
    def it_is_repeated_exactly_while_it_waits(self) -> None:
        assert len(self.world.timers) == int(self.call.waits)
        for timer in self.world.timers.values():
            assert (timer.epoch, timer.step) == (1, self.call.next_step)

    @invariant()
    def what_is_over_rings_nowhere(self) -> None:
        if not self.call.is_open:
            assert not self.world.waiting
            assert {page.key for page in self.world.sent} <= self.world.resolved
        assert (self.call.closed_by is None) == (self.call.closed_at is None) == self.call.is_open

    @invariant()
    def every_page_in_the_history_is_owed_and_nobody_is_said_to_be_exhausted(self) -> None:
        told = {(1, one.data["step"]) for one in self.world.events(EventKind.PAGED, 1)}
        assert told == set(self.world.pages)
        assert not self.world.events(EventKind.EXHAUSTED, 1)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def call(self) -> Call:
        return self.world.call

    def is_closed(self, decide: Decide, state: CallState) -> None:
        """Carry it out, or see that its refusal changes nothing."""
        was_open, snapshot = self.call.is_open, self.world.snapshot()
        try:
            outcome = decide(self.call)
        except AlreadyError:
            assert not was_open
            assert self.world.snapshot() == snapshot
            return
        self.world.write(outcome, self.now)
        assert was_open
        assert self.call.state is state


TestCalling = Calling.TestCase
TestCalling.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
