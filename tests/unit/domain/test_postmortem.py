from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import OPSBOT, pagerduty_person
from bot.domain.due import business_days_after, deadline, local
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.postmortem import (
    AT_DEADLINE,
    Duty,
    DutyState,
    ask,
    first_reminder,
    next_reminder,
    read_link,
)
from tests.support.builders import ANA, LEE, NEW_YORK, a_calendar, an_incident, new_york
from tests.support.clock import MONDAY_NOON

BUSINESS = a_calendar()
INSTANTS = st.integers(0, 2 * 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def a_duty(days: int = 3, at: datetime = MONDAY_NOON) -> Duty:
    return ask(an_incident(ended_by=ANA), days, at, BUSINESS, "commander")


def test_the_deadline_is_the_closing_of_a_business_day() -> None:
    assert deadline(BUSINESS, MONDAY_NOON, 3) == new_york(2026, 3, 19, 17, 0)


def test_weekends_and_holidays_do_not_count() -> None:
    wednesday_before_christmas = new_york(2026, 12, 23, 12, 0)
    assert deadline(BUSINESS, wednesday_before_christmas, 2) == new_york(2026, 12, 28, 17, 0)


def test_the_deadline_keeps_to_the_wall_clock_over_a_clock_change() -> None:
    friday_before = new_york(2026, 3, 6, 12, 0)
    assert deadline(BUSINESS, friday_before, 1) == new_york(2026, 3, 9, 17, 0)
    assert local(deadline(BUSINESS, friday_before, 1), NEW_YORK) == "Mon 9 Mar, 17:00 EDT"


def test_the_first_reminder_comes_a_business_day_before() -> None:
    duty = a_duty(3)
    assert first_reminder(duty, 3, BUSINESS).at == new_york(2026, 3, 18, 9, 0)
    assert first_reminder(a_duty(1), 1, BUSINESS).at == a_duty(1).due


def test_reminders_come_at_the_deadline_and_every_second_business_day_after() -> None:
    duty = a_duty(3)
    second = next_reminder(duty, 0, new_york(2026, 3, 18, 9, 0), BUSINESS)
    assert (second.step, second.at) == (AT_DEADLINE, duty.due)
    third = next_reminder(duty, second.step, duty.due, BUSINESS)
    assert (third.step, third.at) == (2, new_york(2026, 3, 23, 9, 0))
    assert next_reminder(duty, 2, third.at, BUSINESS).at == new_york(2026, 3, 25, 9, 0)


@given(at=INSTANTS, days=st.integers(1, 30))
def test_a_deadline_is_never_nearer_than_its_days(at: datetime, days: int) -> None:
    due = deadline(BUSINESS, at, days)
    assert due > at
    there = due.astimezone(NEW_YORK)
    assert (there.hour, there.minute) == (17, 0)
    assert BUSINESS.is_business_day(there.date())
    assert business_days_after(BUSINESS, at, days) < due
    assert deadline(BUSINESS, at, days + 1) > due


@given(at=INSTANTS, days=st.integers(1, 10), late=st.lists(st.integers(0, 20 * 24), max_size=8))
def test_reminders_always_come_later_and_count_on(at: datetime, days: int, late: list[int]) -> None:
    duty = a_duty(days, at)
    reminder = first_reminder(duty, days, BUSINESS)
    assert at < reminder.at <= duty.due
    for hours in late:
        fired = reminder.at + timedelta(hours=hours)
        following = next_reminder(duty, reminder.step, fired, BUSINESS)
        assert following.at > fired
        assert following.step > reminder.step
        reminder = following


def test_who_led_it_writes_it_else_who_had_a_hand_in_it() -> None:
    robot = pagerduty_person("Ana")
    led = an_incident(roles={"commander": LEE}, acknowledged_by=ANA)
    assert ask(led, 1, MONDAY_NOON, BUSINESS, "commander").owner == LEE
    assert ask(led, 1, MONDAY_NOON, BUSINESS, None).owner == ANA
    by_robots = an_incident(roles={"commander": robot}, acknowledged_by=robot, ended_by=OPSBOT)
    assert ask(by_robots, 1, MONDAY_NOON, BUSINESS, "commander").owner == by_robots.declared_by


def test_nobody_writes_what_only_machines_had_a_hand_in() -> None:
    assert ask(an_incident(declared_by=OPSBOT), 1, MONDAY_NOON, BUSINESS, None).owner is None


def test_what_is_done_is_not_done_again_but_its_link_may_change() -> None:
    done = a_duty().finish(None)
    with pytest.raises(AlreadyError, match="done already"):
        done.finish(None)
    linked = done.finish("https://wiki.example.com/1")
    assert linked.link == "https://wiki.example.com/1"
    with pytest.raises(AlreadyError):
        linked.finish(linked.link)
    assert linked.finish("https://wiki.example.com/2").link == "https://wiki.example.com/2"


def test_what_is_not_owed_any_more_is_not_waived_or_handed_over() -> None:
    waived = a_duty().waive("same cause as #7")
    with pytest.raises(AlreadyError, match="not needed already"):
        waived.waive("again")
    with pytest.raises(AlreadyError, match="not needed already"):
        waived.hand_over(LEE)
    assert waived.finish(None).state is DutyState.DONE, "written all the same"


def test_only_what_is_still_owed_lapses() -> None:
    assert a_duty().lapse().state is DutyState.LAPSED
    done = a_duty().finish(None)
    assert done.lapse() == done


def test_it_is_late_from_its_deadline_on() -> None:
    duty = a_duty()
    assert not duty.is_late(duty.due - timedelta(milliseconds=1))
    assert duty.is_late(duty.due)
    assert not replace(duty, state=DutyState.DONE).is_late(duty.due)


@pytest.mark.parametrize(
    "text",
    [
        "http://a.example",
        "wiki",
        "https://",
        "https://[",
        "https://a b",
        "https://a/<x>",
        "https://a|b",
        "javascript:x",
        "https://a/" + "x" * 500,
        "https://a\u202eb",
    ],
)
def test_what_is_no_https_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="https://"):
        read_link(text)


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        link = read_link(text)
    except InvalidError:
        return
    assert link.startswith(("https://", "HTTPS://", "Https://")) or link.lower().startswith("https://")
    assert not set(link) & set('<>|`" \n\t')
