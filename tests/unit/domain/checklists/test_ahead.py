from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.domain.change_policy import Window
from bot.domain.changes.change import ChangeState
from bot.domain.changes.span import SpanKind
from bot.domain.changes.windows import Calendar
from bot.domain.checklists.ahead import ahead
from tests.support.builders import NEW_YORK, a_change, a_guide, a_plan, a_span, new_york

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


def test_windows_that_leads_have_planned_are_told_like_any_other() -> None:
    starts = new_york(2026, 12, 5, 22, 0)
    window = a_span(
        kind=SpanKind.WINDOW, change_kind="major", starts=starts, ends=starts + timedelta(hours=4)
    )
    calendar = Calendar(zone=NEW_YORK, is_holiday=lambda _day: False, spans=(window,))
    said = ahead(a_guide().changes, calendar, new_york(2026, 12, 1, 9, 0))
    assert said[1] == "Major Change: Sat 5 Dec 22:00 to Sun 02:00 (EST)"


def test_freezes_and_planned_changes_follow_the_types() -> None:
    now = new_york(2026, 12, 1, 9, 0)
    on = a_span(starts=now - timedelta(days=1), ends=now + timedelta(hours=9))
    coming = a_span(number=5, title="Audit", starts=now + timedelta(days=2), ends=now + timedelta(days=3))
    far = a_span(number=6, starts=now + timedelta(days=8), ends=now + timedelta(days=9))
    gone = a_span(number=7, starts=now, ends=now + timedelta(days=1), removed=now)
    calendar = Calendar(zone=NEW_YORK, is_holiday=lambda _day: False, spans=(on, coming, far, gone))
    planned = a_change(a_plan(starts=new_york(2026, 12, 1, 14, 0)), state=ChangeState.APPROVED)
    running = a_change(number=13, state=ChangeState.ROLLING_BACK, started=now)
    next_week = a_change(a_plan(starts=now + timedelta(days=9)), number=14)
    over = a_change(number=15, state=ChangeState.DONE, started=now)
    said = ahead(a_guide().changes, calendar, now, [planned, running, next_week, over])
    assert said[3:] == (
        "Freeze F4 Black Friday: now until 18:00",
        "Freeze F5 Audit: Thu 3 Dec 09:00 to Fri 09:00",
        "CH12 New checkout: Tue 1 Dec 14:00, approved",
        "CH13 New checkout: Tue 1 Dec 09:00, rolling back",
    )


def test_of_many_planned_changes_the_first_are_told() -> None:
    now = new_york(2026, 12, 1, 9, 0)
    calendar = Calendar(zone=NEW_YORK, is_holiday=lambda _day: False)
    many = [a_change(a_plan(starts=now), number=number) for number in range(1, 14)]
    *_, last = ahead(a_guide().changes, calendar, now, many)
    assert last == "and 3 more changes: /change list"
