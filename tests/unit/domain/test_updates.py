from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain import escalation, updates
from bot.domain.errors import AlreadyError, DomainError, InvalidError
from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.outcome import Outcome, UpdateDue, UpdatesStopped
from bot.domain.severity import Severity
from tests.support.builders import ANA, LEE, a_calendar, an_incident, path_of
from tests.support.clock import MONDAY_NOON, FakeClock

HALF = timedelta(minutes=30)
PACES = {Severity.P0: HALF, Severity.P1: timedelta(hours=1)}
NOW = MONDAY_NOON + timedelta(minutes=5)


def acknowledged(**changes: object) -> Incident:
    outcome = escalation.acknowledge(an_incident(**changes), ANA, NOW)
    return updates.follow(outcome, NOW, HALF).incident


def test_whoever_acknowledges_is_asked_one_pace_later() -> None:
    assert acknowledged().update_due == NOW + HALF


def test_a_severity_without_a_pace_asks_nobody() -> None:
    outcome = updates.follow(escalation.acknowledge(an_incident(), ANA, NOW), NOW, None)
    assert outcome.incident.update_due is None
    assert UpdatesStopped() in outcome.owed


def test_a_pace_that_people_have_set_holds_when_it_is_mitigated_and_the_guides_does_not() -> None:
    mitigated = escalation.mitigate(acknowledged(), ANA, NOW)
    assert updates.follow(mitigated, NOW, HALF).incident.update_due is None
    wished = updates.ask_every(acknowledged(), timedelta(hours=2), NOW).incident
    later = updates.follow(escalation.mitigate(wished, ANA, NOW), NOW, HALF)
    assert later.incident.update_due == NOW + timedelta(hours=2)


def test_a_pace_may_be_set_before_it_is_acknowledged() -> None:
    outcome = updates.ask_every(an_incident(), timedelta(hours=2), NOW)
    assert outcome.incident.update_due is None
    taken = updates.follow(escalation.acknowledge(outcome.incident, ANA, NOW), NOW, HALF)
    assert taken.incident.update_due == NOW + timedelta(hours=2)


@pytest.mark.parametrize("every", [timedelta(minutes=4), timedelta(days=2)])
def test_a_pace_that_helps_nobody_is_refused(every: timedelta) -> None:
    with pytest.raises(InvalidError, match="every 5 min to every 1 d"):
        updates.ask_every(acknowledged(), every, NOW)


def test_what_is_so_already_is_said() -> None:
    silent = updates.ask_every(acknowledged(), None, NOW).incident
    with pytest.raises(AlreadyError, match="nobody is asked for updates of #42"):
        updates.ask_every(silent, None, NOW)


def test_who_stays_silent_is_asked_again_after_one_pace_then_two_then_four() -> None:
    waits = []
    for asked in range(4):
        outcome = updates.ask(acknowledged(), asked, NOW, whom=ANA, every=HALF)
        assert outcome is not None
        waits += [one.due - NOW for one in outcome.owed if isinstance(one, UpdateDue)]
    assert waits == [HALF, HALF * 2, HALF * 4, HALF * 8]


def test_however_long_somebody_is_silent_the_next_question_comes_within_a_day() -> None:
    outcome = updates.ask(acknowledged(), 2**31, NOW, whom=None, every=HALF)
    assert outcome is not None
    assert outcome.owed == (UpdateDue(due=NOW + timedelta(days=1), asked=2**31 + 1),)


def test_an_impact_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(InvalidError, match="customers cannot pay"):
        updates.set_impact(an_incident(), "")


class Asking(RuleBasedStateMachine):
    """Any course of an incident: a question is due exactly while somebody has it and wants to be asked."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.business = a_calendar()
        self.timer: UpdateDue | None = None
        self.incident = an_incident()

    @initialize(severity=st.sampled_from(Severity))
    def declare(self, severity: Severity) -> None:
        incident = an_incident(severity=severity, path=path_of(severity))
        self.do(lambda _one, now: escalation.begin(incident, now, self.business))

    @rule()
    def acknowledge(self) -> None:
        self.do(lambda one, now: escalation.acknowledge(one, ANA, now))

    @rule()
    def mitigate(self) -> None:
        self.do(lambda one, now: escalation.mitigate(one, LEE, now))

    @rule(end=st.sampled_from([escalation.resolve, escalation.cancel]))
    def end(self, end: Callable[[Incident, object, datetime], Outcome]) -> None:
        self.do(lambda one, now: end(one, ANA, now))

    @rule()
    def reopen(self) -> None:
        path = path_of(self.incident.severity)
        self.do(lambda one, now: escalation.reopen(one, path, now, self.business))

    @rule(severity=st.sampled_from(Severity))
    def change_severity(self, severity: Severity) -> None:
        path = path_of(severity)
        self.do(lambda one, now: escalation.change_severity(one, severity, path, now, self.business))

    @rule(next_in=st.none() | st.timedeltas(timedelta(minutes=5), timedelta(hours=4)), never=st.booleans())
    def write(self, next_in: timedelta | None, *, never: bool) -> None:
        self.do(lambda one, now: updates.write(one, "so it is", now, next_in=next_in, never=never))

    @rule(every=st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=2)))
    def ask_every(self, every: timedelta | None) -> None:
        self.do(lambda one, now: updates.ask_every(one, every, now))

    @rule()
    def snooze(self) -> None:
        self.do(updates.snooze)

    @rule(by=st.timedeltas(timedelta(), timedelta(days=2)))
    def time_passes(self, by: timedelta) -> None:
        now = self.clock.advance(by)
        if self.timer is None or self.timer.due > now:
            return
        fired, self.timer = self.timer, None
        outcome = updates.ask(
            self.incident, fired.asked, now, whom=ANA, every=PACES.get(self.incident.severity)
        )
        assert outcome is not None, "a timer runs that asks nobody"
        assert [one.kind for one in outcome.happened] == [EventKind.UPDATE_ASKED]
        self.owe(outcome)
        assert self.timer is not None
        assert updates.SHORTEST <= self.timer.due - now <= updates.LONGEST

    @invariant()
    def a_timer_runs_exactly_while_an_update_is_due(self) -> None:
        assert (self.timer is None) == (self.incident.update_due is None)

    @invariant()
    def nobody_is_asked_who_is_not_there(self) -> None:
        if not self.incident.status.is_open or self.incident.status is Status.TRIGGERED:
            assert self.timer is None

    @invariant()
    def whoever_has_a_severe_one_is_asked_unless_they_do_not_want_to_be(self) -> None:
        severe = self.incident.severity in PACES
        if severe and self.incident.status is Status.ACKNOWLEDGED and self.incident.update_every is None:
            assert self.timer is not None

    def do(self, decide: Callable[[Incident, datetime], Outcome]) -> None:
        now = self.clock.now()
        try:
            outcome = decide(self.incident, now)
        except DomainError:
            return
        outcome = updates.follow(outcome, now, PACES.get(outcome.incident.severity))
        self.incident = outcome.incident
        self.owe(outcome)

    def owe(self, outcome: Outcome) -> None:
        for owed in outcome.owed:
            match owed:
                case UpdateDue():
                    self.timer = owed
                case UpdatesStopped():
                    self.timer = None
                case _:
                    pass


TestAsking = Asking.TestCase
TestAsking.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
