"""What people mean by a name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.named import among, meant

NAMES = {"payment": 1, "payment service": 1, "payout": 2, "api": 3, "api gateway": 4}


def test_what_is_called_exactly_so_goes_before_what_begins_so() -> None:
    assert meant("api", NAMES) == (3,)
    assert meant("api g", NAMES) == (4,)


def test_a_beginning_that_several_names_of_one_share_is_clear() -> None:
    assert meant("payment s", NAMES) == (1,)
    assert meant("paym", NAMES) == (1,)


def test_a_beginning_of_several_names_them_all_and_only_they_are_offered() -> None:
    assert meant("pay", NAMES) == (1, 2)
    assert set(among((1, 2), NAMES).values()) == {1, 2}


def test_nothing_typed_means_nothing_and_then_all_may_be_offered() -> None:
    assert meant("", NAMES) == ()
    assert meant("cheese", NAMES) == ()
    assert among((), NAMES) == NAMES


@given(typed=st.text(max_size=20), names=st.dictionaries(st.text(max_size=20), st.integers(0, 5), max_size=8))
def test_whatever_is_typed_what_is_meant_is_called_so_or_begins_so(typed: str, names: dict[str, int]) -> None:
    for one in meant(typed, names):
        assert any(name.startswith(typed) for name, thing in names.items() if thing == one)
