from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes.change import ChangeState
from bot.domain.errors import InvalidError
from bot.domain.event import EventKind
from bot.views.changes import buttons
from bot.views.changes.buttons import Pressed, decode, encode
from bot.views.thread import line
from tests.support.cards import NOBODY, an_event
from tests.support.changes import CHANGE, CLOSES, a_change, a_change_card
from tests.support.slack_limits import check_message

SUSPECTED = an_event(EventKind.CHANGE_SUSPECTED, {"label": "P1 #42", "title": "errors", "minutes": 4})


def test_a_buttons_value_says_what_of_which_change_and_which_plan_was_seen() -> None:
    pressed = Pressed(action=buttons.APPROVE, change=CHANGE, revision=3)
    assert encode(pressed) == f"approve|{CHANGE}|3"
    assert decode(encode(pressed)) == pressed


@pytest.mark.parametrize(
    "value",
    ["", "approve", "approve|", "approve||1", "approve|x", "approve|x|", "approve|x|one", "fly|x|1"],
)
def test_a_value_of_nobodys_is_refused(value: str) -> None:
    with pytest.raises(InvalidError, match="newest card"):
        decode(value)


@given(st.text(max_size=200))
def test_any_value_is_read_or_refused(value: str) -> None:
    with contextlib.suppress(InvalidError):
        assert decode(value).action.startswith("change.")


def under(change_card: Any) -> list[str]:
    blocks = line(SUSPECTED, change_card, NOBODY).blocks
    check_message(line(SUSPECTED, change_card, NOBODY).to_json())
    return [one["action_id"] for block in blocks if block["type"] == "actions" for one in block["elements"]]


@pytest.mark.parametrize("state", [ChangeState.DEPLOYING, ChangeState.VALIDATING])
def test_what_broke_offers_to_roll_a_running_change_back(state: ChangeState) -> None:
    assert under(a_change_card(a_change(state=state))) == [buttons.ROLLBACK]


def test_what_broke_offers_to_roll_back_what_is_done_for_a_while_only() -> None:
    done = a_change(state=ChangeState.DONE)
    until = CLOSES + timedelta(minutes=30)
    assert under(a_change_card(done, may_undo_until=until, now=CLOSES)) == [buttons.ROLLBACK]
    assert under(a_change_card(done, may_undo_until=until, now=until)) == []


def test_what_is_rolled_back_already_is_not_offered_again() -> None:
    assert under(a_change_card(a_change(state=ChangeState.ROLLING_BACK))) == []
