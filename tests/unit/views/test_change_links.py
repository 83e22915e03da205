from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.card import LinkedChange
from bot.views.blocks import FIELD_TEXT
from bot.views.change_links import changes_on_card
from bot.views.markup import length

CHANGE = LinkedChange(label="CH12", title="New checkout", service="Payment Service", minutes=4, ended=False)


def test_a_change_is_named_with_its_service_and_how_long_before_it_was_started() -> None:
    assert changes_on_card((CHANGE,)) == "CH12 New checkout (Payment Service), started 4 min before"


def test_one_that_was_over_and_one_that_was_just_started_say_so() -> None:
    over = LinkedChange(
        label="CH13", title="DNS", service=None, minutes=12, ended=True, url="https://x.example/p"
    )
    just = LinkedChange(label="CH14", title="Cache", service=None, minutes=0, ended=False)
    assert changes_on_card((over, just)).split("\n") == [
        "<https://x.example/p|CH13> DNS, over 12 min before",
        "CH14 Cache, started less than a minute before",
    ]


def test_of_many_the_first_are_named() -> None:
    assert changes_on_card((CHANGE,) * 5).endswith("\n+2 more")


@given(st.text(max_size=200), st.text(max_size=200), st.integers(1, 9))
def test_whatever_they_are_called_they_fit(title: str, service: str, count: int) -> None:
    one = LinkedChange(label="CH12", title=title, service=service, minutes=4, ended=False)
    assert length(changes_on_card((one,) * count)) <= FIELD_TEXT
