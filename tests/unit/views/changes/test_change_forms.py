from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.changes.change import Override, Risk
from bot.domain.errors import InvalidError
from bot.domain.slo.objective import PLATFORM
from bot.domain.text import clean
from bot.sandbox.slack.limits import check_view
from bot.views.changes import buttons, form, word_forms
from bot.views.changes.form import Form, asked_view, read_form, request_form
from bot.views.changes.whole import read_view
from bot.views.changes.word_forms import Asked, Sent, read_sent, word_form
from bot.views.inputs import instant_of
from tests.support.builders import a_guide
from tests.support.cards import KIM
from tests.support.changes import (
    ASKED,
    CHANGE,
    DEPLOYING,
    STARTS,
    a_change,
    a_plan,
    approved_by,
    minutes,
)
from tests.support.slack_limits import tokens
from tests.unit.views.test_any_text import texts

GUIDE = a_guide()
HERE = Asked(change=CHANGE, revision=2, channel="C1", channel_name="platform-alerts")
FORMS = (buttons.REJECT, buttons.ROLLBACK, buttons.NOTE, buttons.CANCEL, buttons.OVERRIDE)
FILLED = Form(
    kind="standard",
    service=next(iter(GUIDE.services)),
    title="New checkout flow",
    steps="1. ten percent\n2. all",
    validation="p95 stays below 200 ms",
    rollback="helm rollback payment",
    starts=STARTS,
    length="1h30m",
    risk=Risk.HIGH,
    channel="C1",
    channel_name="platform-alerts",
)


def as_sent(view: dict[str, Any], **values: dict[str, Any]) -> dict[str, Any]:
    """The form as Slack sends it back: what is filled in, and `values`, by part."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, part = block["element"], block["block_id"]
            filled = {
                "value": element.get("initial_value"),
                "selected_option": element.get("initial_option"),
                "selected_date_time": element.get("initial_date_time"),
            }
            known = {key: one for key, one in filled.items() if one is not None}
            state[part] = {element["action_id"]: {"type": element["type"], **known, **values.get(part, {})}}
    return view | {"state": {"values": state}}


def hints(view: dict[str, Any]) -> str:
    return json.dumps(view["blocks"], ensure_ascii=False)


def test_what_is_filled_in_comes_back() -> None:
    view = request_form(FILLED, GUIDE, ASKED)
    check_view(view)
    assert read_form(as_sent(view)) == FILLED


def test_a_new_form_offers_the_guides_types_with_when_they_start_and_what_they_need() -> None:
    view = request_form(Form(), GUIDE, ASKED)
    check_view(view)
    assert view["title"]["text"] == "Ask for a change"
    [kinds] = [one["element"]["options"] for one in view["blocks"] if one.get("block_id") == form.KIND]
    assert [one["value"] for one in kinds] == list(GUIDE.changes.types)
    assert all("approval" in one["description"]["text"] for one in kinds)


def test_the_platform_can_be_chosen_before_every_service() -> None:
    view = request_form(Form(service=PLATFORM), GUIDE, ASKED)
    [services] = [one["element"] for one in view["blocks"] if one.get("block_id") == form.SERVICE]
    assert [one["value"] for one in services["options"]] == [PLATFORM, *GUIDE.services]
    assert read_form(as_sent(view)).service == PLATFORM


def test_a_new_form_starts_now_for_half_an_hour_at_medium_risk() -> None:
    sent = read_form(as_sent(request_form(Form(), GUIDE, ASKED)))
    assert (sent.starts, sent.length, sent.risk) == (ASKED, "30m", Risk.MEDIUM)


def test_a_plan_that_is_edited_says_of_which_change_and_that_it_is_approved_anew() -> None:
    edited = replace(FILLED, change=CHANGE, label="CH12", revision=3)
    view = request_form(edited, GUIDE, ASKED)
    assert (view["title"]["text"], view["submit"]["text"]) == ("Edit CH12", "Save")
    assert "approved and tested anew" in hints(view)
    sent = read_form(as_sent(view))
    assert (sent.change, sent.label, sent.revision) == (CHANGE, "CH12", 3)


def test_a_type_that_the_guide_has_no_more_is_chosen_anew() -> None:
    assert read_form(as_sent(request_form(Form(kind="gone"), GUIDE, ASKED))).kind is None


@pytest.mark.parametrize("said", ["", "x", "123", "-1773079200", "99999999999"])
def test_what_is_no_instant_of_slacks_is_none(said: str) -> None:
    assert instant_of({"starts": {"starts": {"value": said}}}, "starts") is None


@pytest.mark.parametrize(
    "metadata",
    ["", "{", "[]", "null", '{"change": "x"}', '{"revision": 1}', '{"change": "x", "revision": "1"}'],
)
def test_a_form_of_another_version_is_refused(metadata: str) -> None:
    with pytest.raises(InvalidError, match="/change"):
        read_form({"private_metadata": metadata, "state": {"values": {}}})
    with pytest.raises(InvalidError, match="/change"):
        read_sent({"private_metadata": metadata, "state": {"values": {}}})


@pytest.mark.parametrize("action", FORMS)
def test_a_form_of_words_gives_back_what_it_was_opened_for_and_what_was_written(action: str) -> None:
    view = word_form(action, HERE, DEPLOYING)
    check_view(view)
    sent = read_sent(as_sent(view, words={"value": "errors at 5 %"}))
    assert sent == Sent(asked=HERE, words="errors at 5 %")


def test_each_form_of_words_has_a_callback_of_its_own() -> None:
    assert {word_form(action, HERE, DEPLOYING)["callback_id"] for action in FORMS} == {
        word_forms.REJECT_FORM,
        word_forms.ROLLBACK_FORM,
        word_forms.NOTE_FORM,
        word_forms.CANCEL_FORM,
        word_forms.OVERRIDE_FORM,
    }


def test_why_is_asked_of_who_rejects_calls_off_or_overrides_and_may_be_left_out_in_a_rollback() -> None:
    optional = {
        action: next(one for one in word_form(action, HERE, DEPLOYING)["blocks"] if one["type"] == "input")[
            "optional"
        ]
        for action in FORMS
    }
    assert {action for action, may in optional.items() if may} == {buttons.ROLLBACK}


def test_how_it_is_taken_back_is_read_before_it_is() -> None:
    assert "helm rollback payment" in hints(word_form(buttons.ROLLBACK, HERE, DEPLOYING))


def test_an_override_says_beforehand_that_all_are_told() -> None:
    assert "Everybody in the channel is told" in hints(word_form(buttons.OVERRIDE, HERE, DEPLOYING))


def test_all_that_was_written_is_read_whole() -> None:
    long = "\n".join(f"{n}. step {n}" for n in range(200))
    change = a_change(
        plan=a_plan(steps=long),
        approvals=(approved_by(KIM, note="mind the queue"),),
        override=Override(by=KIM, at=minutes(1), reason="customers cannot pay", against=(), grounds=()),
        phases=DEPLOYING.phases,
        reason="errors",
    )
    view = read_view(change)
    check_view(view)
    shown = hints(view)
    assert "199. step 199" in shown
    for said in ("mind the queue", "customers cannot pay", "staging is green", "errors"):
        assert said in shown
    assert "submit" not in view


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(title=texts, text=texts, times=st.integers(1, 200), reason=texts)
def test_whatever_was_written_slack_takes_every_form_and_nothing_in_it_does_anything(
    title: str, text: str, times: int, reason: str
) -> None:
    kept = clean(text, len(text) + 1)  # what is filled in has come through JSON, or was kept
    long = "\n".join([kept] * times)[:2000]
    plan = a_plan(
        title=title, steps=(text * times)[:2000], validation=long, rollback=long, length=timedelta(days=3)
    )
    change = a_change(plan=plan, reason=reason, approvals=(approved_by(KIM, note=reason),) * 9)
    views = [read_view(change), *(word_form(action, HERE, change) for action in FORMS), asked_view(text)]
    named = clean(title, 150)
    filled = Form(title=named, steps=long, validation=long, rollback=long, length=named, label="CH12")
    for view in (*views, request_form(filled, GUIDE, ASKED)):
        check_view(view)
        marked = [one for one in view["blocks"] if one["type"] != "input"]
        assert all(one.startswith("!date^") for one in tokens({"text": "", "blocks": marked}))
