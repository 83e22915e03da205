from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.duplicates import likely_same
from bot.domain.incident import Status
from tests.support.builders import an_incident
from tests.support.clock import MONDAY_NOON

HOUR = timedelta(hours=1)
OTHER = an_incident(id="i41", number=41, service=None, title="checkout is down")


def same(mine: str, **changes: object) -> bool:
    ours = an_incident(title=mine, service=None)
    return likely_same(ours, [replace(OTHER, **changes)], MONDAY_NOON, within=HOUR) is not None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "alike"),
    [
        ("checkout is down", True),
        ("Checkout: timeouts!", True),
        ("nobody can use the checkout", True),
        ("search is down", False),
        ("down", False),
        ("", False),
        ("checkout of the new repository fails in CI", True),
        ("login, search, cart and mail are slow", False),
    ],
)
def test_titles_are_alike_by_what_they_are_about(title: str, alike: bool) -> None:
    assert same(title) is alike


def test_titles_that_tell_nothing_are_the_same_only_where_they_are_equal() -> None:
    assert same("It is DOWN", title="it is down")
    assert not same("it is slow", title="it is down")


@pytest.mark.parametrize(
    "changes",
    [
        {"security": True},
        {"drill": True},
        {"status": Status.RESOLVED},
        {"status": Status.MERGED},
        {"declared_at": MONDAY_NOON - timedelta(hours=1, seconds=1)},
        {"id": "i42"},
    ],
)
def test_another_kind_and_what_is_over_or_long_ago_is_not_the_same(changes: dict[str, object]) -> None:
    assert not same("checkout is down", **changes)


def test_the_one_that_is_most_alike_is_asked_about_and_of_equals_the_newest() -> None:
    mine = an_incident(title="checkout hangs", service="payment")
    by_title = replace(OTHER, id="a", number=1)
    by_service = replace(OTHER, id="b", number=2, title="cards are refused", service="payment")
    newer = replace(by_service, id="c", number=3)
    by_both = replace(OTHER, id="d", number=4, service="payment")
    found = likely_same(mine, [by_title, by_service, newer], MONDAY_NOON, within=HOUR)
    assert found == newer
    assert likely_same(mine, [by_both, newer, by_title], MONDAY_NOON, within=HOUR) == by_both


@given(title=st.text(max_size=200), other=st.text(max_size=200))
def test_likeness_is_mutual(title: str, other: str) -> None:
    mine, theirs = an_incident(title=title, service=None), replace(OTHER, title=other)
    forth = likely_same(mine, [theirs], MONDAY_NOON, within=HOUR)
    back = likely_same(theirs, [mine], MONDAY_NOON, within=HOUR)
    assert (forth is None) is (back is None)
