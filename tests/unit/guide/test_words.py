from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guide import words


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("15m", timedelta(minutes=15)),
        ("15 minutes", timedelta(minutes=15)),
        ("1h", timedelta(hours=1)),
        ("1 hour", timedelta(hours=1)),
        ("1h 30m", timedelta(hours=1, minutes=30)),
        ("1h30m", timedelta(hours=1, minutes=30)),
        ("0.5h", timedelta(minutes=30)),
        ("500ms", timedelta(milliseconds=500)),
        ("30d", timedelta(days=30)),
        ("2 Weeks", timedelta(weeks=2)),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, length: timedelta) -> None:
    assert words.duration(text) == length


@pytest.mark.parametrize(
    "value", ["", "15", 15, "m", "-5m", "1h and 5m", "15 parsecs", None, "0m", "9999999d"]
)
def test_what_is_no_duration_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="duration"):
        words.duration(value)


def test_the_next_business_day_is_a_response_time_without_length() -> None:
    assert words.response_time("Next  business day") is None


@pytest.mark.parametrize("value", ["0s", "30s", "8d", "tomorrow"])
def test_a_response_time_that_makes_no_sense_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=value):
        words.response_time(value)


@pytest.mark.parametrize(("text", "fraction"), [("99.9%", 0.999), ("99.99 %", 0.9999), ("0.1%", 0.001)])
def test_a_percentage_is_an_exact_fraction(text: str, fraction: float) -> None:
    assert words.fraction(text) == fraction


@pytest.mark.parametrize("value", ["99.9", 0.999, "100%", "0%", "-1%", "%", "NaN%", "1e2%", None])
def test_what_is_no_percentage_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="%"):
        words.fraction(value)


@pytest.mark.parametrize(("text", "at"), [("09:00", time(9)), ("9:05", time(9, 5)), ("23:59", time(23, 59))])
def test_a_time_of_day_is_read(text: str, at: time) -> None:
    assert words.clock_time(text) == at


@pytest.mark.parametrize("value", ["24:00", "9", "2 PM", "09:60", 540, None])
def test_what_is_no_time_of_day_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="no time of day"):
        words.clock_time(value)


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("Mon-Fri", {0, 1, 2, 3, 4}),
        ("Monday to Friday", {0, 1, 2, 3, 4}),
        ("Mon–Fri", {0, 1, 2, 3, 4}),  # noqa: RUF001 - an en dash
        ("Tue, Thu", {1, 3}),
        ("Tuesday and Thursday", {1, 3}),
        (["tue", "Thursday"], {1, 3}),
        ("Sat-Mon", {5, 6, 0}),
        ("Sunday", {6}),
    ],
)
def test_weekdays_are_read_as_people_write_them(value: object, days: set[int]) -> None:
    assert words.weekdays(value) == days


@pytest.mark.parametrize("value", ["", [], "Someday", "T", "Mon-Wed-Fri", 1, None])
def test_what_are_no_weekdays_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="weekday"):
        words.weekdays(value)


def test_a_slug_is_made_of_the_words_of_a_title() -> None:
    assert words.slug("Review alerts, and logs!", "item-1") == "review-alerts-and-logs"


def test_a_title_without_plain_letters_takes_the_other_slug() -> None:
    assert words.slug("日本語", "item-1") == "item-1"


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.lists(st.text())))
def test_odd_values_are_refused_with_a_reason_and_nothing_else(value: object) -> None:
    for read in (words.duration, words.response_time, words.fraction, words.clock_time, words.weekdays):
        try:
            read(value)
        except ValueError as error:
            assert str(error)  # noqa: PT017 - either outcome is right
