from __future__ import annotations

from datetime import UTC
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.event import EventKind
from bot.views.timeline import EARLIER, Earlier, decode_earlier, timeline
from tests.support.cards import ANA, KIM, a_card, a_history, after, an_event, an_incident
from tests.support.goldens import check_golden
from tests.support.slack_limits import check_message

HISTORY = (
    an_event(EventKind.DECLARED, {"title": "checkout is down"}, actor=KIM, at=after(0)),
    an_event(EventKind.ACKNOWLEDGED, actor=ANA, at=after(3)),
    an_event(EventKind.UPDATED, {"text": "rolled back at 07:50"}, actor=ANA, at=after(9)),
    an_event(EventKind.NOTED, {"text": "wrong incident"}, actor=KIM, at=after(60 * 24)),
)
AMENDED = (
    an_event(EventKind.CORRECTED, {"of": 3, "text": "rolled back at 07:10"}, actor=KIM, sequence=5),
    an_event(EventKind.STRUCK, {"of": 4, "text": None}, actor=ANA, sequence=6),
)


def test_a_timeline_is_as_it_was_last_looked_at() -> None:
    check_golden("timeline", timeline(a_card(), a_history(*HISTORY, amendments=AMENDED)))


def test_what_does_not_fit_is_behind_the_button() -> None:
    events = [an_event(EventKind.UPDATED, {"text": "& " * 900}, actor=ANA, at=after(n)) for n in range(30)]
    message = timeline(a_card(), a_history(*events, earlier=70))
    check_message(message.to_json())
    (button,) = message.blocks[-1]["elements"]
    asked = decode_earlier(button["value"])
    assert button["action_id"] == EARLIER
    assert asked is not None
    shown = 101 - asked.before
    assert 5 < shown < 30
    assert f"{100 - shown} earlier entries are not shown" in str(message.blocks)


def test_outsiders_see_nothing_of_a_security_incidents_timeline() -> None:
    card = a_card(incident=an_incident(security=True, title="token leaked"))
    body = str(timeline(card, a_history(*HISTORY), redacted=True).to_json())
    assert "its timeline is shown in its own channel only" in body
    assert not [secret for secret in ("token", "Ana", "Kim", "rolled") if secret in body]


@given(st.text() | st.sampled_from(['{"incident": 1}', "[]", "1", '{"incident": "x", "before": 0}']))
def test_what_is_no_buttons_value_is_none(value: str) -> None:
    assert decode_earlier(value) is None


@given(st.lists(st.tuples(st.sampled_from(EventKind), st.text(max_size=900)), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None)
def test_any_history_is_within_slacks_limits_and_shows_the_newest_entry(history: list[Any]) -> None:
    events = [an_event(kind, {"text": text, "of": 1}, actor=ANA, at=after(1)) for kind, text in history]
    page = a_history(*events, earlier=9)
    message = timeline(a_card(), page, zone=UTC)
    check_message(message.to_json())
    if page.entries:
        assert f"`{page.entries[-1].number}`" in str(message.blocks)


def test_the_value_of_a_button_says_what_was_asked() -> None:
    assert decode_earlier('{"incident": "one", "before": 7}') == Earlier(incident="one", before=7)
