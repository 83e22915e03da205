from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import escalation
from bot.domain.errors import AlreadyError, DomainError, InvalidError
from bot.domain.escalating import is_owed
from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.outcome import (
    Outcome,
    PageOwed,
    PagesAcknowledged,
    PagesResolved,
    StepDue,
    TimersStopped,
)
from bot.domain.path import Path
from bot.domain.severity import Severity
from tests.support.builders import (
    ANA,
    LEE,
    a_backlog,
    a_calendar,
    a_path,
    an_incident,
    new_york,
    path_of,
)
from tests.support.clock import MONDAY_NOON

BUSINESS = a_calendar()
P0, P1, P2, P3 = Severity


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def declared(severity: Severity = P0, path: Path | None = None) -> Outcome:
    incident = an_incident(severity=severity, path=path or path_of(severity))
    return escalation.begin(incident, MONDAY_NOON, BUSINESS)


def due_step(outcome: Outcome) -> StepDue:
    """The one timer that an outcome sets."""
    (step,) = (owed for owed in outcome.owed if isinstance(owed, StepDue))
    return step


def sets_no_timer(outcome: Outcome) -> bool:
    return not any(isinstance(owed, StepDue) for owed in outcome.owed)


def paged(outcome: Outcome) -> list[tuple[int, str]]:
    """Steps that are paged, with the tiers that they reach."""
    pages = [owed for owed in outcome.owed if isinstance(owed, PageOwed)]
    return [(page.step, outcome.incident.path.rung(page.step).tier) for page in pages]


def kinds(outcome: Outcome) -> list[EventKind]:
    return [happened.kind for happened in outcome.happened]


def tick(before: Outcome, now_after: timedelta | None = None) -> Outcome:
    """Let the timer that an outcome has set fire: on time, or so long after the declaration."""
    step = due_step(before)
    now = step.due if now_after is None else MONDAY_NOON + now_after
    outcome = escalation.step_due(before.incident, step.step, step.due, now, BUSINESS)
    assert outcome is not None
    return outcome


def raised(incident: Incident, *, by_the_one_on_call: bool = False, to: Severity = P0) -> Outcome:
    return escalation.change_severity(
        incident,
        to,
        path_of(to),
        MONDAY_NOON + minutes(20),
        BUSINESS,
        by_the_one_on_call=by_the_one_on_call,
    )


def lowered(incident: Incident, to: Severity = P1) -> Outcome:
    return escalation.change_severity(incident, to, path_of(to), MONDAY_NOON + minutes(20), BUSINESS)


def escalated(incident: Incident) -> Outcome:
    return escalation.escalate_now(incident, MONDAY_NOON + minutes(5), BUSINESS)


# --- Declaring, and what time brings


def test_declaring_pages_the_first_tier_at_once() -> None:
    outcome = declared()
    assert paged(outcome) == [(0, "on-call")]
    assert kinds(outcome) == [EventKind.DECLARED, EventKind.PAGED]
    assert outcome.incident.next_step == 1


@pytest.mark.parametrize(
    ("severity", "steps"),
    [
        (P0, [(minutes(15), "team-lead"), (minutes(30), "director"), (minutes(45), "director")]),
        (P1, [(hours(1), "team-lead"), (hours(2), "team-lead"), (hours(3), "team-lead")]),
        (P2, [(hours(4), "on-call"), (hours(8), "on-call"), (hours(12), "on-call")]),
    ],
)
def test_unacknowledged_each_tier_is_reached_at_its_time_and_then_the_last_again_and_again(
    severity: Severity, steps: list[tuple[timedelta, str]]
) -> None:
    outcome = declared(severity)
    for number, (after, tier) in enumerate(steps, start=1):
        assert due_step(outcome) == StepDue(step=number, due=MONDAY_NOON + after)
        outcome = tick(outcome)
        assert paged(outcome) == [(number, tier)]


def test_p3_pages_nobody_and_waits_for_the_next_business_day() -> None:
    outcome = declared(P3)
    assert outcome.owed == (StepDue(step=0, due=new_york(2026, 3, 17, 9)),)
    assert kinds(outcome) == [EventKind.DECLARED]


def test_p3_mentions_the_team_at_opening_and_then_at_each_business_days_closing() -> None:
    outcome, dues = declared(P3), []
    for _ in range(5):
        dues.append(due_step(outcome).due)
        outcome = tick(outcome)
        (mention,) = outcome.happened
        assert (mention.kind, mention.notify_team, mention.loud) == (EventKind.MENTIONED, True, True)
        assert paged(outcome) == []
    assert dues == [
        new_york(2026, 3, 17, 9),
        new_york(2026, 3, 17, 17),
        new_york(2026, 3, 18, 17),
        new_york(2026, 3, 19, 17),
        new_york(2026, 3, 20, 17),
    ]
    assert due_step(outcome).due == new_york(2026, 3, 23, 17)


def test_a_late_tick_does_not_move_the_steps_after_it() -> None:
    outcome = tick(declared(), now_after=minutes(22))
    assert due_step(outcome) == StepDue(step=2, due=MONDAY_NOON + minutes(30))


def test_the_first_repeat_says_loudly_who_was_tried_and_pages_the_last_tier() -> None:
    outcome = tick(declared(), now_after=minutes(30))
    outcome = tick(outcome)
    exhausted, page = outcome.happened
    assert exhausted.kind is EventKind.EXHAUSTED
    assert exhausted.data["tried"] == "On-call Engineer, Team Lead, Director"
    assert exhausted.notify == ("on-call", "team-lead", "director")
    assert exhausted.told
    assert exhausted.loud
    assert (page.kind, page.data["tier"]) == (EventKind.PAGED, "director")


def test_who_was_tried_is_said_once_and_not_at_every_repeat() -> None:
    outcome = tick(declared(P2))
    assert kinds(outcome) == [EventKind.EXHAUSTED, EventKind.PAGED]
    assert kinds(tick(outcome)) == [EventKind.PAGED]


def test_a_path_that_does_not_repeat_says_who_was_tried_and_stops() -> None:
    outcome = declared(path=a_path("on-call", "team-lead", repeats=False))
    outcome = tick(outcome)
    assert paged(outcome) == [(1, "team-lead")]
    assert due_step(outcome) == StepDue(step=2, due=MONDAY_NOON + minutes(30))
    outcome = tick(outcome)
    assert kinds(outcome) == [EventKind.EXHAUSTED]
    assert outcome.owed == ()


# --- After an outage


def test_each_missed_step_is_taken_once() -> None:
    outcome = tick(declared(), now_after=minutes(31))
    assert paged(outcome) == [(1, "team-lead"), (2, "director")]
    assert due_step(outcome) == StepDue(step=3, due=MONDAY_NOON + minutes(45))


def test_repeats_that_are_missed_with_the_last_step_wait_anew() -> None:
    outcome = tick(declared(), now_after=hours(5) + minutes(7))
    assert paged(outcome) == [(1, "team-lead"), (2, "director")]
    assert due_step(outcome) == StepDue(step=3, due=MONDAY_NOON + hours(5) + minutes(22))


@pytest.mark.parametrize(("after", "late"), [(minutes(15), None), (minutes(16), None), (minutes(17), True)])
def test_a_step_that_an_outage_has_held_up_is_late(after: timedelta, *, late: bool | None) -> None:
    outcome = tick(declared(), now_after=after)
    [happened] = outcome.happened
    assert happened.data.get("late") is late
    assert [one.late for one in outcome.owed if isinstance(one, PageOwed)] == [bool(late)]


def test_repeats_that_are_missed_while_repeating_fold_into_one_too() -> None:
    outcome = tick(tick(declared(P2)), now_after=hours(21))
    assert paged(outcome) == [(2, "on-call")]
    assert due_step(outcome) == StepDue(step=3, due=MONDAY_NOON + hours(24))


def test_a_path_that_does_not_repeat_is_exhausted_after_a_long_outage() -> None:
    outcome = tick(declared(path=a_path("on-call", "team-lead", repeats=False)), now_after=hours(9))
    assert kinds(outcome) == [EventKind.PAGED], "the team lead has only just been paged"
    assert due_step(outcome) == StepDue(step=2, due=MONDAY_NOON + hours(9) + minutes(15))
    outcome = tick(outcome)
    assert kinds(outcome) == [EventKind.EXHAUSTED]
    assert sets_no_timer(outcome)


def test_of_the_backlogs_missed_mentions_one_is_left() -> None:
    first = declared(P3)
    now = new_york(2026, 3, 19, 12)  # Thursday noon, two closings later
    outcome = escalation.step_due(first.incident, 0, due_step(first).due, now, BUSINESS)
    assert outcome is not None
    assert kinds(outcome) == [EventKind.MENTIONED]
    assert due_step(outcome) == StepDue(step=1, due=new_york(2026, 3, 19, 17))


# --- Acknowledging and what ends it


def test_acknowledging_stops_the_timers_and_acknowledges_the_pages() -> None:
    outcome = escalation.acknowledge(declared().incident, ANA, MONDAY_NOON + minutes(3))
    assert outcome.owed == (TimersStopped(), PagesAcknowledged())
    assert kinds(outcome) == [EventKind.ACKNOWLEDGED]
    assert outcome.happened[0].told


def test_acknowledging_twice_is_refused_and_says_since_when() -> None:
    taken = escalation.acknowledge(declared().incident, ANA, MONDAY_NOON).incident
    with pytest.raises(AlreadyError, match="acknowledged by Ana 3 min ago"):
        escalation.acknowledge(taken, LEE, MONDAY_NOON + minutes(3))


def test_mitigating_stops_the_timers_and_acknowledges_the_pages() -> None:
    outcome = escalation.mitigate(declared().incident, ANA, MONDAY_NOON, "rolled back")
    assert outcome.owed == (TimersStopped(), PagesAcknowledged())
    assert outcome.happened[0].data["text"] == "rolled back"


@pytest.mark.parametrize(
    ("end", "kind"),
    [(escalation.resolve, EventKind.RESOLVED), (escalation.cancel, EventKind.CANCELLED)],
)
@pytest.mark.parametrize("epoch", [1, 3])
def test_an_end_stops_the_timers_and_resolves_the_pages_of_every_epoch(
    end: Callable[..., Outcome], kind: EventKind, epoch: int
) -> None:
    outcome = end(replace(declared().incident, epoch=epoch), ANA, MONDAY_NOON, "fixed")
    assert outcome.owed == (TimersStopped(), PagesResolved(before=epoch + 1))
    assert kinds(outcome) == [kind]
    assert outcome.happened[0].data["text"] == "fixed"


@pytest.mark.parametrize("end", [escalation.acknowledge, escalation.mitigate])
def test_a_step_that_comes_after_an_acknowledgement_is_not_owed(end: Callable[..., Outcome]) -> None:
    before = declared()
    step = due_step(before)
    taken = end(before.incident, ANA, MONDAY_NOON).incident
    assert escalation.step_due(taken, step.step, step.due, step.due, BUSINESS) is None


@pytest.mark.parametrize("step", [0, 2])
def test_a_timer_of_a_step_that_does_not_come_next_does_nothing(step: int) -> None:
    incident = declared().incident
    assert escalation.step_due(incident, step, MONDAY_NOON, MONDAY_NOON, BUSINESS) is None


def test_reopening_starts_a_new_epoch_from_the_first_tier() -> None:
    ended = escalation.resolve(tick(declared()).incident, ANA, MONDAY_NOON + minutes(16)).incident
    now = MONDAY_NOON + hours(2)
    outcome = escalation.reopen(ended, path_of(P0), now, BUSINESS)
    assert outcome.incident.epoch == 2
    assert paged(outcome) == [(0, "on-call")]
    assert due_step(outcome) == StepDue(step=1, due=now + minutes(15))
    assert kinds(outcome) == [EventKind.REOPENED, EventKind.PAGED]
    assert TimersStopped() in outcome.owed


# --- Changing the severity


@pytest.mark.parametrize("take", [None, escalation.acknowledge, escalation.mitigate])
def test_raising_the_severity_un_acknowledges_and_pages_the_first_tier_again(
    take: Callable[..., Outcome] | None,
) -> None:
    before = declared(P2).incident
    incident = take(before, ANA, MONDAY_NOON).incident if take else before
    outcome = raised(incident)
    assert (outcome.incident.status, outcome.incident.epoch) == (Status.TRIGGERED, 2)
    assert outcome.incident.acknowledged_by is None
    assert paged(outcome) == [(0, "on-call")]
    assert due_step(outcome) == StepDue(step=1, due=MONDAY_NOON + minutes(35))
    assert outcome.owed[0] == TimersStopped()


def test_raised_by_the_one_on_call_nobody_is_paged_twice_but_the_next_tier_is_after_the_response_time() -> (
    None
):
    outcome = raised(declared(P2).incident, by_the_one_on_call=True)
    assert outcome.incident.status is Status.TRIGGERED
    assert paged(outcome) == []
    assert due_step(outcome) == StepDue(step=1, due=MONDAY_NOON + minutes(35))
    assert paged(tick(outcome)) == [(1, "team-lead")]


def test_pages_of_the_old_epoch_stay_open_until_the_new_epochs_first_page_is_accepted() -> None:
    outcome = raised(declared(P2).incident)
    assert not any(isinstance(owed, PagesResolved) for owed in outcome.owed)


def test_raising_out_of_the_backlog_pages() -> None:
    outcome = raised(declared(P3).incident, to=P1)
    assert paged(outcome) == [(0, "on-call")]
    assert due_step(outcome) == StepDue(step=1, due=MONDAY_NOON + minutes(20) + hours(1))


def test_lowering_keeps_an_acknowledgement_and_no_timer_runs() -> None:
    taken = escalation.acknowledge(declared().incident, ANA, MONDAY_NOON).incident
    outcome = lowered(taken)
    assert (outcome.incident.status, outcome.incident.acknowledged_by) == (Status.ACKNOWLEDGED, ANA)
    assert outcome.incident.epoch == 2
    assert outcome.owed == (TimersStopped(),)


def test_lowering_what_nobody_has_acknowledged_waits_the_new_response_time_from_now() -> None:
    outcome = lowered(tick(declared()).incident)
    assert outcome.incident.status is Status.TRIGGERED
    assert outcome.owed == (TimersStopped(), StepDue(step=1, due=MONDAY_NOON + minutes(20) + hours(1)))
    assert paged(tick(outcome)) == [(1, "team-lead")]


def test_lowering_to_the_backlog_ends_the_pages_and_waits_for_the_next_business_day() -> None:
    outcome = lowered(declared().incident, to=P3)
    assert outcome.owed == (
        TimersStopped(),
        PagesResolved(before=2),
        StepDue(step=0, due=new_york(2026, 3, 17, 9)),
    )
    assert kinds(tick(outcome)) == [EventKind.MENTIONED]


def test_lowering_to_the_backlog_ends_the_pages_of_an_acknowledged_one_too() -> None:
    taken = escalation.acknowledge(declared().incident, ANA, MONDAY_NOON).incident
    assert lowered(taken, to=P3).owed == (TimersStopped(), PagesResolved(before=2))


def test_a_change_of_severity_is_told_with_both() -> None:
    (changed,) = lowered(declared().incident).happened
    assert changed.kind is EventKind.SEVERITY_CHANGED
    assert changed.data == {"from": "P0", "to": "P1"}
    assert changed.told


# --- Escalating at once


def test_escalate_now_pages_the_next_tier_and_the_one_after_follows_by_the_response_time() -> None:
    outcome = escalated(declared().incident)
    assert paged(outcome) == [(1, "team-lead")]
    assert outcome.owed[0] == TimersStopped()
    assert due_step(outcome) == StepDue(step=2, due=MONDAY_NOON + minutes(20))
    assert paged(tick(outcome)) == [(2, "director")]


def test_escalate_now_goes_past_an_acknowledgement_and_leaves_it() -> None:
    taken = escalation.acknowledge(declared().incident, ANA, MONDAY_NOON).incident
    outcome = escalated(taken)
    assert outcome.owed == (TimersStopped(), PageOwed(step=1, past_acknowledgement=True, reason="asked"))
    assert (outcome.incident.status, outcome.incident.acknowledged_by) == (Status.ACKNOWLEDGED, ANA)


def test_escalate_now_while_nobody_has_acknowledged_is_undone_by_an_acknowledgement() -> None:
    (page,) = (owed for owed in escalated(declared().incident).owed if isinstance(owed, PageOwed))
    assert not page.past_acknowledgement


def test_escalating_further_and_further_reaches_every_tier_and_then_the_last_again() -> None:
    incident, reached = declared().incident, []
    for _ in range(4):
        outcome = escalated(incident)
        reached.extend(paged(outcome))
        incident = outcome.incident
    assert reached == [(1, "team-lead"), (2, "director"), (3, "director"), (4, "director")]


def test_escalating_an_acknowledged_incident_past_the_last_tier_does_not_say_that_nobody_answered() -> None:
    taken = escalation.acknowledge(declared(P2).incident, ANA, MONDAY_NOON).incident
    outcome = escalated(taken)
    assert paged(outcome) == [(1, "on-call")]
    assert kinds(outcome) == [EventKind.PAGED]


def test_escalate_now_pages_even_where_a_path_that_does_not_repeat_is_exhausted() -> None:
    path = a_path("on-call", repeats=False)
    exhausted = tick(declared(path=path)).incident
    outcome = escalated(exhausted)
    assert paged(outcome) == [(2, "on-call")]
    assert sets_no_timer(outcome)


def test_escalating_the_backlog_mentions_the_team_at_once() -> None:
    outcome = escalated(declared(P3).incident)
    (mention,) = outcome.happened
    assert (mention.kind, mention.notify_team, mention.data["reason"]) == (EventKind.MENTIONED, True, "asked")
    assert due_step(outcome) == StepDue(step=1, due=new_york(2026, 3, 16, 17))


@pytest.mark.parametrize("end", [escalation.resolve, escalation.cancel])
def test_what_is_over_cannot_be_escalated(end: Callable[..., Outcome]) -> None:
    over = end(declared().incident, ANA, MONDAY_NOON).incident
    with pytest.raises(InvalidError, match=r"Nobody is paged for it: P0 #42 was \w+ by Ana 5 min ago"):
        escalated(over)


# --- Whether a page that waits is still to be sent


@pytest.mark.parametrize(
    ("status", "epoch", "past", "owed"),
    [
        (Status.TRIGGERED, 2, False, True),
        (Status.TRIGGERED, 1, False, False),
        (Status.ACKNOWLEDGED, 2, False, False),
        (Status.ACKNOWLEDGED, 2, True, True),
        (Status.ACKNOWLEDGED, 1, True, False),
        (Status.MITIGATED, 2, False, False),
        (Status.MITIGATED, 2, True, True),
        (Status.RESOLVED, 2, True, False),
        (Status.CANCELLED, 2, False, False),
    ],
)
def test_a_waiting_page_is_owed_while_its_epoch_lasts_and_nobody_has_taken_it(
    status: Status, epoch: int, *, past: bool, owed: bool
) -> None:
    incident = an_incident(status=status, epoch=2)
    assert is_owed(incident, epoch, past_acknowledgement=past) == owed


@pytest.mark.parametrize(
    "refused",
    [
        lambda one: escalation.acknowledge(one, LEE, MONDAY_NOON),
        lambda one: escalation.resolve(one, LEE, MONDAY_NOON),
        lambda one: escalation.change_severity(one, P1, a_backlog(), MONDAY_NOON, BUSINESS),
        lambda one: escalation.escalate_now(one, MONDAY_NOON, BUSINESS),
    ],
)
def test_a_refusal_is_told_in_words_that_end_as_sentences(refused: Callable[[Incident], Outcome]) -> None:
    over = declared().incident.resolve(ANA, MONDAY_NOON)
    with pytest.raises(DomainError, match=r"\.$"):
        refused(over)
