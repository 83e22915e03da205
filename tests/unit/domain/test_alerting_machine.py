"""Whatever is said of an alert group, by people and machines, in any order and twice: the rules hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain import alerting
from bot.domain.actor import Actor
from bot.domain.alert import AlertGroup, AlertState
from bot.domain.alert_policy import FlappingPolicy
from bot.domain.alerting import AlertOutcome
from bot.domain.errors import DomainError
from bot.domain.event import EventKind
from bot.domain.outcome import PageOwed
from bot.domain.page import PageRecord
from bot.domain.path import Path
from bot.domain.severity import Severity
from bot.domain.timer import Timer
from tests.support.builders import ANA, LEE, a_calendar, an_alert_group, paths
from tests.support.clock import FakeClock
from tests.support.world import World

FLAPPING = FlappingPolicy(within=timedelta(minutes=10), times=3)
people = st.sampled_from([ANA, LEE])
routes = st.builds(
    lambda path, at_once, escalates: replace(path, at_once=at_once, escalates=escalates),
    paths,
    st.booleans(),
    st.booleans(),
)
lengths = st.one_of(
    st.timedeltas(timedelta(), timedelta(minutes=5)),
    st.timedeltas(timedelta(), timedelta(hours=6)),
    st.sampled_from([timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)]),
)
carried = st.sampled_from([False, False, False, True])


class Alerting(RuleBasedStateMachine):
    """`may_wait`: a path has begun, or would have, in this epoch; `flap_pages`: when flaps have paged."""

    def __init__(self) -> None:
        super().__init__()
        self.business = a_calendar()
        self.world = World(self.business)
        self.clock = FakeClock()
        self.is_carried = False

    # --- What machines say

    @initialize(path=routes, severity=st.sampled_from(Severity), quiet=carried)
    def fires(self, path: Path, severity: Severity, *, quiet: bool) -> None:
        now = self.clock.now()
        group = an_alert_group(path=path, severity=severity, started_at=now)
        self.is_carried = quiet
        self.write(alerting.begin(group, now, self.business, carried=quiet))

    @rule()
    def is_resolved(self) -> None:
        before = self.group
        changed = self.twice(lambda one: alerting.resolve(one, self.now))
        assert changed == before.is_open
        assert self.group.state is AlertState.RESOLVED
        assert {page.key for page in self.world.sent} <= self.world.resolved

    @rule(quiet=carried)
    def fires_again(self, *, quiet: bool) -> None:
        before, pages = self.group, len(self.world.pages)
        changed = self.twice(
            lambda one: alerting.fire_again(one, self.now, self.business, FLAPPING, carried=quiet)
        )
        assert changed != before.is_open
        if not changed:
            return
        self.is_carried = quiet
        assert self.group.flaps == before.flaps + 1
        assert self.group.acknowledged_by == before.acknowledged_by
        flaps = self.group.flaps >= FLAPPING.times and before.paged_at is not None
        if flaps and self.now < before.paged_at + FLAPPING.within:  # type: ignore[operator]
            assert len(self.world.pages) == pages, "a flapping group pages once, and then waits"
            assert all(timer.due >= before.paged_at + FLAPPING.within for timer in self.timers)  # type: ignore[operator]

    @rule(severity=st.sampled_from(Severity), path=routes, quiet=carried)
    def gets_worse(self, severity: Severity, path: Path, *, quiet: bool) -> None:
        before = self.group
        changed = self.twice(
            lambda one: alerting.get_worse(one, severity, path, self.now, self.business, carried=quiet)
        )
        if changed:
            self.is_carried = quiet
            assert before.is_open
            assert not before.severity.is_worse_than(self.group.severity)
            assert (self.group.epoch, self.group.acknowledged_by) == (before.epoch + 1, None)

    @rule(length=lengths, by=people)
    def is_silenced(self, length: timedelta, by: Actor) -> None:
        until = self.now + length + timedelta(minutes=1)
        if self.twice(lambda one: alerting.silence(one, by, until, self.now)):
            self.nobody_rings_any_more()
            assert self.group.state is AlertState.SILENCED

    @rule(expired=st.booleans(), quiet=carried)
    def silence_ends(self, *, expired: bool, quiet: bool) -> None:
        before = self.group
        changed = self.twice(
            lambda one: alerting.end_silence(one, self.now, self.business, expired=expired, carried=quiet)
        )
        assert changed == (before.silenced_until is not None)
        assert self.group.silenced_until is None
        if changed and self.group.epoch > before.epoch:
            self.is_carried = quiet
        if changed and before.is_open and expired:
            assert self.group.waits

    # --- What people do

    @rule(by=people)
    def acknowledge(self, by: Actor) -> None:
        before = self.group
        taken = self.do(lambda one: alerting.acknowledge(one, by, self.now))
        assert taken == (before.is_open and before.acknowledged_by is None)
        if taken:
            self.nobody_rings_any_more()
            assert not self.do(lambda one: alerting.acknowledge(one, LEE, self.now))

    @rule(quiet=carried)
    def unacknowledge(self, *, quiet: bool) -> None:
        before = self.group
        freed = self.do(lambda one: alerting.unacknowledge(one, self.now, self.business, carried=quiet))
        assert freed == (before.is_open and before.acknowledged_by is not None)
        if freed:
            self.is_carried = quiet
            assert (self.group.epoch, self.group.acknowledged_by) == (before.epoch + 1, None)

    @rule()
    def escalate_now(self) -> None:
        before, pages = self.group, len(self.world.pages)
        if self.do(lambda one: alerting.escalate_now(one, self.now, self.business)):
            assert before.is_open
            assert self.group.state is before.state
            assert len(self.world.pages) - pages == int(before.path.pages)
            self.is_carried = self.is_carried and not before.waits

    @rule()
    def joins_an_incident(self) -> None:
        self.write(alerting.carry(self.group))
        self.is_carried = True
        self.nobody_rings_any_more()

    @rule()
    def leaves_the_incident(self) -> None:
        waits = self.group.waits
        self.write(alerting.release(self.group, self.now, self.business))
        self.is_carried = self.is_carried and not waits

    # --- What time brings

    @rule(by=lengths)
    def a_tick_comes(self, by: timedelta) -> None:
        self.clock.advance(by)
        before = self.group
        self.world.tick(self.now)
        assert (self.group.state, self.group.epoch) == (before.state, before.epoch)

    @rule(by=lengths)
    def the_bot_is_down(self, by: timedelta) -> None:
        self.clock.advance(by)

    @precondition(lambda self: self.world.fired_or_stopped)
    @rule(data=st.data())
    def a_timer_that_is_over_fires_again(self, data: st.DataObject) -> None:
        timer = data.draw(st.sampled_from(self.world.fired_or_stopped))
        if timer.key not in self.world.timers and not self.is_carried:
            assert self.world.fire(timer, self.now) is None

    @precondition(lambda self: self.world.waiting)
    @rule(data=st.data())
    def a_page_is_claimed(self, data: st.DataObject) -> None:
        page = data.draw(st.sampled_from(self.world.waiting))
        if self.world.send(page, self.now):
            assert (page.epoch, self.group.is_open) == (self.group.epoch, True)
            assert self.group.waits or page.past_acknowledgement

    @precondition(lambda self: any(not page.accepted_at for page in self.world.sent))
    @rule(data=st.data())
    def a_page_is_accepted(self, data: st.DataObject) -> None:
        page: PageRecord = data.draw(st.sampled_from([one for one in self.world.sent if not one.accepted_at]))
        self.world.accept(page, self.now)

    # --- What always holds

    @invariant()
    def nobody_is_to_be_reached_while_somebody_or_something_holds_it(self) -> None:
        if not self.group.waits:
            assert not self.timers
            assert all(page.past_acknowledgement for page in self._owed())
        if self.group.state is AlertState.RESOLVED:
            assert not self.world.waiting

    @invariant()
    def a_timer_runs_exactly_while_the_path_has_somebody_to_reach(self) -> None:
        path, step = self.group.path, self.group.next_step
        taken = step > 0
        goes_on = path.escalates and (path.repeats or step <= path.length)
        comes = self.group.waits and not self.is_carried and (goes_on if taken else path.reaches)
        assert len(self.timers) == int(comes)
        for timer in self.timers:
            assert (timer.epoch, timer.step) == (self.group.epoch, step)

    @invariant()
    def every_page_in_the_history_is_owed_and_the_other_way_round(self) -> None:
        told = {
            (epoch, happened.data["step"])
            for epoch, happened in self.world.history
            if happened.kind is EventKind.PAGED
        }
        assert told == set(self.world.pages)

    @invariant()
    def the_state_says_what_is_true(self) -> None:
        group = self.group
        assert (group.acknowledged_at is None) == (group.acknowledged_by is None)
        assert (group.resolved_at is None) == group.is_open
        assert group.waits == (
            group.is_open and group.silenced_until is None and group.acknowledged_by is None
        )

    # --- How it is done

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def group(self) -> AlertGroup:
        return self.world.group

    @property
    def timers(self) -> list[Timer]:
        return list(self.world.timers.values())

    def _owed(self) -> list[PageRecord]:
        return [page for page in self.world.waiting if page.epoch == self.group.epoch]

    def write(self, outcome: AlertOutcome) -> None:
        before = self.world.group.epoch if self.world.pages or self.world.history else 0
        self.world.write(outcome, self.now)
        assert self.group.epoch >= before, "an epoch only rises"
        if any(isinstance(owed, PageOwed) for owed in outcome.owed):
            assert self.group.paged_at == self.now

    def do(self, decide: Callable[[AlertGroup], AlertOutcome]) -> bool:
        """Carry out what somebody asks for, or see that its refusal changes nothing."""
        snapshot = self.world.snapshot()
        try:
            outcome = decide(self.group)
        except DomainError:
            assert self.world.snapshot() == snapshot
            return False
        self.write(outcome)
        return True

    def twice(self, decide: Callable[[AlertGroup], AlertOutcome | None]) -> bool:
        """Take in what a machine says, and again: the second time nothing changes."""
        outcome = decide(self.group)
        if outcome is not None:
            self.write(outcome)
        assert decide(self.group) is None
        return outcome is not None

    def nobody_rings_any_more(self) -> None:
        assert not self.world.waiting
        assert not self.timers
        assert {page.key for page in self.world.sent} <= self.world.acknowledged | self.world.resolved


TestAlerting = Alerting.TestCase
TestAlerting.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
