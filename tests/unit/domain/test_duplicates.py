from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.duplicates import Fresh, likely_same
from bot.domain.incident import Incident
from bot.domain.severity import Severity
from tests.support.builders import an_incident
from tests.support.clock import MONDAY_NOON

SINCE = MONDAY_NOON - timedelta(hours=1)
OTHER = Fresh(
    id="i41",
    number=41,
    severity=Severity.P1,
    title="checkout is down",
    service=None,
    declared_at=MONDAY_NOON,
)


def mine(title: str, service: str | None = None) -> Incident:
    return an_incident(title=title, service=service)


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
def test_titles_are_alike_by_what_they_are_about(title: str, *, alike: bool) -> None:
    assert (likely_same(mine(title), [OTHER], SINCE) == OTHER) is alike


def test_titles_that_tell_nothing_are_the_same_only_where_they_are_equal() -> None:
    down = replace(OTHER, title="it is down")
    assert likely_same(mine("It is DOWN"), [down], SINCE) == down
    assert likely_same(mine("it is slow"), [down], SINCE) is None


def test_neither_itself_nor_what_is_long_ago_is_the_same() -> None:
    itself = replace(OTHER, id="i42")
    earlier = replace(OTHER, declared_at=SINCE - timedelta(seconds=1))
    assert likely_same(mine("checkout is down"), [itself, earlier], SINCE) is None


def test_the_one_that_is_most_alike_is_asked_about_and_of_equals_the_newest() -> None:
    by_title = replace(OTHER, id="a", number=1)
    by_service = replace(OTHER, id="b", number=2, title="cards are refused", service="payment")
    newer = replace(by_service, id="c", number=3)
    by_both = replace(OTHER, id="d", number=4, service="payment")
    ours = mine("checkout hangs", "payment")
    assert likely_same(ours, [by_title, by_service, newer], SINCE) == newer
    assert likely_same(ours, [by_both, newer, by_title], SINCE) == by_both


@given(title=st.text(max_size=200), other=st.text(max_size=200))
def test_likeness_is_mutual(title: str, other: str) -> None:
    forth = likely_same(mine(title), [replace(OTHER, title=other)], SINCE)
    back = likely_same(mine(other), [replace(OTHER, title=title)], SINCE)
    assert (forth is None) is (back is None)
