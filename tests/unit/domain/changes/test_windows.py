from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.change_policy import ChangeOpening, ChangeType, Window
from bot.domain.changes.span import Span, SpanKind
from bot.domain.changes.windows import (
    WITHIN,
    Calendar,
    Opening,
    frozen,
    next_freeze,
    next_opening,
    opening_at,
    openings,
)
from tests.support.builders import NEW_YORK, new_york
from tests.support.windows import DAY, MINUTE, a_kind, a_span, a_window, minutes, stretches

BERLIN, SYDNEY = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Sydney")
STANDARD = a_kind(a_window(1, "14:00", "16:00"), a_window(3, "14:00", "16:00"))
MAJOR = a_kind(opening=ChangeOpening.PLANNED)
EMERGENCY = a_kind(opening=ChangeOpening.ANYTIME)
HOUR = timedelta(hours=1)


def calendar(*spans: Span, zone: ZoneInfo = NEW_YORK, holiday: date | None = None) -> Calendar:
    return Calendar(zone=zone, is_holiday=lambda day: day == holiday, spans=spans)


def planned(starts: datetime, length: timedelta = 2 * HOUR, **changes: object) -> Span:
    told = {"kind": SpanKind.WINDOW, "change_kind": "standard", "title": "Upgrade", "number": 3}
    return a_span(starts, length, **(told | changes))


# --- the guide's windows ---


def test_a_weekly_window_is_told_whole_wherever_one_looks() -> None:
    [inside] = openings(STANDARD, calendar(), None, new_york(2026, 12, 1, 15), new_york(2026, 12, 1, 15, 1))
    assert inside == Opening(opens=new_york(2026, 12, 1, 14), closes=new_york(2026, 12, 1, 16))


def test_it_is_open_from_its_opening_until_before_its_closing() -> None:
    opens, closes = new_york(2026, 12, 1, 14), new_york(2026, 12, 1, 16)
    tick = timedelta(microseconds=1)
    found = [
        opening_at(STANDARD, calendar(), None, at) for at in (opens - tick, opens, closes - tick, closes)
    ]
    assert [one is not None for one in found] == [False, True, True, False]


def test_it_does_not_open_on_a_holiday_unless_the_guide_says_so() -> None:
    tuesday = date(2026, 12, 1)
    closed = calendar(holiday=tuesday)
    assert next_opening(STANDARD, closed, None, new_york(2026, 12, 1, 9)) == new_york(2026, 12, 3, 14)
    nevertheless = Calendar(zone=NEW_YORK, is_holiday=tuesday.__eq__, on_holidays=True)
    assert next_opening(STANDARD, nevertheless, None, new_york(2026, 12, 1, 9)) == new_york(2026, 12, 1, 14)


def test_one_over_midnight_is_of_the_day_on_which_it_opens() -> None:
    nightly = a_kind(a_window(4, "22:00", "02:00"))
    friday, saturday = date(2026, 12, 4), date(2026, 12, 5)
    at = new_york(2026, 12, 5, 1)
    assert opening_at(nightly, calendar(), None, at) is not None
    assert opening_at(nightly, calendar(holiday=friday), None, at) is None
    assert opening_at(nightly, calendar(holiday=saturday), None, at) is not None


def test_one_that_closes_as_it_opens_never_opens() -> None:
    assert (
        next_opening(a_kind(a_window(1, "14:00", "14:00")), calendar(), None, new_york(2026, 12, 1, 9))
        is None
    )


def test_one_that_a_change_of_clocks_swallows_never_opens() -> None:
    sunday = datetime(2026, 3, 27, 12, tzinfo=UTC)  # Berlin goes from 02:00 to 03:00 on Sunday, 29 March
    within = (sunday, sunday + timedelta(days=5))
    assert openings(a_kind(a_window(6, "02:00", "03:00")), calendar(zone=BERLIN), None, *within) == ()
    [half] = openings(a_kind(a_window(6, "02:30", "04:00")), calendar(zone=BERLIN), None, *within)
    assert half.closes - half.opens == HOUR


def test_one_over_an_hour_that_comes_twice_is_longer() -> None:
    friday = datetime(2026, 10, 23, 12, tzinfo=UTC)
    [longer] = openings(
        a_kind(a_window(6, "01:00", "04:00")), calendar(zone=BERLIN), None, friday, friday + 5 * DAY
    )
    assert longer.closes - longer.opens == 4 * HOUR


def test_windows_that_touch_or_overlap_are_one() -> None:
    kind = a_kind(a_window(1, "14:00", "16:00"), a_window(1, "15:00", "17:00"), a_window(1, "17:00", "18:00"))
    found = openings(kind, calendar(), None, new_york(2026, 12, 1, 0), new_york(2026, 12, 2, 0))
    assert found == (Opening(opens=new_york(2026, 12, 1, 14), closes=new_york(2026, 12, 1, 18)),)


def test_what_is_always_open_has_an_end_far_away() -> None:
    halves = (("00:00", "12:00"), ("12:00", "00:00"))
    always = a_kind(*(a_window(day, *half) for day in range(7) for half in halves))
    now = new_york(2026, 12, 1, 9)
    opening = opening_at(always, calendar(), None, now)
    assert opening is not None
    assert opening.opens < now - WITHIN
    assert opening.closes > now + WITHIN
    assert next_opening(always, calendar(), None, now) == now


def test_what_may_start_at_any_time_has_no_windows_and_opens_at_once() -> None:
    now = new_york(2026, 12, 1, 9)
    assert openings(EMERGENCY, calendar(), None, now, now + DAY) == ()
    assert opening_at(EMERGENCY, calendar(planned(now)), None, now) is None
    assert next_opening(EMERGENCY, calendar(), None, now) == now


def test_between_an_instant_and_itself_or_before_nothing_is_open() -> None:
    now = new_york(2026, 12, 1, 15)
    assert openings(STANDARD, calendar(), None, now, now) == ()
    assert openings(STANDARD, calendar(), None, now, now - DAY) == ()


# --- what leads put on the calendar ---


def test_a_planned_window_opens_for_its_type_and_is_named() -> None:
    starts = new_york(2026, 12, 5, 22)
    at = starts + HOUR
    found = opening_at(MAJOR, calendar(planned(starts)), "payment", at)
    assert found == Opening(opens=starts, closes=starts + 2 * HOUR, title="Upgrade", span="W3")
    assert opening_at(MAJOR, calendar(planned(starts, change_kind="major")), "payment", at) is None
    assert opening_at(MAJOR, calendar(planned(starts, removed=at)), "payment", at) is None
    assert opening_at(MAJOR, calendar(), "payment", at) is None


def test_a_window_of_one_service_is_neither_anothers_nor_the_platforms() -> None:
    starts = new_york(2026, 12, 5, 22)
    of_payment = calendar(planned(starts, service="payment"))
    found = {
        service: opening_at(MAJOR, of_payment, service, starts) for service in ("payment", "catalog", None)
    }
    assert [service for service, one in found.items() if one is not None] == ["payment"]


def test_a_planned_window_that_touches_a_weekly_one_makes_it_longer_and_names_it() -> None:
    longer = calendar(planned(new_york(2026, 12, 1, 16), HOUR))
    found = opening_at(STANDARD, longer, None, new_york(2026, 12, 1, 15))
    closes = new_york(2026, 12, 1, 17)
    assert found == Opening(opens=new_york(2026, 12, 1, 14), closes=closes, title="Upgrade", span="W3")


def test_a_holiday_does_not_close_what_leads_have_planned() -> None:
    starts = new_york(2026, 12, 5, 22)
    on_it = calendar(planned(starts), holiday=date(2026, 12, 5))
    assert opening_at(MAJOR, on_it, None, starts) is not None


# --- freezes ---


def test_of_several_freezes_the_one_that_ends_last_is_told() -> None:
    starts = new_york(2026, 12, 1, 0)
    short, long = a_span(starts, DAY, number=1), a_span(starts - DAY, 9 * DAY, number=2)
    lifted = a_span(starts, 20 * DAY, number=3, removed=starts)
    found = frozen(calendar(short, long, lifted), "payment", starts + HOUR)
    assert found is not None
    assert found.label == "F2"


def test_a_freeze_of_one_service_freezes_it_and_the_platform() -> None:
    at = new_york(2026, 12, 1, 0)
    of_payment = calendar(a_span(at, service="payment"))
    found = {service: frozen(of_payment, service, at) for service in ("payment", "catalog", None)}
    assert [service for service, one in found.items() if one is not None] == ["payment", None]


def test_it_opens_next_when_the_freeze_is_over_within_a_window() -> None:
    freeze = a_span(new_york(2026, 12, 1, 0), timedelta(hours=15))
    assert next_opening(STANDARD, calendar(freeze), None, new_york(2026, 12, 1, 9)) == new_york(
        2026, 12, 1, 15
    )


def test_a_freeze_that_swallows_a_window_leaves_the_next_one() -> None:
    freezes = (a_span(new_york(2026, 12, 1, 0), DAY), a_span(new_york(2026, 12, 2, 0), DAY))
    now = new_york(2026, 12, 1, 9)
    assert next_opening(STANDARD, calendar(*freezes), None, now) == new_york(2026, 12, 3, 14)


def test_what_is_frozen_for_a_year_opens_at_no_time_that_is_near() -> None:
    now = new_york(2026, 12, 1, 9)
    for kind in (STANDARD, EMERGENCY):
        assert next_opening(kind, calendar(a_span(now, 365 * DAY)), None, now) is None


def test_the_next_freeze_is_one_that_begins_later() -> None:
    now = new_york(2026, 12, 1, 9)
    on, soon, late = a_span(now), a_span(now + HOUR, number=5), a_span(now + 3 * HOUR, number=6)
    never = a_span(now + timedelta(minutes=1), timedelta())
    found = next_freeze(calendar(on, late, soon, never), None, now, now + 9 * HOUR)
    assert found is not None
    assert found.label == "F5"
    assert next_freeze(calendar(late), None, now, now + 3 * HOUR) is None


# --- all of it, against one who goes through it minute by minute ---

AROUND = {
    NEW_YORK: (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    BERLIN: (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    SYDNEY: (datetime(2026, 4, 4, 16, tzinfo=UTC), datetime(2026, 10, 3, 16, tzinfo=UTC)),
}
"""When clocks change."""

CLOCKS = st.one_of(
    st.sampled_from([time(0), time(1, 30), time(2), time(2, 30), time(3), time(23, 59)]),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
WINDOWS = st.lists(st.builds(Window, weekday=st.integers(0, 6), opens=CLOCKS, closes=CLOCKS), max_size=5)
SERVICES = st.sampled_from([None, "payment", "catalog"])
LENGTH = 2 * DAY


@st.composite
def questions(draw: st.DrawFn) -> tuple[ChangeType, Calendar, str | None, datetime]:
    zone = draw(st.sampled_from(list(AROUND)))
    changes = draw(st.sampled_from(AROUND[zone]))
    at = changes + draw(st.integers(-2 * 1440, 1440)) * MINUTE
    days = [changes.astimezone(zone).date() + count * DAY for count in (-1, 0, 1)]
    holidays = draw(st.frozensets(st.sampled_from(days), max_size=2))
    spans = draw(st.lists(_spans(changes), max_size=4))
    opening = draw(st.sampled_from([ChangeOpening.WEEKLY, ChangeOpening.WEEKLY, ChangeOpening.PLANNED]))
    windows = draw(WINDOWS) if opening is ChangeOpening.WEEKLY else []
    found = Calendar(
        zone=zone, is_holiday=holidays.__contains__, on_holidays=draw(st.booleans()), spans=tuple(spans)
    )
    return a_kind(*windows, opening=opening), found, draw(SERVICES), at


def _spans(near: datetime) -> st.SearchStrategy[Span]:
    return st.builds(
        a_span,
        st.integers(-3 * 1440, 3 * 1440).map(lambda count: near + count * MINUTE),
        st.sampled_from([0, 1, 60, 600, 1440]).map(lambda count: count * MINUTE),
        number=st.integers(1, 9),
        kind=st.sampled_from(SpanKind),
        service=SERVICES,
        change_kind=st.sampled_from(["standard", "major"]),
        removed=st.sampled_from([None, None, near]),
    )


@settings(max_examples=60)
@given(questions())
def test_windows_are_what_one_finds_minute_by_minute(
    question: tuple[ChangeType, Calendar, str | None, datetime],
) -> None:
    kind, known, service, since = question
    until = since + LENGTH
    slowly = stretches(minutes(kind, known, service, since, until))
    found = openings(kind, known, service, since, until)
    assert [(max(one.opens, since), min(one.closes, until)) for one in found] == slowly
    assert all(one.opens < one.closes for one in found)
    assert all(first.closes < second.opens for first, second in pairwise(found))


@settings(max_examples=60)
@given(questions())
def test_the_next_opening_is_the_first_open_minute_that_is_not_frozen(
    question: tuple[ChangeType, Calendar, str | None, datetime],
) -> None:
    kind, known, service, at = question
    slowly = (
        one for one in minutes(kind, known, service, at, at + LENGTH) if one.is_open and not one.is_frozen
    )
    first = next((one.at for one in slowly), None)
    assert next_opening(kind, known, service, at, LENGTH) == first


@settings(max_examples=60)
@given(questions(), st.integers(0, 2 * 1440))
def test_at_any_minute_window_and_freeze_are_what_one_finds_there(
    question: tuple[ChangeType, Calendar, str | None, datetime], later: int
) -> None:
    kind, known, service, since = question
    at = since + later * MINUTE
    [slowly] = minutes(kind, known, service, at, at + MINUTE)
    found = opening_at(kind, known, service, at)
    assert (found is not None) == slowly.is_open
    assert found is None or found.opens <= at < found.closes
    assert (frozen(known, service, at) is not None) == slowly.is_frozen


@pytest.mark.parametrize("zone", list(AROUND))
def test_through_a_year_clocks_show_the_guides_times_at_each_opening(zone: ZoneInfo) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = openings(STANDARD, calendar(zone=zone), None, start, start + timedelta(days=364))
    local = [(one.opens.astimezone(zone), one.closes.astimezone(zone)) for one in found]
    assert len(local) == 2 * 52
    assert {(opens.weekday(), f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in local} == {
        (1, "14:00", "16:00"),
        (3, "14:00", "16:00"),
    }
