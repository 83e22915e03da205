from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain import attendance, escalation
from bot.domain.actor import OPSBOT, Actor
from bot.domain.attendance import Signs, signs_of_life
from bot.domain.errors import AlreadyError, DomainError
from bot.domain.event import Event, EventKind
from bot.domain.incident import Incident, Status
from bot.domain.outcome import AttendanceDue, AttendanceStopped, Happened, Outcome
from bot.domain.severity import Severity
from tests.support.builders import ANA, LEE, RESPONSE, a_calendar, an_incident, path_of
from tests.support.clock import MONDAY_NOON, FakeClock

HOUR = timedelta(hours=1)


def an_entry(kind: EventKind, minutes: float, actor: Actor = ANA) -> Event:
    at = MONDAY_NOON + timedelta(minutes=minutes)
    return Event(subject="i42", sequence=1, at=at, actor=actor, kind=kind, data={})


def taken() -> Incident:
    return escalation.acknowledge(an_incident(), ANA, MONDAY_NOON).incident


def test_what_the_bot_does_is_no_sign_of_life() -> None:
    history = [an_entry(EventKind.PAGED, 1, OPSBOT), an_entry(EventKind.PAGE_CONFIRMED, 2, OPSBOT)]
    assert signs_of_life(taken(), history) == Signs()


def test_only_what_is_done_after_the_question_answers_it() -> None:
    before, question = an_entry(EventKind.UPDATED, 1), an_entry(EventKind.ATTENDANCE_ASKED, 61, OPSBOT)
    assert not signs_of_life(taken(), [before, question]).answered
    assert signs_of_life(taken(), [before, question, an_entry(EventKind.UPDATED, 62, LEE)]).answered


def test_what_was_refused_shows_only_that_whoever_has_it_is_there() -> None:
    question = an_entry(EventKind.ATTENDANCE_ASKED, 61, OPSBOT)
    assert not signs_of_life(taken(), [question, an_entry(EventKind.REFUSED, 62, LEE)]).answered
    assert signs_of_life(taken(), [question, an_entry(EventKind.REFUSED, 62, ANA)]).answered


def test_nobody_is_asked_before_the_silence_is_as_long_as_the_guide_bears_it() -> None:
    signs = Signs(seen_at=MONDAY_NOON + timedelta(minutes=20))
    outcome = attendance.look(taken(), signs, MONDAY_NOON + HOUR, HOUR)
    assert outcome is not None
    assert not outcome.happened
    assert outcome.owed == (AttendanceDue(due=MONDAY_NOON + timedelta(minutes=80)),)


def test_who_was_asked_has_the_response_time_to_answer() -> None:
    outcome = attendance.look(taken(), Signs(), MONDAY_NOON + HOUR, HOUR)
    assert outcome is not None
    (question,) = outcome.happened
    assert question.notify_people == (ANA.id,)
    assert outcome.owed == (AttendanceDue(due=MONDAY_NOON + HOUR + RESPONSE, asked=True),)


def test_an_incident_that_nobody_has_needs_no_answer() -> None:
    with pytest.raises(AlreadyError, match="is not acknowledged yet"):
        attendance.answer(an_incident(), MONDAY_NOON)


class Attending(RuleBasedStateMachine):
    """Any course: an incident is given up only after a question that nobody has answered in time."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.business = a_calendar()
        self.incident = an_incident()
        self.timer: AttendanceDue | None = None
        self.history: list[Event] = []

    @initialize()
    def declare(self) -> None:
        self.do(lambda one, now: escalation.begin(one, now, self.business))

    @rule()
    def acknowledge(self) -> None:
        self.do(lambda one, now: escalation.acknowledge(one, ANA, now))

    @rule()
    def answer(self) -> None:
        self.do(attendance.answer)

    @rule()
    def mitigate(self) -> None:
        self.do(lambda one, now: escalation.mitigate(one, LEE, now))

    @rule(severity=st.sampled_from([Severity.P0, Severity.P1]))
    def change_severity(self, severity: Severity) -> None:
        path = path_of(severity)
        self.do(lambda one, now: escalation.change_severity(one, severity, path, now, self.business))

    @rule()
    def resolve_and_reopen(self) -> None:
        path = path_of(self.incident.severity)
        self.do(lambda one, now: escalation.resolve(one, ANA, now))
        self.do(lambda one, now: escalation.reopen(one, path, now, self.business))

    @rule(by=st.timedeltas(timedelta(), timedelta(hours=3)), late=st.booleans())
    def time_passes(self, by: timedelta, *, late: bool) -> None:
        until = self.clock.now() + by
        while self.timer is not None and self.timer.due <= until:
            fired, self.timer = self.timer, None
            self.clock.advance_to(until if late else max(fired.due, self.clock.now()))
            self.fire(fired, late=late and until - fired.due > timedelta(seconds=10))
        self.clock.advance_to(until)

    def fire(self, fired: AttendanceDue, *, late: bool) -> None:
        now, signs = self.clock.now(), signs_of_life(self.incident, self.history)
        if not fired.asked:
            outcome = attendance.look(self.incident, signs, now, self.after)
            assert outcome is not None, "a look that leads nowhere"
        else:
            assert self.after is not None
            outcome = attendance.wait_longer(self.incident, signs, now, self.after, late=late)
        if outcome is None:
            assert not signs.answered
            assert not late, "nobody could answer while the bot was away"
            assert signs.asked_at is not None
            assert now - signs.asked_at >= RESPONSE
            path, epoch = path_of(self.incident.severity), self.incident.epoch
            outcome = escalation.unattended(self.incident, path, now, self.business)
            assert (outcome.incident.status, outcome.incident.epoch) == (Status.TRIGGERED, epoch + 1)
        self.write(outcome, OPSBOT)

    @property
    def after(self) -> timedelta | None:
        return HOUR if self.incident.severity is Severity.P0 else None

    @invariant()
    def a_look_is_due_exactly_while_somebody_has_a_p0(self) -> None:
        has_it = self.incident.status is Status.ACKNOWLEDGED and self.after is not None
        assert (self.timer is not None) == has_it

    @invariant()
    def a_look_comes_within_the_silence_that_is_borne(self) -> None:
        if self.timer is not None:
            assert self.timer.due - self.clock.now() <= HOUR

    def do(self, decide: Callable[[Incident, datetime], Outcome]) -> None:
        try:
            outcome = decide(self.incident, self.clock.now())
        except DomainError:
            return
        self.write(outcome, ANA)

    def write(self, outcome: Outcome, actor: Actor) -> None:
        now = self.clock.now()
        self.incident = outcome.incident
        self.history += [_as_event(one, now, actor) for one in outcome.happened]
        for owed in attendance.attend(outcome, now, self.after).owed:
            match owed:
                case AttendanceDue():
                    self.timer = owed
                case AttendanceStopped():
                    self.timer = None
                case _:
                    pass


def _as_event(happened: Happened, at: datetime, actor: Actor) -> Event:
    by = OPSBOT if happened.kind in {EventKind.PAGED, EventKind.EXHAUSTED} else actor
    return Event(subject="i42", sequence=1, at=at, actor=by, kind=happened.kind, data=happened.data)


TestAttending = Attending.TestCase
TestAttending.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
