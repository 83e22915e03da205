from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import TITLE_LIMIT, clean, clock_time, duration, listed
from tests.support.builders import new_york


def test_several_lines_become_one() -> None:
    assert clean("checkout\nis\r\n\tdown") == "checkout is down"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x1c", "\u00a0", "\v", "\f"])
def test_words_stay_apart_whatever_separates_them(separator: str) -> None:
    assert clean(f"checkout{separator}is down") == "checkout is down"


def test_space_around_and_between_is_cut_down() -> None:
    assert clean("  checkout   is down ") == "checkout is down"


def test_characters_that_reorder_text_are_taken_out() -> None:
    assert clean("pay\u202ement\u2066 is\u200f down") == "payment is down"


def test_control_characters_and_the_invisible_are_taken_out() -> None:
    assert clean("\x00chec\x1bkout\u200b is\ufeff down\ud800") == "checkout is down"


def test_emoji_that_are_joined_stay_joined() -> None:
    firefighter = "\U0001f469\u200d\U0001f692"
    assert clean(firefighter) == firefighter


def test_letters_of_other_scripts_stay_as_they_are() -> None:
    assert clean("Zahlung für 支払い упала") == "Zahlung für 支払い упала"


def test_a_title_at_the_limit_is_kept_whole() -> None:
    assert clean("x" * TITLE_LIMIT) == "x" * TITLE_LIMIT


def test_a_longer_title_is_cut_and_shows_that_it_was() -> None:
    assert clean("x" * (TITLE_LIMIT + 1)) == "x" * (TITLE_LIMIT - 1) + "…"


def test_no_space_is_left_before_the_cut() -> None:
    assert clean("abc defg", limit=5) == "abc…"


@given(st.text(st.characters(), max_size=60), st.integers(1, 40))
def test_whatever_comes_in_one_line_within_the_limit_goes_out(text: str, limit: int) -> None:
    line = clean(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert not any(unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} for one in line)
    line.encode()


@given(st.text(st.characters(), max_size=60), st.integers(1, 40))
def test_what_is_clean_stays_as_it_is(text: str, limit: int) -> None:
    assert clean(clean(text, limit), limit) == clean(text, limit)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(), "0 s"),
        (timedelta(seconds=29), "29 s"),
        (timedelta(minutes=15), "15 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, minutes=30), "1 h 30 min"),
        (timedelta(hours=4), "4 h"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=1, hours=2, minutes=3), "1 d 2 h 3 min"),
        (timedelta(minutes=14, seconds=50), "15 min"),
        (timedelta(minutes=59, seconds=50), "1 h"),
    ],
)
def test_a_length_of_time_reads_as_people_say_it(length: timedelta, words: str) -> None:
    assert duration(length) == words


def test_clocks_that_disagree_a_little_give_no_negative_time() -> None:
    assert duration(timedelta(seconds=-3)) == "0 s"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "Tue 09:00 EST"),
        (5, "Sat 09:00 EST"),
        (7, "Mon 16 Nov 09:00 EST"),
        (-5, "Wed 09:00 EST"),
        (-7, "Mon 2 Nov 09:00 EST"),
        (364, "Mon 8 Nov 2027 09:00 EST"),
        (-6 * 364, "Mon 16 Nov 2020 09:00 EST"),
    ],
)
def test_a_clock_says_the_day_and_the_date_where_it_is_far(days: int, words: str) -> None:
    now = new_york(2026, 11, 9, 9)
    assert clock_time(now + timedelta(days=days), now) == words


def test_no_more_than_so_many_are_listed_by_name() -> None:
    assert listed([], 2) == ""
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"
