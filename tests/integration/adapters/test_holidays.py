from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from bot.adapters.holidays import PublicHolidays, UnknownCalendarError


def test_thanksgiving_is_a_holiday_in_the_united_states() -> None:
    assert PublicHolidays("US").is_holiday(date(2026, 11, 26))


def test_an_ordinary_day_is_no_holiday() -> None:
    assert not PublicHolidays("US").is_holiday(date(2026, 11, 24))


def test_the_observed_day_of_a_holiday_on_a_weekend_is_free() -> None:
    assert PublicHolidays("US").is_holiday(date(2026, 7, 3))


def test_new_year_observed_in_the_old_year_is_free() -> None:
    assert PublicHolidays("US").is_holiday(date(2027, 12, 31))


def test_a_subdivision_adds_its_own_holidays() -> None:
    epiphany = date(2026, 1, 6)
    assert PublicHolidays("DE", "BY").is_holiday(epiphany)
    assert not PublicHolidays("DE", "BE").is_holiday(epiphany)


def test_without_a_country_no_day_is_a_holiday() -> None:
    assert not PublicHolidays(None).is_holiday(date(2026, 12, 25))


def test_an_unknown_country_is_refused_at_once() -> None:
    with pytest.raises(UnknownCalendarError, match="'XX'"):
        PublicHolidays("XX")


def test_an_unknown_subdivision_is_refused_at_once() -> None:
    with pytest.raises(UnknownCalendarError, match="'US-ZZ'"):
        PublicHolidays("US", "ZZ")


def test_threads_that_ask_at_once_get_the_same_answer() -> None:
    calendar = PublicHolidays("US")
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda _: calendar.is_holiday(date(2031, 12, 25)), range(64))
    assert all(answers)
