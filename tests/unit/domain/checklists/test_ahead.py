from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.domain.change_policy import Window
from bot.domain.changes.windows import Calendar
from bot.domain.checklists.ahead import ahead
from tests.support.builders import NEW_YORK, a_guide, new_york

CHRISTMAS_EVE = date(2026, 12, 24)  # a Thursday


def lines(now: datetime, holiday: date | None = None) -> tuple[str, ...]:
    calendar = Calendar(zone=NEW_YORK, is_holiday=lambda day: day == holiday)
    return ahead(a_guide().changes, calendar, now)


def window(weekday: int, opens: str, closes: str) -> Window:
    return Window(weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


def test_each_type_of_change_says_when_it_may_start() -> None:
    assert lines(new_york(2026, 11, 30, 9, 0)) == (
        "Standard Change: Tue 1 Dec 14:00 to 16:00, Thu 3 Dec 14:00 to 16:00 (EST)",
        "Major Change: in planned windows only",
        "Emergency Change: at any time",
    )


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (13, 59, "Tue 1 Dec 14:00 to 16:00, Thu 3 Dec 14:00 to 16:00 (EST)"),
        (14, 0, "open now until 16:00, Thu 3 Dec 14:00 to 16:00 (EST)"),
        (15, 59, "open now until 16:00, Thu 3 Dec 14:00 to 16:00, Tue 8 Dec 14:00 to 16:00 (EST)"),
        (16, 0, "Thu 3 Dec 14:00 to 16:00, Tue 8 Dec 14:00 to 16:00 (EST)"),
    ],
)
def test_a_window_is_open_from_its_opening_until_its_closing(hour: int, minute: int, said: str) -> None:
    assert lines(new_york(2026, 12, 1, hour, minute))[0] == f"Standard Change: {said}"


def test_the_zone_is_told_as_it_is_then() -> None:
    [first, *_] = lines(new_york(2026, 10, 29, 17, 0))  # the clocks go back on Sunday, 1 November
    assert first == "Standard Change: Tue 3 Nov 14:00 to 16:00, Thu 5 Nov 14:00 to 16:00 (EST)"
    [first, *_] = lines(new_york(2026, 10, 29, 13, 0))
    assert first.endswith("Thu 29 Oct 14:00 to 16:00, Tue 3 Nov 14:00 to 16:00 (EDT, EST)")


def test_a_holiday_opens_nothing() -> None:
    [first, *_] = lines(new_york(2026, 12, 22, 16, 30), CHRISTMAS_EVE)
    assert first == "Standard Change: Tue 29 Dec 14:00 to 16:00 (EST)"


def test_a_window_over_midnight_is_told_with_the_day_on_which_it_closes() -> None:
    guide = a_guide()
    nightly = replace(guide.changes.types["standard"], windows=(window(4, "22:00", "02:00"),))
    calendar = Calendar(zone=NEW_YORK, is_holiday=lambda _day: False)
    [line] = ahead(replace(guide.changes, types={"standard": nightly}), calendar, new_york(2026, 12, 1, 9, 0))
    assert line == "Standard Change: Fri 4 Dec 22:00 to Sat 02:00 (EST)"
