"""Whatever people do and the guide becomes, nothing that was asked for is lost from one run to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.act import Act
from bot.domain.actor import Actor
from bot.domain.checklist import Checklist, Unfinished
from bot.domain.checklists import checking, course
from bot.domain.checklists.checking import Checked
from bot.domain.checklists.course import HALF, WHOLE
from bot.domain.checklists.run import ItemState, Run, RunState
from bot.domain.checklists.schedule import next_occurrence
from bot.domain.errors import DomainError
from tests.support.begun_runs import a_checklist
from tests.support.builders import ANA, LEE, NEW_YORK, a_calendar

MONDAY_NINE = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
CALENDAR = a_calendar()
KEYS = ("look", "answer", "disks", "backups")
guides = st.builds(
    lambda keys, unfinished, days: replace(a_checklist(*keys), unfinished=unfinished, days=days),
    st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True),
    st.sampled_from(Unfinished),
    st.integers(1, 5),
)
people = st.sampled_from([ANA, LEE])
places = st.integers(1, 6)


class Course(RuleBasedStateMachine):
    """One checklist's runs, one after the other. `over` are those before the newest."""

    @initialize(guide=guides)
    def begins(self, guide: Checklist) -> None:
        self.guide = guide
        self.now = MONDAY_NINE
        self.over: list[Run] = []
        self.run = self._fresh()

    @rule(guide=guides)
    def guide_is_edited(self, guide: Checklist) -> None:
        before = self.run
        self.guide = guide
        assert self.run == before

    @rule(hours=st.integers(1, 9))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(by=people, place=places)
    def checked(self, by: Actor, place: int) -> None:
        self._does(lambda act: checking.check(self.run, [place], act), by)

    @rule(by=people, place=places)
    def not_applicable(self, by: Actor, place: int) -> None:
        self._does(lambda act: checking.not_applicable(self.run, [place], "no deploys", act), by)

    @rule(by=people, place=places)
    def found(self, by: Actor, place: int) -> None:
        self._does(lambda act: checking.find_problem(self.run, place, "it is full", act), by)

    @rule(by=people, place=places)
    def solved(self, by: Actor, place: int) -> None:
        self._does(lambda act: checking.solve_problem(self.run, place, None, act), by)

    @rule(by=people, place=places)
    def taken(self, by: Actor, place: int) -> None:
        self._does(lambda act: checking.take(self.run, [place], act), by)

    @rule(by=people, place=places)
    def opened_again(self, by: Actor, place: int) -> None:
        self._does(lambda act: checking.reopen(self.run, [place], act), by)

    @rule(step=st.sampled_from([HALF, WHOLE]))
    def nudged(self, step: int) -> None:
        said = course.nudge(self.run, step, self.now, NEW_YORK)
        if said is None:
            assert not self.run.is_open or (step == HALF and self.now >= self.run.due_at)
            return
        assert self.run.open_items
        assert said.notify_team or set(said.notify_people) <= {ANA.id, LEE.id}
        assert said.notify_team or not said.loud

    @rule()
    def the_next_begins(self) -> None:
        coming = next_occurrence(self.guide, CALENDAR, self.now)
        assert coming is not None
        self.now = coming.at
        old, new = self.run, self._fresh()
        if old.is_open:
            carried = course.is_carried(old)
            old = course.end(old, self.now, carried=carried)
            new = course.carry_over(old, new) if carried else new
        self.over.append(old)
        self._check_taken_over(old, new)
        self.run = new

    @precondition(lambda self: self.run.is_open)
    @rule()
    def nobody_ends_it_in_time(self) -> None:
        self.now = max(self.now, self.run.ends_at)
        self.run = course.end(self.run, self.now)
        assert self.run.state is RunState.MISSED

    @invariant()
    def is_done_exactly_while_nothing_of_it_is_open(self) -> None:
        for run in (*self.over, self.run):
            assert (run.state is RunState.DONE) == (not run.open_items)
            assert (run.closed_at is None) == run.is_open
            assert [item.position for item in run.items] == list(range(1, len(run.items) + 1))
            assert len({item.key for item in run.items}) == len(run.items)
            assert run.begun_at < run.due_at < run.ends_at

    def _fresh(self) -> Run:
        beginning = course.Beginning(occurrence=self.now.isoformat(), planned_at=self.now)
        return course.begin(
            self.guide, beginning, CALENDAR, self.now, run_id=self.now.isoformat(), security=False
        )

    def _does(self, verb: Callable[[Act], Checked], by: Actor) -> None:
        act = Act(by=by, now=self.now, zone=NEW_YORK)
        try:
            checked = verb(act)
        except DomainError:
            return
        self.run = checked.run

    def _check_taken_over(self, old: Run, new: Run) -> None:
        by_key = {item.key: item for item in new.items}
        assert [item.key for item in new.items][: len(self.guide.items)] == [
            item.key for item in self.guide.items
        ]
        assert all(item.state is ItemState.OPEN and item.problem is None for item in new.items)
        if old.state is RunState.CARRIED:
            for item in old.open_items:
                taken = by_key[item.key]
                assert (taken.owner, taken.since) == (item.owner, item.since or old.planned_at)
        else:
            assert all(item.owner is None and item.since is None for item in new.items)
            assert len(new.items) == len(self.guide.items)


TestCourse = Course.TestCase
TestCourse.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
