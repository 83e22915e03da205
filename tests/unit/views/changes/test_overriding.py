"""Before a line starts a change against the gate: what its buttons carry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes.gate import GateAnswer, Ground, Reason, Verdict, Weight
from bot.domain.errors import InvalidError
from bot.domain.text import clean
from bot.views.blocks import BUTTON_VALUE
from bot.views.changes.overriding import FORCE, REASON_MOST, Forced, decode, encode, override_question
from bot.views.markup import length
from tests.support.change_lives import a_change
from tests.support.clock import MONDAY_NOON as NOW

NO = GateAnswer(
    service="payment",
    kind="standard",
    change="CH12",
    at=NOW,
    verdict=Verdict.DENY,
    reasons=tuple(
        Reason(weight=Weight.DENIES, ground=Ground.FREEZE, text=f"Freeze F{number} {'x' * 300}")
        for number in range(40)
    ),
)


@given(st.text(max_size=REASON_MOST).map(lambda text: clean(text, REASON_MOST)).filter(bool))
def test_a_reason_comes_back_as_it_was_typed(reason: str) -> None:
    if length(reason) > REASON_MOST:
        return
    forced = Forced(
        action=FORCE, change="c" * 32, number=12, revision=3, asked=NOW.replace(microsecond=0), reason=reason
    )
    assert decode(encode(forced)) == forced
    assert length(encode(forced)) <= BUTTON_VALUE


def test_the_question_fits_however_long_reason_and_gate_are() -> None:
    shown = override_question(a_change(), "y" * REASON_MOST, NO, NOW + timedelta(hours=1))
    values = [one["value"] for block in shown.blocks for one in block.get("elements", []) if "value" in one]
    assert len(values) == 2
    assert max(map(len, values)) <= BUTTON_VALUE
    assert all(len(block["text"]["text"]) <= 3000 for block in shown.blocks if block["type"] == "section")


@pytest.mark.parametrize(
    "value", ["force|", "force|c|x|1|1|why", "leave|c|1|1|1|", "force|c|1|1|1|" + "x" * 2000]
)
def test_another_value_is_no_question(value: str) -> None:
    with pytest.raises(InvalidError, match="cannot be read"):
        decode(value)


def test_the_buttons_of_a_card_are_others() -> None:
    assert decode("start|c|1") is None
