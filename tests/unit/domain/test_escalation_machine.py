"""Whatever people do, whenever they do it, and however late the ticks come: the rules hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain import escalation
from bot.domain.actor import Actor
from bot.domain.errors import DomainError
from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.merging import merge
from bot.domain.outcome import Outcome
from bot.domain.page import PageRecord
from bot.domain.path import BusinessTime, Path
from bot.domain.severity import Severity
from tests.support.builders import ANA, LEE, a_calendar, an_incident, path_of, paths
from tests.support.clock import FakeClock
from tests.support.world import World

ENDED = {Status.RESOLVED, Status.CANCELLED, Status.MERGED}


def _merge(incident: Incident, by: Actor, now: datetime) -> Outcome:
    """End it as part of another that goes on, unless it is over."""
    another = replace(incident, id="another", number=7, status=Status.TRIGGERED)
    return merge(incident, another, by, now).ended


people = st.sampled_from([ANA, LEE])
severities = st.sampled_from(Severity)
guides = st.one_of(
    st.just({severity: path_of(severity) for severity in Severity}),
    st.fixed_dictionaries(dict.fromkeys(Severity, paths)),
)
steps_of_time = st.one_of(
    st.timedeltas(timedelta(), timedelta(minutes=20)),
    st.timedeltas(timedelta(), timedelta(hours=6)),
    st.timedeltas(timedelta(), timedelta(days=5)),
    st.sampled_from([timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4)]),
)


@dataclass
class Expected:
    """The rules told another way: the next step lies on a grid of instants, and a tick counts them."""

    step: int
    due: datetime

    def ticked(self, path: Path, now: datetime, business: BusinessTime) -> None:
        """Count the instants up to now: each is a step, but repeats fold into one, or into the last step."""
        missed = list(takewhile(lambda due: due <= now, self._grid(path, business)))
        if not missed:
            return
        until_first_repeat = path.length - self.step
        if 0 < until_first_repeat < len(missed):
            self.step += until_first_repeat
            self.due = business.next_closing(now) if path.response is None else now + path.response
            return
        self.step += len(missed) if until_first_repeat > 0 else 1
        self.due = next(due for due in self._grid(path, business) if due > now)

    def _grid(self, path: Path, business: BusinessTime) -> Iterator[datetime]:
        due = self.due
        while True:
            yield due
            due = business.next_closing(due) if path.response is None else due + path.response


class Escalation(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.business = a_calendar()
        self.world = World(self.business)
        self.clock = FakeClock()
        self.pager_is_up = True
        self.expected: Expected | None = None
        self.first_steps: dict[int, int] = {}
        self.guide: dict[Severity, Path] = {}

    # --- What people do

    @initialize(
        severity=severities,
        guide=guides,
        start=st.timedeltas(timedelta(), timedelta(days=7)),
        pager_is_up=st.booleans(),
    )
    def declare(
        self, severity: Severity, guide: dict[Severity, Path], start: timedelta, *, pager_is_up: bool
    ) -> None:
        self.guide, self.pager_is_up = guide, pager_is_up
        now = self.clock.advance(start)
        incident = an_incident(severity=severity, path=guide[severity], declared_at=now)
        self.do(lambda _: escalation.begin(incident, now, self.business), before=incident)
        self.expect_a_start()

    @rule(by=people)
    def acknowledge(self, by: Actor) -> None:
        now = self.clock.now()
        if self.do(lambda one: escalation.acknowledge(one, by, now)):
            self.nobody_rings_any_more()

    @rule(by=people)
    def mitigate(self, by: Actor) -> None:
        now = self.clock.now()
        if self.do(lambda one: escalation.mitigate(one, by, now)):
            self.nobody_rings_any_more()

    @rule(end=st.sampled_from([escalation.resolve, escalation.cancel, _merge]), by=people)
    def end(self, by: Actor, end: Callable[[Incident, Actor, datetime], Outcome]) -> None:
        now = self.clock.now()
        if self.do(lambda one: end(one, by, now)):
            assert not self.world.waiting
            self.expected = None

    @rule()
    def reopen(self) -> None:
        now = self.clock.now()
        path = self.guide[self.incident.severity]
        if self.do(lambda one: escalation.reopen(one, path, now, self.business)):
            self.expect_a_start()

    @rule(severity=severities, on_call=st.booleans())
    def change_severity(self, severity: Severity, *, on_call: bool) -> None:
        now, before, path = self.clock.now(), self.incident, self.guide[severity]
        changed = self.do(
            lambda one: escalation.change_severity(
                one, severity, path, now, self.business, by_the_one_on_call=on_call
            )
        )
        if not changed:
            return
        assert self.incident.epoch == before.epoch + 1
        if not path.pages:
            assert {page.key for page in self.world.sent} <= self.world.resolved
        raised = severity.is_worse_than(before.severity)
        assert self.incident.status is (Status.TRIGGERED if raised else before.status)
        if raised and not on_call:
            self.expect_a_start()
        else:
            self.expect_a_wait()

    @rule()
    def nobody_is_there_any_more(self) -> None:
        now, before = self.clock.now(), self.incident
        path = self.guide[before.severity]
        if self.do(lambda one: escalation.unattended(one, path, now, self.business)):
            assert before.status is Status.ACKNOWLEDGED
            assert (self.incident.status, self.incident.epoch) == (Status.TRIGGERED, before.epoch + 1)
            assert not self.incident.is_answered_by(before.epoch, None), (
                "what was answered before counts no more"
            )
            self.expect_a_start()

    @rule()
    def escalate_now(self) -> None:
        now, before, pages = self.clock.now(), self.incident, len(self.world.pages)
        if not self.do(lambda one: escalation.escalate_now(one, now, self.business)):
            return
        path = before.path
        assert (self.incident.status, self.incident.epoch) == (before.status, before.epoch)
        assert len(self.world.pages) - pages == int(path.pages)
        self.expected = None
        if before.status is Status.TRIGGERED and (path.repeats or before.next_step < path.length):
            due = self.business.next_closing(now) if path.response is None else now + path.response
            self.expected = Expected(before.next_step + 1, due)

    # --- What time brings

    @rule(by=steps_of_time)
    def ticks_come_on_time(self, by: timedelta) -> None:
        end = self.clock.now() + by
        for _ in range(60):
            due = min((timer.due for timer in self.world.timers.values()), default=end)
            if due > end:
                break
            self.clock.advance_to(max(due, self.clock.now()))
            self.tick()
            if due == end:
                break
        self.clock.advance_to(max(end, self.clock.now()))
        self.tick()

    @rule(by=steps_of_time)
    def a_tick_comes_late(self, by: timedelta) -> None:
        self.clock.advance(by)
        self.tick()

    @rule(by=steps_of_time)
    def the_bot_is_down(self, by: timedelta) -> None:
        self.clock.advance(by)

    @precondition(lambda self: self.world.fired_or_stopped)
    @rule(data=st.data())
    def a_timer_that_is_over_fires_again(self, data: st.DataObject) -> None:
        timer = data.draw(st.sampled_from(self.world.fired_or_stopped))
        if timer.key not in self.world.timers:
            assert self.world.fire(timer, self.clock.now()) is None

    # --- What becomes of pages

    @rule()
    def the_pager_goes_down_or_comes_back(self) -> None:
        self.pager_is_up = not self.pager_is_up
        self.deliver()

    @precondition(lambda self: self.world.waiting)
    @rule(data=st.data())
    def a_page_is_claimed(self, data: st.DataObject) -> None:
        self.claim(data.draw(st.sampled_from(self.world.waiting)))

    @precondition(lambda self: any(not page.accepted_at for page in self.world.sent))
    @rule(data=st.data())
    def a_page_is_accepted(self, data: st.DataObject) -> None:
        self.accept(data.draw(st.sampled_from([one for one in self.world.sent if not one.accepted_at])))

    # --- What always holds

    @invariant()
    def a_timer_runs_exactly_while_somebody_is_to_be_reached(self) -> None:
        timers = list(self.world.timers.values())
        path = self.incident.path
        exhausted = not path.repeats and self.incident.next_step > path.length
        waiting = self.incident.status is Status.TRIGGERED and not exhausted
        assert len(timers) == int(waiting)
        for timer in timers:
            assert (timer.epoch, timer.step) == (self.incident.epoch, self.incident.next_step)

    @invariant()
    def the_next_step_is_due_when_the_rules_say(self) -> None:
        dues = [(timer.step, timer.due) for timer in self.world.timers.values()]
        assert dues == ([(self.expected.step, self.expected.due)] if self.expected else [])

    @invariant()
    def no_step_is_skipped_or_taken_twice(self) -> None:
        incident, world = self.incident, self.world
        kind = EventKind.PAGED if incident.path.pages else EventKind.MENTIONED
        steps = [happened.data["step"] for happened in world.events(kind, incident.epoch)]
        if world.events(EventKind.EXHAUSTED, incident.epoch) and incident.path.length not in steps:
            steps.append(incident.path.length)  # a path that does not repeat only says who was tried
        first = self.first_steps[incident.epoch]
        assert sorted(map(str, steps)) == sorted(map(str, range(first, incident.next_step)))

    @invariant()
    def every_page_in_the_history_is_owed_and_the_other_way_round(self) -> None:
        told = {
            (epoch, happened.data["step"])
            for epoch, happened in self.world.history
            if happened.kind is EventKind.PAGED
        }
        assert told == set(self.world.pages)

    @invariant()
    def who_was_tried_is_said_once_when_all_were(self) -> None:
        incident = self.incident
        said = self.world.events(EventKind.EXHAUSTED, incident.epoch)
        assert len(said) <= 1
        if incident.status is Status.TRIGGERED and incident.path.pages:
            assert len(said) == int(incident.next_step > incident.path.length)

    @invariant()
    def once_it_is_over_every_page_ever_sent_is_resolved(self) -> None:
        if self.incident.status in ENDED:
            assert {page.key for page in self.world.sent} <= self.world.resolved
            assert not self.world.waiting

    @invariant()
    def only_what_was_asked_for_waits_while_somebody_has_it(self) -> None:
        if self.incident.status in {Status.ACKNOWLEDGED, Status.MITIGATED}:
            current = [page for page in self.world.waiting if page.epoch == self.incident.epoch]
            assert all(page.past_acknowledgement for page in current)

    @invariant()
    def the_state_and_its_facts_agree(self) -> None:
        incident = self.incident
        assert (incident.ended_by is not None) == (incident.status in ENDED)
        assert (incident.ended_at is None) == (incident.ended_by is None)
        assert (incident.acknowledged_at is None) == (incident.acknowledged_by is None)
        if incident.status is Status.TRIGGERED:
            assert incident.acknowledged_by is None
            assert incident.mitigated_at is None
        if incident.status in {Status.ACKNOWLEDGED, Status.MITIGATED}:
            assert incident.acknowledged_by is not None
        assert incident.path == self.guide[incident.severity]

    # --- How it is done

    @property
    def incident(self) -> Incident:
        return self.world.incident

    def do(self, decide: Callable[[Incident], Outcome], *, before: Incident | None = None) -> bool:
        """Carry a command out, or see that its refusal changes nothing."""
        incident, snapshot = before or self.incident, self.world.snapshot()
        try:
            outcome = decide(incident)
        except DomainError:
            assert self.world.snapshot() == snapshot
            return False
        self.world.write(outcome, self.clock.now())
        self.first_steps.setdefault(self.incident.epoch, 0)
        self.deliver()
        return True

    def deliver(self) -> None:
        """While the paging service is up, it takes every page at once."""
        if self.pager_is_up:
            for page in self.world.waiting:
                self.claim(page)
            for page in self.world.sent:
                if not page.accepted_at:
                    self.accept(page)

    def claim(self, page: PageRecord) -> None:
        if self.world.send(page, self.clock.now()):
            assert page.epoch == self.incident.epoch
            assert self.incident.status is Status.TRIGGERED or page.past_acknowledgement
            assert self.incident.status not in ENDED

    def accept(self, page: PageRecord) -> None:
        self.world.accept(page, self.clock.now())
        older = {one.key for one in self.world.sent if one.epoch < page.epoch}
        assert older <= self.world.resolved

    def tick(self) -> None:
        now, before = self.clock.now(), self.incident
        self.world.tick(now)
        self.deliver()
        assert (self.incident.status, self.incident.epoch) == (before.status, before.epoch)
        if self.expected:
            path = self.incident.path
            self.expected.ticked(path, now, self.business)
            if not path.repeats and self.expected.step > path.length:
                self.expected = None

    def nobody_rings_any_more(self) -> None:
        assert not self.world.waiting
        assert {page.key for page in self.world.sent} <= self.world.acknowledged | self.world.resolved
        self.expected = None

    def expect_a_start(self) -> None:
        """A path begins now: its first tier is paged at once, or its first mention waits."""
        now, path = self.clock.now(), self.incident.path
        if not path.pages:
            self.expected = Expected(0, path.start(now, self.business))
            return
        assert (self.incident.epoch, 0) in self.world.pages
        assert path.response is not None
        self.expected = Expected(1, now + path.response)

    def expect_a_wait(self) -> None:
        """Whoever has it counts as reached, and has the whole response time from now on."""
        now, path = self.clock.now(), self.incident.path
        first = self.first_steps[self.incident.epoch] = (
            1 if path.pages and self.incident.status is Status.TRIGGERED else 0
        )
        self.expected = None
        if self.incident.status is Status.TRIGGERED:
            self.expected = Expected(first, path.wait(now, self.business))


TestEscalation = Escalation.TestCase
TestEscalation.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
