from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.change_policy import Window
from bot.domain.checklists.ahead import AHEAD, ahead, openings
from tests.support.builders import NEW_YORK, a_guide, new_york

BERLIN, SYDNEY = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Sydney")


def lines(now: datetime) -> tuple[str, ...]:
    return ahead(a_guide().changes, NEW_YORK, now)


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


def test_a_window_that_a_change_of_clocks_swallows_never_opens() -> None:
    now = datetime(2026, 3, 27, 12, tzinfo=UTC)  # Berlin goes from 02:00 to 03:00 on Sunday, 29 March
    assert openings((window(6, "02:00", "03:00"),), BERLIN, now) == ()
    [half] = openings((window(6, "02:30", "04:00"),), BERLIN, now)
    assert half.closes - half.opens == timedelta(hours=1)


def test_a_window_over_an_hour_that_comes_twice_is_longer() -> None:
    now = datetime(2026, 10, 23, 12, tzinfo=UTC)
    [longer] = openings((window(6, "01:00", "04:00"),), BERLIN, now)
    assert longer.closes - longer.opens == timedelta(hours=4)


def test_without_windows_nothing_opens() -> None:
    assert openings((), BERLIN, datetime(2026, 1, 1, tzinfo=UTC)) == ()


TIMES = st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))
WINDOWS = st.lists(
    st.builds(Window, weekday=st.integers(0, 6), opens=TIMES, closes=TIMES).filter(
        lambda one: one.opens < one.closes
    ),
    max_size=6,
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given one


@given(WINDOWS, st.sampled_from([NEW_YORK, BERLIN, SYDNEY]), MOMENTS)
def test_through_ten_years_in_three_zones_clocks_show_the_guides_times(
    windows: list[Window], zone: ZoneInfo, now: datetime
) -> None:
    found = openings(tuple(windows), zone, now)
    assert list(found) == sorted(found, key=lambda one: one.opens)
    for one in found:
        assert now < one.closes
        assert one.opens < one.closes
        assert one.opens < now + AHEAD
        local = one.opens.astimezone(zone)
        assert any(
            window.weekday == local.weekday() and window.opens <= local.time() for window in windows
        ), "never before its time; later only where that time is skipped"
