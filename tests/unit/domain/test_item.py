from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.item import Item, ItemState, day, first_reminder, item_text, read_due, snoozed
from tests.support.builders import ANA, CHRISTMAS, LEE, NEW_YORK, a_calendar, new_york
from tests.support.clock import MONDAY_NOON

MONDAY = date(2026, 3, 16)
BUSINESS = a_calendar()


def an_item(due: date | None = None) -> Item:
    return Item(number=3, incident="i", text="rotate the keys", added_by=ANA, added_at=MONDAY_NOON, due=due)


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("by 2026-04-01", date(2026, 4, 1)),
        ("by today", MONDAY),
        ("until tomorrow", date(2026, 3, 17)),
        ("by friday", date(2026, 3, 20)),
        ("by Fri", date(2026, 3, 20)),
        ("by monday", MONDAY),
        ("by sun", date(2026, 3, 22)),
        ("in 2w", date(2026, 3, 30)),
        ("in 2 weeks", date(2026, 3, 30)),
        ("IN 3 days", date(2026, 3, 19)),
    ],
)
def test_days_are_read_as_people_say_them(words: str, due: date) -> None:
    assert read_due(words, MONDAY) == due


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("by 2026-03-15", "Sun 15 Mar 2026 has passed"),
        ("by 2026-02-30", "There is no day 2026-02-30"),
        ("by 2027-12-01", "too far ahead"),
        ("in 200w", "too far ahead"),
        ("soon", "Until when"),
        ("by monkey", "Until when"),
    ],
)
def test_what_is_no_day_to_come_is_refused(words: str, why: str) -> None:
    with pytest.raises(InvalidError, match=why):
        read_due(words, MONDAY)


@given(st.text(max_size=20), st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_any_words_are_a_day_to_come_or_refused(words: str, today: date) -> None:
    for said in (words, f"by {words}", f"in {words}"):
        try:
            due = read_due(said, today)
        except InvalidError:
            continue
        assert today <= due <= today + timedelta(days=366)


def test_the_reminder_comes_when_the_day_opens() -> None:
    assert first_reminder(an_item(date(2026, 3, 20)), MONDAY_NOON, BUSINESS, NEW_YORK) == new_york(
        2026, 3, 20, 9, 0
    )
    assert first_reminder(an_item(), MONDAY_NOON, BUSINESS, NEW_YORK) is None


def test_on_a_free_day_it_comes_on_the_business_day_after() -> None:
    assert first_reminder(an_item(date(2026, 3, 21)), MONDAY_NOON, BUSINESS, NEW_YORK) == new_york(
        2026, 3, 23, 9, 0
    )
    assert first_reminder(an_item(CHRISTMAS), MONDAY_NOON, BUSINESS, NEW_YORK) == new_york(2026, 12, 28, 9, 0)


def test_due_today_after_the_opening_it_comes_on_the_next_day() -> None:
    assert first_reminder(an_item(MONDAY), MONDAY_NOON, BUSINESS, NEW_YORK) == new_york(2026, 3, 17, 9, 0)
    early = new_york(2026, 3, 16, 7, 0)
    assert first_reminder(an_item(MONDAY), early, BUSINESS, NEW_YORK) == new_york(2026, 3, 16, 9, 0)


@given(
    minutes=st.integers(0, 400 * 24 * 60),
    ahead=st.integers(0, 366),
)
def test_a_reminder_always_comes_later_at_an_opening(minutes: int, ahead: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    due = now.astimezone(NEW_YORK).date() + timedelta(days=ahead)
    at = first_reminder(an_item(due), now, BUSINESS, NEW_YORK)
    assert at is not None
    assert at > now
    there = at.astimezone(NEW_YORK)
    assert (there.hour, there.minute) == (9, 0)
    assert there.date() >= due
    assert BUSINESS.is_business_day(there.date())
    assert snoozed(now, BUSINESS) > now


def test_what_is_over_is_not_changed_again() -> None:
    done = an_item().finish()
    assert done.state is ItemState.DONE
    with pytest.raises(AlreadyError, match="item 3 is done already"):
        done.finish()
    with pytest.raises(AlreadyError, match="done already"):
        done.drop("why")
    with pytest.raises(AlreadyError, match="done already"):
        done.give(LEE)
    with pytest.raises(AlreadyError, match="done already"):
        done.put_off(MONDAY)


def test_what_is_so_already_is_said() -> None:
    with pytest.raises(AlreadyError, match="is Ben's already"):
        an_item().give(LEE).give(LEE)
    with pytest.raises(AlreadyError, match="due by Mon 16 Mar 2026 already"):
        an_item(MONDAY).put_off(MONDAY)
    with pytest.raises(InvalidError, match="Why is it dropped"):
        an_item().drop(" ")
    with pytest.raises(InvalidError, match="What is to be done"):
        item_text("\u202e ")


def test_it_is_late_from_the_day_after_on() -> None:
    item = an_item(MONDAY)
    assert not item.is_late(MONDAY)
    assert item.is_late(date(2026, 3, 17))
    assert not replace(item, state=ItemState.DONE).is_late(date(2026, 3, 17))
    assert day(MONDAY) == "Mon 16 Mar 2026"
