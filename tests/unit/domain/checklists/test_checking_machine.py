"""Whatever people do with a run, in whatever order: the rules hold."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.act import Act
from bot.domain.actor import Actor
from bot.domain.checklists import checking
from bot.domain.checklists.checking import Checked
from bot.domain.checklists.run import ItemState, Run, RunState
from bot.domain.errors import AlreadyError, DomainError
from bot.domain.event import EventKind
from tests.support.builders import ANA, LEE, NEW_YORK
from tests.support.clock import MONDAY_NOON
from tests.support.runs import a_run

people = st.sampled_from([ANA, LEE])
positions = st.integers(1, 5)
several = st.lists(positions, min_size=1, max_size=4)
words = st.sampled_from(["", "it is slow", "restarted"])
SETTLING = {EventKind.CHECKED, EventKind.NOT_APPLICABLE, EventKind.PROBLEM_FOUND}


class Checking(RuleBasedStateMachine):
    run: Run

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY_NOON
        self.settled: dict[int, int] = {}
        self.opened: dict[int, int] = {}
        self.found = 0
        self.closed = 0

    @initialize(count=st.integers(1, 4), owner=st.one_of(st.none(), people))
    def begins(self, count: int, owner: Actor | None) -> None:
        self.run = a_run(*(f"Item {number}" for number in range(1, count + 1)), owner=owner)
        self.settled = {item.position: 0 for item in self.run.items}
        self.opened = {item.position: 0 for item in self.run.items}

    def _do(self, by: Actor, do: object, *args: object) -> None:
        self.now += timedelta(minutes=1)
        act = Act(by=by, now=self.now, zone=NEW_YORK)
        try:
            checked: Checked = do(self.run, *args, act)  # type: ignore[operator]
        except DomainError:
            return
        assert checked.happened, "what changes nothing is refused"
        for position in checked.items:
            before, after = self.run.item(position), checked.run.item(position)
            self.settled[position] += before.is_open and not after.is_open
            self.opened[position] += after.is_open and not before.is_open
        self.found += sum(one.kind is EventKind.PROBLEM_FOUND for one in checked.happened)
        self.closed += sum(one.kind is EventKind.PROBLEM_CLOSED for one in checked.happened)
        untouched = set(self.settled) - set(checked.items)
        assert all(self.run.item(one) == checked.run.item(one) for one in untouched)
        settles = any(one.kind in SETTLING for one in checked.happened)
        assert settles == (checked.run.settled > self.run.settled)
        self.run = checked.run

    @rule(by=people, which=st.one_of(st.none(), several))
    def check(self, by: Actor, which: list[int] | None) -> None:
        self._do(by, checking.check, which)

    @rule(by=people, one=positions)
    def two_check_the_same_at_once(self, by: Actor, one: int) -> None:
        self._do(by, checking.check, [one])
        other = LEE if by == ANA else ANA
        try:
            checking.check(self.run, [one], Act(by=other, now=self.now, zone=NEW_YORK))
        except AlreadyError:
            assert not self.run.item(one).is_open
        except DomainError:
            assert one > len(self.run.items)
        else:
            raise AssertionError("both have won")

    @rule(by=people, which=several, why=words)
    def not_applicable(self, by: Actor, which: list[int], why: str) -> None:
        self._do(by, checking.not_applicable, which, why)

    @rule(by=people, one=positions, text=words)
    def find_problem(self, by: Actor, one: int, text: str) -> None:
        self._do(by, checking.find_problem, one, text)

    @rule(by=people, one=positions, how=words)
    def solve(self, by: Actor, one: int, how: str) -> None:
        self._do(by, checking.solve_problem, one, how)

    @rule(by=people, one=positions)
    def declare(self, by: Actor, one: int) -> None:
        self._do(by, checking.link_incident, one, "incident-1", "P2 #42")

    @rule(by=people, which=several)
    def reopen(self, by: Actor, which: list[int]) -> None:
        self._do(by, checking.reopen, which)

    @rule(by=people, which=st.one_of(st.none(), several))
    def take(self, by: Actor, which: list[int] | None) -> None:
        self._do(by, checking.take, which)

    @rule(by=people, which=st.one_of(st.none(), several), to=people)
    def give(self, by: Actor, which: list[int] | None, to: Actor) -> None:
        self._do(by, checking.give, which, to)

    @rule(by=people, which=st.one_of(st.none(), positions), text=words)
    def note(self, by: Actor, which: int | None, text: str) -> None:
        self._do(by, checking.note, which, text)

    @invariant()
    def it_is_done_exactly_while_no_item_is_open(self) -> None:
        assert (self.run.state is RunState.DONE) == (not self.run.open_items)
        assert (self.run.closed_at is not None) == (self.run.state is RunState.DONE)

    @invariant()
    def an_item_is_settled_once_between_two_openings(self) -> None:
        for item in self.run.items:
            assert self.settled[item.position] - self.opened[item.position] == (not item.is_open)

    @invariant()
    def whoever_settled_it_is_known_and_nobody_for_what_is_open(self) -> None:
        for item in self.run.items:
            assert (item.by is None) == (item.at is None) == item.is_open
            assert (item.reason is not None) == (item.state is ItemState.NOT_APPLICABLE)
            assert item.problem is not None or item.state is not ItemState.PROBLEM

    @invariant()
    def no_problem_is_lost(self) -> None:
        assert len(self.run.open_problems) == self.found - self.closed


Checking.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestChecking = Checking.TestCase
