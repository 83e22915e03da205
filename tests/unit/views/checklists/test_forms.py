from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.domain.checklists.run import RunState
from bot.domain.errors import InvalidError
from bot.views.checklists.buttons import (
    GIVE,
    NOT_APPLICABLE,
    NOTE,
    PROBLEM,
    REOPEN,
    SOLVED,
    Pressed,
    decode,
    encode,
)
from bot.views.checklists.forms import FORMS, ITEM, PERSON, WHOLE, Asked, Sent, read_sent, run_form
from tests.support.run_cards import ANSWERS, BOARD, HEALTH, RUN_ID, a_run, done, with_problem
from tests.unit.views.test_any_text import texts

ASKED = Asked(run=RUN_ID, channel="C1", channel_name="platform-alerts")
RUN = a_run(items=(done(BOARD), ANSWERS, HEALTH))


def sent_back(view: dict[str, Any], **values: dict[str, Any]) -> Sent:
    """The form as Slack sends it back, with what is chosen already and `values`, by part."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, name = block["element"], block["block_id"]
            filled = {"value": element.get("initial_value"), "selected_option": element.get("initial_option")}
            state[name] = {element["action_id"]: {"type": element["type"], **filled, **values.get(name, {})}}
    return read_sent(view | {"state": {"values": state}})


def options(view: dict[str, Any]) -> list[str]:
    """Which items can be chosen."""
    [block] = [one for one in view["blocks"] if one.get("block_id") == ITEM]
    return [option["value"] for option in block["element"]["options"]]


def test_what_is_handed_over_goes_to_somebody() -> None:
    [person] = [one for one in run_form(GIVE, ASKED, RUN)["blocks"] if one.get("block_id") == PERSON]
    assert not person["optional"]


@pytest.mark.parametrize(
    ("action", "items"),
    [
        (PROBLEM, ["2", "3"]),
        (NOT_APPLICABLE, ["2", "3"]),
        (GIVE, [WHOLE, "2", "3"]),
        (NOTE, [WHOLE, "1", "2", "3"]),
        (REOPEN, ["1"]),
    ],
)
def test_a_form_offers_the_items_that_it_is_for(action: str, items: list[str]) -> None:
    assert options(run_form(action, ASKED, RUN)) == items


def test_the_only_item_and_the_whole_run_are_chosen_already() -> None:
    assert sent_back(run_form(REOPEN, ASKED, RUN)).position == 1
    assert sent_back(run_form(PROBLEM, ASKED, RUN)).position is None
    note = sent_back(run_form(NOTE, ASKED, RUN))
    assert note.whole
    assert note.position is None


def test_the_item_whose_button_it_was_is_chosen_already() -> None:
    asked = Asked(run=RUN_ID, position=3)
    assert sent_back(run_form(PROBLEM, asked, RUN)).position == 3


def test_the_problem_whose_button_it_was_is_meant_without_a_choice() -> None:
    run = a_run(items=(done(BOARD), with_problem(ANSWERS), HEALTH))
    view = run_form(SOLVED, Asked(run=RUN_ID, position=2), run)
    assert sent_back(view, words={"value": "scaled up"}) == Sent(
        asked=Asked(run=RUN_ID, position=2), position=2, words="scaled up"
    )


def test_a_form_without_anything_to_choose_is_refused() -> None:
    over = a_run(items=(done(BOARD),), state=RunState.DONE)
    with pytest.raises(InvalidError, match="no such item any more"):
        run_form(PROBLEM, ASKED, over)


def test_what_a_form_was_opened_for_comes_back() -> None:
    assert sent_back(run_form(PROBLEM, ASKED, RUN)).asked == ASKED


@pytest.mark.parametrize("metadata", ["", "{", "[]", '{"run": 1}', '{"run": "r", "item": "x"}', "null"])
def test_a_form_of_another_version_is_refused(metadata: str) -> None:
    with pytest.raises(InvalidError, match="That form cannot be read"):
        read_sent({"private_metadata": metadata, "state": {"values": {}}})


@given(action=st.sampled_from(sorted(FORMS)), title=texts, label=texts)
def test_whatever_an_item_is_called_slack_takes_the_form(action: str, title: str, label: str) -> None:
    named = [replace(BOARD, position=position, title=title) for position in (1, 2, 3)]
    items = (done(named[0]), with_problem(named[1]), named[2])
    view = run_form(action, Asked(run=RUN_ID, position=2), a_run(items=items, title=label))
    View(
        **{key: value for key, value in view.items() if key != "blocks"}, blocks=view["blocks"]
    ).validate_json()
    for block in view["blocks"]:
        for option in block.get("element", {}).get("options", ()):
            assert 0 < len(option["text"]["text"]) <= 75


@given(
    action=st.sampled_from(sorted({*FORMS})),
    run=st.uuids().map(str),
    position=st.none() | st.integers(1, 999),
)
def test_a_button_means_what_it_was_given(action: str, run: str, position: int | None) -> None:
    pressed = Pressed(action=action, run=run, position=position)
    assert decode(encode(pressed)) == pressed


@given(value=st.text(max_size=40))
def test_any_other_value_is_refused(value: str) -> None:
    with pytest.raises(InvalidError, match="That button cannot be read"):
        decode(value)
