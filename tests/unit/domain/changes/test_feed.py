"""The calendar of changes for other calendars: what an event of it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.change_policy import Phase
from bot.domain.changes.change import ChangeState, PhaseRun
from bot.domain.changes.feed import (
    MOST_EVENTS,
    WINDOWS_AHEAD,
    FeedStatus,
    change_event,
    newest,
    span_event,
    weekly_events,
)
from bot.domain.changes.span import SpanKind
from bot.domain.changes.windows import Calendar
from tests.support.builders import ANA, LEE, a_change, a_guide, a_plan, a_span
from tests.support.clock import MONDAY_NOON as NOW

GUIDE = a_guide()
HOUR = timedelta(hours=1)
NEW_YORK = ZoneInfo("America/New_York")


def test_a_change_is_told_as_it_is_planned_and_uncertain_until_it_is_approved() -> None:
    change = a_change()
    event = change_event(change, GUIDE, "https://acme.slack.com/archives/C1/p1")
    assert (event.starts, event.ends) == (change.plan.starts, change.plan.ends)
    assert (event.status, event.location) == (FeedStatus.TENTATIVE, "Payment Service")
    assert event.summary == "CH12 New checkout (requested)"
    assert "Roll out v2, one replica after the other" in event.description
    approved = change_event(replace(change, state=ChangeState.APPROVED), GUIDE, None)
    assert approved.status is FeedStatus.CONFIRMED


def test_a_change_that_was_started_is_told_as_it_went() -> None:
    running = a_change(state=ChangeState.DEPLOYING, started=NOW)
    assert change_event(running, GUIDE, None).ends == NOW + running.plan.length
    over = replace(running, state=ChangeState.DONE, closed=NOW + 3 * HOUR)
    event = change_event(over, GUIDE, None)
    assert (event.starts, event.ends, event.at) == (NOW, NOW + 3 * HOUR, NOW + 3 * HOUR)


@pytest.mark.parametrize("state", [ChangeState.CANCELLED, ChangeState.REJECTED, ChangeState.EXPIRED])
def test_one_that_was_called_off_is_told_so_where_it_was_planned(state: ChangeState) -> None:
    off = a_change(state=state, closed=NOW + HOUR)
    event = change_event(off, GUIDE, None)
    assert (event.status, event.starts, event.ends) == (FeedStatus.CANCELLED, off.plan.starts, off.plan.ends)


def test_what_is_told_anew_has_a_higher_sequence_and_the_same_identity() -> None:
    first = a_change()
    planning = PhaseRun(phase=Phase.PLANNING, began=NOW, by=ANA)
    course = [
        first,
        replace(first, revision=2),
        replace(first, revision=2, phases=(planning,)),
        replace(first, revision=2, phases=(planning,), state=ChangeState.CANCELLED, closed=NOW),
    ]
    events = [change_event(one, GUIDE, None) for one in course]
    assert [one.sequence for one in events] == [0, 1, 2, 3]
    assert {one.uid for one in events} == {first.id}


def test_windows_and_freezes_are_told_and_that_they_are_off() -> None:
    freeze = span_event(a_span(), GUIDE, None)
    assert (freeze.summary, freeze.location) == ("F4 Freeze: Black Friday", "All services")
    lifted = span_event(a_span(removed=NOW, removed_by=LEE), GUIDE, None)
    assert (lifted.status, lifted.sequence, lifted.at, lifted.uid) == (
        FeedStatus.CANCELLED,
        1,
        NOW,
        freeze.uid,
    )
    window = span_event(a_span(kind=SpanKind.WINDOW, change_kind="major", service="payment"), GUIDE, None)
    assert (window.summary, window.location) == ("W4 Major Change: Black Friday", "Payment Service")


def test_weekly_windows_are_events_of_their_own_less_those_of_holidays() -> None:
    holiday = date(2026, 3, 24)
    calendar = Calendar(zone=NEW_YORK, is_holiday=holiday.__eq__, spans=(a_span(),))
    events = list(weekly_events(GUIDE.changes, calendar, NOW, NOW + WINDOWS_AHEAD))
    assert len(events) == 17
    assert len({one.uid for one in events}) == 17
    assert {one.starts.astimezone(NEW_YORK).hour for one in events} == {14}
    assert holiday not in {one.starts.astimezone(NEW_YORK).date() for one in events}
    later = list(weekly_events(GUIDE.changes, calendar, NOW + 3 * HOUR, NOW + WINDOWS_AHEAD))
    assert later == events, "an event stays the same whenever it is told"


def test_there_is_room_for_so_many_changes_and_the_latest_are_told() -> None:
    many = [a_change(a_plan(starts=NOW + count * HOUR), number=count) for count in range(MOST_EVENTS + 5)]
    told = newest(reversed(many))
    assert len(told) == MOST_EVENTS
    assert told[-1].number == MOST_EVENTS + 4


def test_texts_are_lines_without_anything_that_is_not_seen() -> None:
    plan = a_plan(title="a\r\nBEGIN:VEVENT\u202e", steps="one\r\ntwo\x00\n" + "x" * 9000)
    event = change_event(a_change(plan), GUIDE, None)
    assert "\n" not in event.summary
    assert event.summary.startswith("CH12 a BEGIN:VEVENT (")
    assert "one\ntwo\n" in event.description
    assert max(map(len, event.description.split("\n"))) <= 500
