"""What asks for the form where none can be opened, and the guide's types in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.change_policy import ChangeOpening, ChangeType, Window
from bot.domain.errors import InvalidError
from bot.domain.guide import Mention, Roles
from bot.domain.text import clean
from bot.views.changes.asking import Wish, ask_message, decode_wish, encode_wish
from bot.views.changes.help import change_help
from bot.views.changes.types import type_words
from tests.support.builders import a_guide
from tests.support.slack_limits import check_message

TYPES = a_guide().changes.types
KEYS = st.sampled_from([None, *TYPES])


@given(kind=KEYS, service=st.sampled_from([None, "payment", "platform"]), title=st.text(max_size=300))
def test_a_buttons_value_says_what_was_said(kind: str | None, service: str | None, title: str) -> None:
    wish = Wish(kind=kind, service=service, title=title)
    assert decode_wish(encode_wish(wish)) == Wish(kind=kind, service=service, title=clean(title))


@given(kind=KEYS, title=st.text(max_size=300))
def test_whatever_was_said_slack_takes_the_question(kind: str | None, title: str) -> None:
    check_message(ask_message(Wish(kind=kind, title=title), TYPES.values()).to_json())


def test_there_is_a_button_for_each_type_or_for_the_one_that_was_named() -> None:
    [_, row, _] = ask_message(Wish(), TYPES.values()).blocks
    assert [one["text"]["text"] for one in row["elements"]] == [
        "Standard Change…",
        "Major Change…",
        "Emergency Change…",
    ]
    [_, row, _] = ask_message(Wish(kind="major"), TYPES.values()).blocks
    assert [one["value"] for one in row["elements"]] == ["ask|major||"]


def test_the_value_of_another_button_is_none_of_these() -> None:
    assert decode_wish("approve|c1|1") is None
    with pytest.raises(InvalidError, match="cannot be read"):
        decode_wish("ask|major")


def test_types_are_told_in_words() -> None:
    assert [type_words(kind) for kind in TYPES.values()] == [
        "Tue, Thu 14:00\u201316:00; 1 approval",
        "in maintenance windows on the calendar; 2 approvals",
        "at any time; 1 approval",
    ]


def test_windows_of_other_times_are_told_apart() -> None:
    windows = (
        Window(weekday=0, opens=time(22), closes=time(2)),
        Window(weekday=2, opens=time(9), closes=time(10)),
        Window(weekday=4, opens=time(22), closes=time(2)),
    )
    kind = ChangeType(key="x", title="X", opening=ChangeOpening.WEEKLY, windows=windows, approvals=0)
    assert type_words(kind) == "Mon, Fri 22:00\u201302:00; Wed 09:00\u201310:00; no approval"


def test_the_help_is_within_slacks_limits() -> None:
    check_message(change_help(a_guide()).to_json())


def test_the_help_says_who_may_where_the_guide_names_nobody() -> None:
    somebody = Mention(people=("U1",))
    everybody = "By this guide everybody who is no guest"
    text = str(change_help(replace(a_guide(), roles=Roles())).to_json())
    assert f"{everybody} approves (never their own) and does what a lead does here." in text
    text = str(change_help(replace(a_guide(), roles=Roles(leads=somebody))).to_json())
    assert f"{everybody} approves (never their own)." in text
    text = str(change_help(replace(a_guide(), roles=Roles(leads=somebody, approvers=somebody))).to_json())
    assert everybody not in text
