from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.errors import AlreadyError, DomainError, InvalidError
from bot.domain.event import EventKind
from bot.domain.incident import Status
from bot.domain.times import Moment, read_instant, set_time, shown, times_of
from tests.support.cards import ANA, DECLARED, after, an_incident

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)
RESOLVED = an_incident(
    status=Status.RESOLVED,
    acknowledged_by=ANA,
    acknowledged_at=after(5),
    mitigated_at=after(20),
    ended_by=ANA,
    ended_at=after(40),
)


def read(text: str, near: datetime = NOW, zone: ZoneInfo = NEW_YORK) -> datetime:
    return read_instant(text, now=NOW, near=near, zone=zone)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("now", NOW),
        ("20m ago", NOW - timedelta(minutes=20)),
        ("20 min ago", NOW - timedelta(minutes=20)),
        ("1h 30m ago", NOW - timedelta(minutes=90)),
        ("1h30m ago", NOW - timedelta(minutes=90)),
        ("2 hours ago", NOW - timedelta(hours=2)),
        ("3d ago", NOW - timedelta(days=3)),
        ("14:05", datetime(2026, 3, 10, 18, 5, tzinfo=UTC)),
        ("2:05 EDT", datetime(2026, 3, 10, 6, 5, tzinfo=UTC)),
        ("2026-03-09 14:05", datetime(2026, 3, 9, 18, 5, tzinfo=UTC)),
        ("2026-03-07 14:05 EST", datetime(2026, 3, 7, 19, 5, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_people_type_it(text: str, instant: datetime) -> None:
    assert read(text) == instant


def test_a_time_without_a_day_is_the_one_nearest_to_what_it_is_about() -> None:
    midnight = datetime(2026, 3, 5, 5, 10, tzinfo=UTC)
    assert read("23:50", near=midnight) == datetime(2026, 3, 5, 4, 50, tzinfo=UTC)
    assert read("00:20", near=midnight) == datetime(2026, 3, 5, 5, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "14:61", "2026-02-30 14:05", "14:05:33", "ago", "20 ago", "20x ago", "1e9m ago"],
)
def test_what_is_no_time_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(InvalidError, match="2026-03-10 14:05"):
        read(text)


def test_an_hour_that_clocks_skip_is_refused() -> None:
    with pytest.raises(InvalidError, match="Clocks skip 02:30 on 2026-03-08"):
        read("2026-03-08 02:30")


def test_an_hour_that_clocks_repeat_needs_the_zones_word() -> None:
    with pytest.raises(InvalidError, match="twice on 2025-11-02: say `2025-11-02 01:30 EDT` or `… EST`"):
        read("2025-11-02 01:30")
    assert read("2025-11-02 01:30 EDT") == datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
    assert read("2025-11-02 01:30 EST") == datetime(2025, 11, 2, 6, 30, tzinfo=UTC)


def test_another_zones_word_is_refused() -> None:
    with pytest.raises(InvalidError, match="do not show CET then: leave it out, or say EDT"):
        read("14:05 CET")


minutes = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001 - UTC comes next
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)
zones = st.sampled_from([NEW_YORK, BERLIN, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kolkata")])


@given(minutes, zones)
def test_what_is_shown_reads_as_the_same_instant_on_any_day(at: datetime, zone: ZoneInfo) -> None:
    assume(at.astimezone(zone).strftime("%Z").isalpha())
    assert read(shown(at, zone), zone=zone) == at


@given(minutes, zones, st.integers(0, 23), st.integers(0, 59))
def test_a_bare_time_is_at_most_half_a_day_away_and_shows_on_the_clock(
    near: datetime, zone: ZoneInfo, hour: int, minute: int
) -> None:
    try:
        at = read(f"{hour}:{minute:02}", near=near, zone=zone)
    except InvalidError:
        return  # skipped or repeated
    assert abs(at - near) <= timedelta(hours=13)
    assert f"{at.astimezone(zone):%H:%M}" == f"{hour:02}:{minute:02}"


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        assert read(text).tzinfo is not None
    except DomainError as error:
        assert str(error)  # noqa: PT017 - refused in words


def test_what_nobody_has_said_is_taken_from_what_happened() -> None:
    times = times_of(RESOLVED)
    assert times.at[Moment.STARTED] == times.at[Moment.DETECTED] == DECLARED
    assert times.assumed == {Moment.STARTED, Moment.DETECTED}
    assert times.between(Moment.DETECTED, Moment.RESOLVED) == timedelta(minutes=40)


def test_a_false_alarm_was_never_resolved() -> None:
    assert times_of(replace(RESOLVED, status=Status.CANCELLED)).at[Moment.RESOLVED] is None


def test_a_time_that_is_said_keeps_in_the_history_what_it_was() -> None:
    outcome = set_time(RESOLVED, Moment.MITIGATED, after(15), NOW, NEW_YORK)
    (happened,) = outcome.happened
    assert outcome.incident.mitigated_at == after(15)
    assert happened.kind is EventKind.TIME_SET
    assert happened.data["was"] == after(20).isoformat()
    assert happened.data["at"] == after(15).isoformat()


def test_what_was_said_of_the_start_is_taken_back() -> None:
    said = set_time(RESOLVED, Moment.STARTED, after(-30), NOW, NEW_YORK).incident
    assert said.started_at == after(-30)
    assert set_time(said, Moment.STARTED, None, NOW, NEW_YORK).incident.started_at is None


@pytest.mark.parametrize(
    ("moment", "at", "says"),
    [
        (Moment.STARTED, NOW + timedelta(minutes=1), "has not come yet"),
        (Moment.STARTED, after(1), "started after it was detected"),
        (Moment.DETECTED, after(1), "detected after it was declared"),
        (Moment.ACKNOWLEDGED, after(-1), "acknowledged before it was detected"),
        (Moment.ACKNOWLEDGED, after(21), "acknowledged after it was mitigated"),
        (Moment.MITIGATED, after(41), "mitigated after it was resolved"),
        (Moment.RESOLVED, after(19), "resolved before it was mitigated"),
        (Moment.RESOLVED, None, "can only be corrected"),
    ],
)
def test_what_cannot_be_is_refused(moment: Moment, at: datetime | None, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        set_time(RESOLVED, moment, at, NOW, NEW_YORK)


def test_a_moment_that_has_not_come_has_no_time() -> None:
    with pytest.raises(InvalidError, match="not acknowledged yet"):
        set_time(an_incident(), Moment.ACKNOWLEDGED, after(1), NOW, NEW_YORK)


def test_the_same_time_again_changes_nothing() -> None:
    with pytest.raises(AlreadyError):
        set_time(RESOLVED, Moment.RESOLVED, after(40), NOW, NEW_YORK)
    with pytest.raises(AlreadyError):
        set_time(RESOLVED, Moment.STARTED, None, NOW, NEW_YORK)


@given(st.lists(st.tuples(st.sampled_from(Moment), st.integers(-600, 600)), max_size=12))
def test_whatever_is_said_the_moments_stay_in_order(said: list[tuple[Moment, int]]) -> None:
    incident = RESOLVED
    for moment, minute in said:
        try:
            incident = set_time(incident, moment, after(minute), NOW, NEW_YORK).incident
        except DomainError:
            continue
    known = [at for at in times_of(incident).at.values() if at is not None]
    assert known == sorted(known)
