"""Calendars as files: read back by the library and by the letter of the standard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.adapters.ics import IcsWriter
from bot.domain.changes.feed import FeedEvent, FeedStatus, change_event
from tests.support.builders import a_change, a_guide, a_plan
from tests.support.clock import MONDAY_NOON as NOW
from tests.support.ics import events_of

instants = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


@given(
    title=st.text(max_size=200),
    steps=st.text(max_size=400),
    starts=instants,
    minutes=st.integers(1, 60 * 24 * 14),
)
def test_whatever_people_write_is_read_back_as_text_by_two_readers(
    title: str, steps: str, starts: datetime, minutes: int
) -> None:
    plan = a_plan(title=title, steps=steps, starts=starts, length=timedelta(minutes=minutes))
    event = change_event(a_change(plan), a_guide(), "https://acme.slack.com/archives/C1/p1?x=1,2;3")

    file = IcsWriter().write("Changes", [event, event])

    [first, second] = Calendar.from_ical(file).walk("VEVENT")
    assert first.to_ical() == second.to_ical()
    assert str(first["summary"]) == event.summary
    assert str(first["description"]) == f"{event.description}\n{event.url}"
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (event.starts, event.ends)
    [by_letter, _] = events_of(file)
    assert by_letter["SUMMARY"] == event.summary
    assert by_letter["DESCRIPTION"] == f"{event.description}\n{event.url}"
    assert by_letter["DTSTART"] == f"{event.starts:%Y%m%dT%H%M%SZ}"


def test_an_event_says_all_that_calendars_ask_for() -> None:
    event = FeedEvent(
        uid="ch12",
        sequence=3,
        at=NOW,
        starts=NOW,
        ends=NOW + timedelta(hours=1),
        summary="It's; 1, 2 \\n 3",
        status=FeedStatus.CANCELLED,
    )
    file = IcsWriter().write("Changes", [event])
    assert events_of(file) == [
        {
            "UID": "ch12@opsbot",
            "DTSTAMP": "20260316T160000Z",
            "LAST-MODIFIED": "20260316T160000Z",
            "SEQUENCE": "3",
            "DTSTART": "20260316T160000Z",
            "DTEND": "20260316T170000Z",
            "SUMMARY": "It's; 1, 2 \\n 3",
            "STATUS": "CANCELLED",
            "TRANSP": "TRANSPARENT",
        }
    ]
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M" in file


def test_a_calendar_of_nothing_is_a_calendar() -> None:
    file = IcsWriter().write("Changes", [])
    assert events_of(file) == []
    assert str(Calendar.from_ical(file)["x-wr-calname"]) == "Changes"
