"""Whatever people and time do with a change, in whatever order: the rules hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.act import Act
from bot.domain.actor import OPSBOT, Actor
from bot.domain.change_policy import Phase
from bot.domain.changes import approving, carrying, lapsing, planning
from bot.domain.changes.change import AHEAD, OVER, RUNNING, Change, ChangeState, Override
from bot.domain.changes.changing import Changed, planner
from bot.domain.errors import AlreadyError, DomainError
from tests.support.builders import ANA, LEE
from tests.support.change_lives import KIM, POLICY, a_plan, act
from tests.support.clock import MONDAY_NOON

people = st.sampled_from([ANA, LEE, KIM])
kinds = st.sampled_from(list(POLICY.types))
notes = st.sampled_from([None, "", "node 1 is through"])
lengths = st.sampled_from(
    [timedelta(minutes=m) for m in (1, 20, 90)] + [timedelta(days=d) for d in (1, 4, 8)]
)
ORDER = list(Phase)
MAY_FOLLOW = {
    ChangeState.REQUESTED: {
        ChangeState.REQUESTED,
        ChangeState.APPROVED,
        ChangeState.TESTING,
        ChangeState.REJECTED,
        ChangeState.CANCELLED,
        ChangeState.EXPIRED,
    },
    ChangeState.APPROVED: {
        ChangeState.APPROVED,
        ChangeState.REQUESTED,
        ChangeState.TESTING,
        ChangeState.DEPLOYING,
        ChangeState.REJECTED,
        ChangeState.CANCELLED,
        ChangeState.EXPIRED,
    },
    ChangeState.TESTING: {
        ChangeState.TESTING,
        ChangeState.REQUESTED,
        ChangeState.APPROVED,
        ChangeState.DEPLOYING,
        ChangeState.REJECTED,
        ChangeState.CANCELLED,
        ChangeState.EXPIRED,
    },
    ChangeState.DEPLOYING: {ChangeState.DEPLOYING, ChangeState.VALIDATING, ChangeState.ROLLING_BACK},
    ChangeState.VALIDATING: {ChangeState.VALIDATING, ChangeState.DONE, ChangeState.ROLLING_BACK},
    ChangeState.ROLLING_BACK: {ChangeState.ROLLING_BACK, ChangeState.ROLLED_BACK},
    ChangeState.DONE: {ChangeState.DONE, ChangeState.ROLLING_BACK},
}


class Changing(RuleBasedStateMachine):
    change: Change

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY_NOON
        self.started = 0
        self.wrote: set[str] = set()

    @initialize(by=people, kind=kinds)
    def somebody_asks(self, by: Actor, kind: str) -> None:
        asked = planning.request(
            a_plan(kind=kind), self._act(by), POLICY, change_id="c", channel="ops", team="platform"
        )
        self.change = replace(asked.change, number=12)
        self.wrote = {by.id}

    def _act(self, by: Actor) -> Act:
        return act(by, self.now)

    def _do(self, by: Actor, verb: Callable[[Change, Act], Changed | None]) -> bool:
        """Whether it was done. Each thing takes a second."""
        self.now += timedelta(seconds=1)
        was = self.change
        try:
            changed = verb(was, self._act(by))
        except DomainError:
            return False
        if changed is None:
            return False
        assert changed.happened, "what changes nothing is refused"
        assert by.id not in {one for each in changed.happened for one in each.notify_people}
        assert changed.change.state in MAY_FOLLOW.get(was.state, {was.state}), (
            was.state,
            changed.change.state,
        )
        assert changed.change.approvals[: len(was.approvals)] == was.approvals, "none is forgotten"
        self.change = changed.change
        self._judge_start(was)
        return True

    def _judge_start(self, was: Change) -> None:
        if was.state not in AHEAD or self.change.state is not ChangeState.DEPLOYING:
            return
        self.started += 1
        now, change = self.now, self.change
        kind = POLICY.types[change.plan.kind]
        for_it = {
            one.by.id for one in change.approvals if one.revision == change.revision and now < one.expires
        }
        assert len(for_it) >= kind.approvals
        assert not for_it & {one.id for one in change.authors}
        assert not for_it & self.wrote
        assert was.state is ChangeState.TESTING or kind.is_emergency
        assert self.started == 1

    @rule(by=people, note=notes, seen=st.booleans())
    def approve(self, by: Actor, note: str | None, *, seen: bool) -> None:
        self._do(by, lambda it, a: approving.approve(it, note, a, POLICY, seen=seen))

    @rule(one=people, other=people)
    def two_approve_at_once(self, one: Actor, other: Actor) -> None:
        """Whoever is second finds it as the first has left it: no approval too many."""
        for by in (one, other):
            self._do(by, lambda it, a: approving.approve(it, None, a, POLICY, seen=True))
        counting = self.change.counting(self.now)
        assert len({approval.by.id for approval in counting}) == len(counting)

    @rule(by=people, why=st.sampled_from(["", "too risky"]))
    def reject(self, by: Actor, why: str) -> None:
        assert not (self._do(by, lambda it, a: approving.reject(it, why, a)) and not why)

    @rule(by=people, kind=kinds, title=st.sampled_from(["New checkout", "Newer checkout"]), later=lengths)
    def edit(self, by: Actor, kind: str, title: str, later: timedelta) -> None:
        plan = replace(self.change.plan, kind=kind, title=title, starts=self.now + later)
        before = self.change
        if self._do(by, lambda it, a: planning.edit(it, plan, a, POLICY)):
            assert self.change.revision == before.revision + 1
            assert not self.change.counting(self.now)
            assert self.change.run_of(Phase.TESTING) is None
            assert planner(self.change) == by
            self.wrote.add(by.id)

    @rule(by=people, note=notes)
    def go_on(self, by: Actor, note: str | None) -> None:
        before = self.change.state
        if self._do(by, lambda it, a: carrying.go_on(it, note, a)):
            assert before is not ChangeState.TESTING, "it starts only where that is said"
            assert self.change.state is not ChangeState.DONE

    @rule(by=people, note=notes, overridden=st.booleans())
    def start(self, by: Actor, note: str | None, *, overridden: bool) -> None:
        def verb(it: Change, a: Act) -> Changed:
            override = (
                Override(by=by, at=a.now, reason="now", against=("a freeze",), grounds=())
                if overridden
                else None
            )
            closes = a.now + timedelta(hours=1)
            return carrying.start(it, note, a, POLICY, closes=closes, override=override)

        self._do(by, verb)

    @rule(by=people)
    def press_twice(self, by: Actor) -> None:
        """The same button again does nothing."""
        for verb in (carrying.test, carrying.deployed):
            if self._do(by, lambda it, a, verb=verb: verb(it, None, a)):  # type: ignore[misc]
                try:
                    verb(self.change, None, self._act(by))
                except AlreadyError:
                    continue
                raise AssertionError("it was done twice")

    @rule(by=people, note=notes)
    def done(self, by: Actor, note: str | None) -> None:
        self._do(by, lambda it, a: carrying.done(it, note, a))

    @rule(by=people, why=notes, webhook=st.sampled_from([None, "deployer"]))
    def roll_back(self, by: Actor, why: str | None, webhook: str | None) -> None:
        before = self.change
        if self._do(by, lambda it, a: carrying.roll_back(it, why, a, POLICY, webhook=webhook)):
            late = before.closed is not None and self.now - before.closed > POLICY.watched_for
            assert before.started is not None
            assert not late

    @rule(by=people, why=notes)
    def cancel(self, by: Actor, why: str | None) -> None:
        self._do(by, lambda it, a: carrying.cancel(it, why, a))

    @rule(by=people, text=st.sampled_from(["", "half way"]))
    def note(self, by: Actor, text: str) -> None:
        before = self.change
        self._do(by, lambda it, a: carrying.note(it, text, a))
        assert self.change == before

    @rule(length=lengths, tells=st.booleans())
    def time_passes(self, length: timedelta, *, tells: bool) -> None:
        """With or without its timers: an outage may hold them up."""
        self.now += length
        if tells:
            self._do(OPSBOT, lapsing.lapse)
            self._do(OPSBOT, lapsing.expire)
            assert self.change.state not in AHEAD or self.now < lapsing.expires_at(self.change)

    @invariant()
    def over_is_over(self) -> None:
        change = self.change
        assert (change.closed is not None) == (change.state in OVER) == (not change.is_open)
        assert (change.closed_by is None) == (change.closed is None)
        assert change.is_open or change.phase is None

    @invariant()
    def it_is_started_exactly_where_it_was(self) -> None:
        change = self.change
        assert (change.started is not None) == (change.lead is not None) == bool(self.started)
        assert change.state not in RUNNING or change.started is not None
        assert change.state not in AHEAD or change.started is None

    @invariant()
    def its_phases_follow_each_other_in_order(self) -> None:
        phases = self.change.phases
        places = [ORDER.index(one.phase) for one in phases]
        assert places == sorted(set(places))
        assert phases[0].phase is Phase.PLANNING
        assert all(one.ended is not None for one in phases[:-1])
        assert all(one.ended is not None and one.ended <= two.began for one, two in pairwise(phases))
        assert all((one.ended is None) == (one.ended_by is None) for one in phases)

    @invariant()
    def nobody_counts_for_their_own_plan_or_twice(self) -> None:
        counting = self.change.counting(self.now)
        ids = [one.by.id for one in counting]
        assert len(set(ids)) == len(ids) <= max(self.change.needs, 0)
        assert self.change.requested_by.id not in ids
        assert not self.wrote & set(ids)


Changing.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestChanging = Changing.TestCase
