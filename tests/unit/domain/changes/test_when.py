from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from bot.domain.changes.length import cut_length, read_length
from bot.domain.changes.stretch import read_stretch
from bot.domain.changes.when import cut_when, read_when
from bot.domain.errors import InvalidError
from bot.domain.text import duration
from bot.domain.times import shown

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 28, 14, 30, 20, tzinfo=NEW_YORK).astimezone(UTC)  # a Saturday
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York",
        "Europe/Berlin",
        "Europe/London",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "America/Sao_Paulo",
        "UTC",
    )
]
TYPED = [
    ("now", "2026-11-28 14:30 EST"),
    ("22:00", "2026-11-28 22:00 EST"),
    ("14:30", "2026-11-28 14:30 EST"),
    ("14:29", "2026-11-29 14:29 EST"),
    ("24:00", "2026-11-29 00:00 EST"),
    ("10:30 pm", "2026-11-28 22:30 EST"),
    ("12am", "2026-11-29 00:00 EST"),
    ("12 pm", "2026-11-29 12:00 EST"),
    ("today 9:00", "2026-11-28 09:00 EST"),
    ("tomorrow 22:00", "2026-11-29 22:00 EST"),
    ("  Fri   22:00 ", "2026-12-04 22:00 EST"),
    ("sat 14:00", "2026-12-05 14:00 EST"),
    ("Saturday 15:00", "2026-11-28 15:00 EST"),
    ("on tuesday at 14:00", "2026-12-01 14:00 EST"),
    ("2026-12-05 22:00", "2026-12-05 22:00 EST"),
    ("2026-12-05T22:00", "2026-12-05 22:00 EST"),
    ("2026-12-05 22:00 est", "2026-12-05 22:00 EST"),
    ("5 dec 10pm", "2026-12-05 22:00 EST"),
    ("Dec 5th, 22:00", "2026-12-05 22:00 EST"),
    ("Sat 5 Dec 22:00 EST", "2026-12-05 22:00 EST"),
    ("5 January 09:00", "2027-01-05 09:00 EST"),
    ("28 nov 09:00", "2026-11-28 09:00 EST"),
    ("29 feb 10:00", "2028-02-29 10:00 EST"),
    ("1 Nov 2026 01:30 EDT", "2026-11-01 01:30 EDT"),
    ("22:00 UTC", "2026-11-28 17:00 EST"),
    ("in 2h", "2026-11-28 16:30 EST"),
    ("in 1h 30m", "2026-11-28 16:00 EST"),
]
REFUSED = [
    ("", "When\\?"),
    ("soon", "`soon` is no time"),
    ("22", "`22` is no time"),
    ("fri", "At what time\\? Type `fri 22:00`"),
    ("2026-12-05", "At what time\\? Type `2026-12-05 22:00`"),
    ("25:00", "no time that there is"),
    ("24:01", "no time that there is"),
    ("22:61", "no time that there is"),
    ("13pm", "no time that there is"),
    ("2026-13-05 22:00", "no day that there is"),
    ("31 feb 2027 22:00", "no day that there is"),
    ("9999-12-31 22:00", "too far away"),
    ("Sun 5 Dec 22:00", "2026-12-05 is a Saturday, not a Sunday"),
    ("2027-03-14 02:30", "Clocks skip 02:30 on 2027-03-14"),
    ("1 Nov 2026 01:30", "say `2026-11-01 01:30 EDT` or `2026-11-01 01:30 EST`"),
    ("2026-12-05 22:00 EDT", "leave it out, or say EST"),
    ("22:00 CET", "`22:00 CET` is no time"),
    ("in 99999 weeks", "too long"),
]


@pytest.mark.parametrize(("text", "instant"), TYPED)
def test_instants_are_read_as_people_type_them(text: str, instant: str) -> None:
    assert shown(read_when(text, NOW, NEW_YORK), NEW_YORK) == instant


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_what_is_no_instant_is_refused_with_what_is_right(text: str, why: str) -> None:
    with pytest.raises(InvalidError, match=why):
        read_when(text, NOW, NEW_YORK)


def test_the_hour_that_clocks_repeat_is_the_one_that_is_left() -> None:
    between = datetime(2026, 11, 1, 5, 45, tzinfo=UTC)  # 01:45 EDT; the next 01:30 is EST

    assert shown(read_when("01:30", between, NEW_YORK), NEW_YORK) == "2026-11-01 01:30 EST"


def test_a_time_that_clocks_skip_tomorrow_is_the_day_after() -> None:
    before = datetime(2027, 3, 13, 12, tzinfo=UTC)

    assert shown(read_when("02:30", before, NEW_YORK), NEW_YORK) == "2027-03-15 02:30 EDT"


@given(
    at=st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2029, 12, 31)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
)
def test_an_instant_in_the_bots_words_is_read_as_itself(at: datetime, zone: ZoneInfo) -> None:
    instant = at.replace(second=0, microsecond=0, tzinfo=UTC)

    assert read_when(shown(instant, zone), NOW, zone) == instant


@given(
    now=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2028, 12, 31)),  # noqa: DTZ001
    clock=st.times(),
    zone=st.sampled_from(ZONES),
    weekday=st.sampled_from(["", "mon ", "wed ", "sun "]),
)
def test_a_time_of_day_is_the_next_such_time(
    now: datetime, clock: time, zone: ZoneInfo, weekday: str
) -> None:
    after = now.replace(tzinfo=UTC)
    try:
        at = read_when(f"{weekday}{clock:%H:%M}", after, zone)
    except InvalidError:
        event("clocks show it twice")
        return
    there = at.astimezone(zone)
    assert f"{there:%H:%M}" == f"{clock:%H:%M}"
    assert after - timedelta(minutes=1) < at <= after + timedelta(days=15 if weekday else 3)
    assert not weekday or f"{there:%a} ".lower() == weekday


@given(length=st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=14)))
def test_a_length_in_the_bots_words_is_read_as_itself(length: timedelta) -> None:
    minutes = timedelta(minutes=round(length.total_seconds() / 60))

    assert read_length(duration(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90m", 90),
        ("1h30m", 90),
        ("1h 30m", 90),
        ("1 hour and 30 minutes", 90),
        ("2 days", 2880),
        ("1w", 10080),
    ],
)
def test_lengths_are_read_as_people_type_them(text: str, minutes: int) -> None:
    assert read_length(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "long", "4", "4x", "2 months", "h", "4h long", "-4h", "1.5h"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(InvalidError, match=r"Type `30m`"):
        read_length(text)


@given(
    text=st.text(max_size=60)
    | st.from_regex(r"[a-z]{0,4} ?\d{1,4}[-:]?\d{0,2}[-:]?\d{0,2} \w*", fullmatch=True)
)
@example(text="0000-01-01 10:00")
@example(text="2026-12-31 24:00")
@example(text="\u0661\u0662:\u0660\u0660")
def test_nothing_typed_fails_in_another_way_than_by_a_refusal(text: str) -> None:
    for read in (
        lambda: read_when(text, NOW, NEW_YORK),
        lambda: cut_when(text, NOW, NEW_YORK),
        lambda: read_length(text),
        lambda: cut_length(text),
        lambda: read_stretch(text, NOW, NEW_YORK, from_now=True),
    ):
        with suppress(InvalidError):
            read()


STRETCHES = [
    ("2026-12-05 22:00 for 4h Database upgrade", "2026-12-05 22:00", "2026-12-06 02:00", "Database upgrade"),
    ("from tomorrow 08:00 until mon 08:00 why", "2026-11-29 08:00", "2026-11-30 08:00", "why"),
    ("fri 22:00-23:30 x", "2026-12-04 22:00", "2026-12-04 23:30", "x"),
    ("for 2h it is slow", "2026-11-28 14:30", "2026-11-28 16:30", "it is slow"),
    ("until fri 18:00 z", "2026-11-28 14:30", "2026-12-04 18:00", "z"),
]


@pytest.mark.parametrize(("text", "starts", "ends", "rest"), STRETCHES)
def test_stretches_are_read_with_what_follows_them(text: str, starts: str, ends: str, rest: str) -> None:
    stretch = read_stretch(text, NOW, NEW_YORK, from_now=True)

    assert shown(stretch.starts, NEW_YORK) == f"{starts} EST"
    assert shown(stretch.ends, NEW_YORK) == f"{ends} EST"
    assert stretch.rest == rest


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-12-05 22:00 Deploy", "For how long"),
        ("2026-12-05 22:00 for ever", "`ever` is no length"),
        ("2026-12-05 22:00 until christmas", "`christmas` is no time"),
        ("soon for 4h", "`soon` is no time"),
        ("for 4h works", "From when"),
        ("", "From when"),
    ],
)
def test_what_is_no_stretch_is_refused_where_it_goes_wrong(text: str, why: str) -> None:
    with pytest.raises(InvalidError, match=why):
        read_stretch(text, NOW, NEW_YORK)
