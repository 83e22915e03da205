"""The calendar of changes as text, the messages of windows and freezes, and their forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.changes.agenda import AgendaChange, agenda
from bot.domain.changes.change import ChangeState
from bot.domain.changes.span import SpanKind, SpanPhase
from bot.domain.changes.span_card import SpanCard
from bot.domain.changes.windows import Calendar
from bot.domain.errors import InvalidError
from bot.views.blocks import Message
from bot.views.changes.calendar import calendar_message
from bot.views.changes.calendar_buttons import ADD, FREEZE, REMOVE, Pressed, decode, encode
from bot.views.changes.calendar_forms import ALL, read_sent, span_form
from bot.views.changes.span import span_card
from tests.support.builders import a_change, a_guide, a_plan, a_span
from tests.support.clock import MONDAY_NOON as NOW
from tests.support.goldens import check_golden
from tests.support.slack_limits import check_message, tokens
from tests.unit.views.test_any_text import texts

NEW_YORK = ZoneInfo("America/New_York")
GUIDE = a_guide()
HOUR = timedelta(hours=1)
WINDOW = a_span(
    id="sp3",
    number=3,
    kind=SpanKind.WINDOW,
    title="Database upgrade",
    change_kind="major",
    starts=datetime(2026, 3, 21, 22, tzinfo=NEW_YORK).astimezone(UTC),
    ends=datetime(2026, 3, 22, 2, tzinfo=NEW_YORK).astimezone(UTC),
)
WINDOW_CARD = SpanCard(span=WINDOW, phase=SpanPhase.AHEAD, kind="Major Change")
FREEZE_CARD = SpanCard(span=a_span(service="payment"), phase=SpanPhase.ON, service="Payment Service")


def calendar(*changes: AgendaChange) -> Message:
    found = agenda(
        GUIDE.changes,
        Calendar(zone=NEW_YORK, is_holiday=date(2026, 3, 24).__eq__, spans=(WINDOW, FREEZE_CARD.span)),
        changes,
        now=NOW,
        first=date(2026, 3, 16),
        end=date(2026, 3, 30),
    )
    return calendar_message(found, GUIDE, may_act=True, zone=NEW_YORK)


def test_the_calendar_tells_day_by_day() -> None:
    running = a_change(state=ChangeState.DEPLOYING, started=NOW - HOUR)
    planned = a_change(a_plan(service=None, title="New <!here> kernel"), id="b", number=14)
    late = a_change(a_plan(starts=NOW - 2 * HOUR), id="c", number=15, state=ChangeState.APPROVED)
    shown = calendar(
        AgendaChange(change=running, url="https://acme.slack.com/archives/C1/p1"),
        AgendaChange(change=planned),
        AgendaChange(change=late),
    )
    check_golden("change-calendar", shown)


def test_an_empty_calendar_says_so() -> None:
    found = agenda(
        replace(GUIDE.changes, types={}),
        Calendar(zone=NEW_YORK, is_holiday=lambda _day: False),
        (),
        now=NOW,
        first=date(2026, 3, 16),
        end=date(2026, 3, 30),
        service="payment",
    )
    shown = calendar_message(found, GUIDE, may_act=False, zone=NEW_YORK)
    assert "of Payment Service" in shown.text
    assert "Nothing stands on it" in str(shown.blocks)
    assert not [block for block in shown.blocks if block["type"] == "actions"], (
        "who may not act has no buttons"
    )


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("window", WINDOW_CARD),
        ("freeze", FREEZE_CARD),
        ("window-over", replace(WINDOW_CARD, phase=SpanPhase.OVER)),
        (
            "freeze-lifted",
            replace(
                FREEZE_CARD,
                span=replace(FREEZE_CARD.span, removed=NOW, removed_by=WINDOW.by),
                phase=SpanPhase.OFF,
            ),
        ),
    ],
)
def test_what_is_put_on_the_calendar_is_told(name: str, card: SpanCard) -> None:
    check_golden(f"span-{name}", span_card(card, zone=NEW_YORK))


@given(title=texts, name=texts, key=texts, frozen=st.booleans(), removed=st.booleans())
def test_whatever_people_write_is_inert_and_within_slacks_limits(
    title: str, name: str, key: str, frozen: bool, removed: bool
) -> None:
    who = Actor(id="U1", name=name)
    span = replace(
        WINDOW,
        kind=SpanKind.FREEZE if frozen else SpanKind.WINDOW,
        title=title * 10,
        by=who,
        service=key or None,
        removed=NOW if removed else None,
        removed_by=who if removed else None,
    )
    shown = SpanCard(span=span, phase=span.phase(NOW), service=key or None, kind=key)
    body = span_card(shown, zone=NEW_YORK).to_json()
    check_message(body)
    assert all(one.startswith("!date^") for one in tokens(body))
    change = a_change(a_plan(title=title * 10, service=key or None))
    listed = agenda(
        GUIDE.changes,
        Calendar(zone=NEW_YORK, is_holiday=lambda _day: False, spans=(span,)),
        [AgendaChange(change=change)] * 40,
        now=NOW,
        first=date(2026, 3, 16),
        end=date(2026, 4, 16),
    )
    body = calendar_message(listed, GUIDE, may_act=True, zone=NEW_YORK).to_json()
    check_message(body)
    assert not [one for one in tokens(body) if not one.startswith("https:")]


@pytest.mark.parametrize(
    "pressed", [Pressed(action=ADD), Pressed(action=FREEZE), Pressed(action=REMOVE, span="x|y")]
)
def test_a_buttons_value_says_what_it_asks_for(pressed: Pressed) -> None:
    assert decode(encode(pressed)) == pressed


@pytest.mark.parametrize("value", ["", "calendar.remove|", "calendar.add|x", "run.done|x"])
def test_a_value_of_no_button_is_refused(value: str) -> None:
    with pytest.raises(InvalidError, match="cannot be read"):
        decode(value)


def test_a_form_is_read_as_it_was_sent() -> None:
    form = span_form(SpanKind.WINDOW, GUIDE, NOW, channel="C1", channel_name="ops", service="payment")
    assert [block["block_id"] for block in form["blocks"]] == ["kind", "starts", "ends", "title", "service"]
    state = {
        "kind": {"kind": {"selected_option": {"value": "major"}}},
        "starts": {"starts": {"selected_date_time": int(WINDOW.starts.timestamp())}},
        "ends": {"ends": {"selected_date_time": None}},
        "title": {"title": {"value": None}},
        "service": {"service": {"selected_option": {"value": ALL}}},
    }
    sent = read_sent({**form, "state": {"values": state}})
    assert (sent.kind, sent.starts, sent.ends, sent.title) == (SpanKind.WINDOW, WINDOW.starts, None, "")
    assert (sent.change_kind, sent.service, sent.channel, sent.channel_name) == ("major", None, "C1", "ops")


def test_a_form_of_a_guide_that_needs_no_windows_is_refused() -> None:
    emergency = {"emergency": GUIDE.changes.types["emergency"]}
    guide = replace(GUIDE, changes=replace(GUIDE.changes, types=emergency))
    with pytest.raises(InvalidError, match="no window is needed"):
        span_form(SpanKind.WINDOW, guide, NOW, channel=None, channel_name=None)


@pytest.mark.parametrize(
    "view", [{}, {"callback_id": "calendar.window_form"}, {"callback_id": "x", "state": {}}]
)
def test_a_form_of_another_version_is_refused(view: dict[str, object]) -> None:
    with pytest.raises(InvalidError, match="cannot be read"):
        read_sent(view)
