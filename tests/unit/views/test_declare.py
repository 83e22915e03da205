from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from bot.domain.quote import QUOTE_LIMIT, Quote
from bot.domain.severity import Severity
from bot.domain.text import TITLE_LIMIT, clean
from bot.views.declare import Form, declare_form, declared_view, read_form
from bot.views.inputs import METADATA
from bot.views.markup import shortened
from tests.support.builders import a_guide

QUOTE = Quote(channel="C1", ts="1.1", author=Actor(id="U1", name="kim"), text="it is down")


def sent(form: Form) -> dict[str, Any]:
    """The form as Slack sends it back, untouched."""
    view = declare_form(form, a_guide())
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        filled = {
            "value": element.get("initial_value"),
            "selected_option": element.get("initial_option"),
            "selected_options": element.get("initial_options", []),
        }
        values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **filled}}
    return view | {"state": {"values": values}}


texts = st.text(max_size=300).map(clean)
forms = st.builds(
    Form,
    severity=st.none() | st.sampled_from(Severity),
    title=texts.map(lambda text: shortened(text, TITLE_LIMIT)),
    service=st.none() | st.sampled_from(sorted(a_guide().services)),
    impact=texts,
    security=st.booleans(),
    drill=st.booleans(),
    channel=st.none() | st.just("C1"),
    channel_name=st.none() | st.just("privategroup"),
    quote=st.none()
    | st.builds(
        Quote,
        channel=st.just("C1"),
        ts=st.just("1.1"),
        author=st.builds(Actor, id=st.just("U1"), name=st.text(max_size=80)),
        text=st.text(max_size=QUOTE_LIMIT),
        private=st.booleans(),
    ),
)


@given(form=forms)
def test_what_is_filled_in_comes_back_as_it_was(form: Form) -> None:
    assert read_form(sent(form)) == form


@given(form=forms)
def test_whatever_is_filled_in_slack_takes_the_form(form: Form) -> None:
    view = declare_form(form, a_guide())
    View(**view).validate_json()
    assert len(view["private_metadata"]) <= METADATA


def test_a_form_that_lost_what_it_was_opened_with_is_read_all_the_same() -> None:
    view = sent(Form(severity=Severity.P1, title="checkout is down", quote=QUOTE))
    for metadata in ("", "{", "[]", '{"quote": 3}', '{"quote": {"author": {}}}'):
        read = read_form(view | {"private_metadata": metadata})
        assert (read.severity, read.title, read.quote) == (Severity.P1, "checkout is down", None)


@pytest.mark.parametrize("view", [{}, {"state": None}, {"state": {"values": []}}])
def test_what_is_no_form_is_refused_with_the_line_that_does_it(view: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match="`/incident p0 checkout is down` declares in one line"):
        read_form(view)


def test_what_the_form_turns_into_is_within_slacks_limits() -> None:
    View(**declared_view("P0 #1 is declared: " + "x" * 5000)).validate_json()
