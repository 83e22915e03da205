"""What stands on the days ahead, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes.agenda import Agenda, AgendaChange, AgendaDay, agenda, bounds, days_ahead, days_of
from bot.domain.changes.change import Change, ChangeState
from bot.domain.changes.span import Span, SpanKind
from bot.domain.changes.windows import Calendar, openings
from tests.support.builders import a_change, a_guide, a_plan, a_span
from tests.support.clock import MONDAY_NOON as NOW

NEW_YORK = ZoneInfo("America/New_York")
POLICY = a_guide().changes
TUESDAY = date(2026, 3, 17)
HOUR = timedelta(hours=1)
ZONES = [ZoneInfo(one) for one in ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC")]


def shown(
    *spans: Span, changes: tuple[Change, ...] = (), service: str | None = None, holiday: date | None = None
) -> Agenda:
    calendar = Calendar(zone=NEW_YORK, is_holiday=lambda day: day == holiday, spans=spans)
    first, end = days_ahead(NEW_YORK, NOW)
    return agenda(
        POLICY,
        calendar,
        [AgendaChange(change=one) for one in changes],
        now=NOW,
        first=first,
        end=end,
        service=service,
    )


def day(found: Agenda, wanted: date) -> AgendaDay:
    return next((one for one in found.days if one.day == wanted), AgendaDay(day=wanted))


def test_two_weeks_ahead_have_four_standard_windows_and_empty_days_are_left_out() -> None:
    found = shown()
    assert [one.day for one in found.days] == [TUESDAY + timedelta(days=count) for count in (0, 2, 7, 9)]
    assert all(len(one.windows) == 1 for one in found.days)


def test_a_public_holiday_is_a_day_of_its_own_without_windows() -> None:
    found = day(shown(holiday=TUESDAY), TUESDAY)
    assert found.holiday
    assert not found.windows


def test_a_window_is_told_on_the_day_on_which_it_opens_and_a_freeze_shuts_it() -> None:
    starts = datetime(2026, 3, 21, 22, tzinfo=NEW_YORK).astimezone(UTC)
    window = a_span(
        kind=SpanKind.WINDOW, change_kind="major", number=3, starts=starts, ends=starts + 4 * HOUR, title="DB"
    )
    freeze = a_span(starts=starts + HOUR, ends=starts + 24 * HOUR)
    found = day(shown(window, freeze), date(2026, 3, 21))
    [told] = found.windows
    assert (told.opening.span, told.opening.title, told.shut) == ("W3", "DB", freeze)
    assert found.freezes == (freeze,)
    assert day(shown(window, freeze), date(2026, 3, 22)).is_empty


def test_what_goes_on_since_before_is_told_on_the_first_day() -> None:
    freeze = a_span(starts=NOW - timedelta(days=9), ends=NOW + HOUR)
    running = a_change(state=ChangeState.DEPLOYING, started=NOW - timedelta(days=2))
    found = day(shown(freeze, changes=(running,)), date(2026, 3, 16))
    assert found.freezes == (freeze,)
    assert [one.change for one in found.changes] == [running]


def test_a_window_of_one_service_is_told_with_it_and_not_to_others() -> None:
    window = a_span(kind=SpanKind.WINDOW, change_kind="major", service="payment", starts=NOW, ends=NOW + HOUR)
    monday = date(2026, 3, 16)
    assert [one.service for one in day(shown(window), monday).windows] == ["payment"]
    assert len(day(shown(window, service="payment"), monday).windows) == 1
    assert day(shown(window, service="identity"), monday).is_empty


def test_a_freeze_of_one_service_shuts_no_window_of_all() -> None:
    freeze = a_span(service="payment", starts=NOW, ends=NOW + timedelta(days=2))
    assert day(shown(freeze), TUESDAY).windows[0].shut is None
    assert day(shown(freeze, service="payment"), TUESDAY).windows[0].shut == freeze


def test_changes_come_in_the_order_of_their_starts() -> None:
    early = a_change(a_plan(starts=NOW + 25 * HOUR), id="b", number=14)
    late = a_change(a_plan(starts=NOW + 26 * HOUR), id="a", number=13)
    assert [one.change for one in day(shown(changes=(late, early)), TUESDAY).changes] == [early, late]


def test_months_end_where_the_next_one_begins() -> None:
    assert days_of(2026, 12) == (date(2026, 12, 1), date(2027, 1, 1))
    assert days_of(2028, 2) == (date(2028, 2, 1), date(2028, 3, 1))


@given(
    month=st.integers(1, 12),
    year=st.integers(2025, 2030),
    zone=st.sampled_from(ZONES),
    starts=st.integers(-40 * 24, 70 * 24),
    length=st.integers(1, 24 * 10),
    frozen=st.booleans(),
)
def test_over_any_month_all_that_stands_on_it_is_told_once_and_on_a_day_of_it(
    *, month: int, year: int, zone: ZoneInfo, starts: int, length: int, frozen: bool
) -> None:
    """Also where clocks change: nothing is lost or told twice."""
    first, end = days_of(year, month)
    since, until = bounds(zone, first, end)
    begins = since + timedelta(hours=starts)
    kind = SpanKind.FREEZE if frozen else SpanKind.WINDOW
    span = a_span(
        kind=kind,
        change_kind=None if frozen else "major",
        starts=begins,
        ends=begins + timedelta(hours=length),
    )
    change = a_change(a_plan(starts=begins, length=timedelta(hours=1)))
    calendar = Calendar(zone=zone, is_holiday=lambda _day: False, spans=(span,))
    met = [change] if begins < until and change.plan.ends > since else []

    found = agenda(POLICY, calendar, [AgendaChange(change=one) for one in met], now=NOW, first=first, end=end)

    assert all(first <= one.day < end and not one.is_empty for one in found.days)
    assert [one.day for one in found.days] == sorted({one.day for one in found.days})
    assert sum(len(one.changes) for one in found.days) == len(met)
    stands = span.starts < until and span.ends > since
    assert sum(len(one.freezes) for one in found.days) == (stands and frozen)
    weekly = openings(POLICY.types["standard"], calendar, None, since, until)
    told = [one for each in found.days for one in each.windows]
    assert len(told) == len(weekly) + (stands and not frozen)
    for each in found.days:
        for one in each.windows:
            assert max(one.opening.opens.astimezone(zone).date(), first) == each.day


def test_what_was_removed_is_told_no_more() -> None:
    assert not [one for one in shown(replace(a_span(), removed=NOW)).days if one.freezes]
