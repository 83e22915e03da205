from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.domain.errors import InvalidError
from bot.views.prompts import answered
from bot.views.update_form import Written, read_form, update_form
from tests.support.cards import an_incident
from tests.support.slack_limits import check_message, tokens

anything = st.text(max_size=3000)


def sent_back(view: dict[str, Any], **chosen: Any) -> Written:
    """The form as Slack sends it back, untouched but for what is chosen."""
    values = {
        block["block_id"]: {block["element"]["action_id"]: {"value": block["element"].get("initial_value")}}
        for block in view["blocks"]
    }
    values |= {name: {name: {"selected_option": {"value": value}}} for name, value in chosen.items()}
    return read_form(view | {"state": {"values": values}})


@given(text=anything, impact=anything)
def test_any_text_fits_into_the_form(text: str, impact: str) -> None:
    written = Written(incident_id="i42", channel="C1", channel_name="ops", text=text, impact=impact)
    form = update_form(written, an_incident(), timedelta(minutes=30))
    View(**form).validate_json()
    assert sent_back(form).incident_id == "i42"


def test_the_form_says_when_is_asked_if_nothing_is_chosen() -> None:
    written = Written(incident_id="i42")
    assert "In 30 min, as usual" in str(update_form(written, an_incident(), timedelta(minutes=30)))
    assert "Nobody is asked" in str(update_form(written, an_incident(), None))


def test_what_is_chosen_comes_back() -> None:
    form = update_form(Written(incident_id="i42", text="rolled back"), an_incident(), None)
    assert sent_back(form, next="120").next_in == timedelta(hours=2)
    assert sent_back(form, next="never").never
    assert sent_back(form).next_in is None


@pytest.mark.parametrize(
    "view", [{}, {"state": {"values": {}}}, {"state": {"values": {}}, "private_metadata": "[]"}]
)
def test_what_is_no_form_of_ours_is_refused_with_another_way(view: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match="/incident update 42"):
        read_form(view)


@given(text=anything, answer=anything)
def test_an_answered_question_is_within_slacks_limits_and_mentions_nobody(text: str, answer: str) -> None:
    shown = answered([{"type": "actions", "elements": []}], text, answer).to_json()
    check_message(shown)
    assert not tokens(shown)
