"""What an alert says about an error budget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.alert_burn import Budget, BurnTold, burn_told
from tests.support.builders import an_alert


def told(burn: str = "", budget: str = "", window: str = "1h") -> BurnTold | None:
    alert = an_alert()
    return burn_told(
        replace(
            alert,
            labels={**alert.labels, "window": window},
            annotations={**alert.annotations, "burn": burn, "budget": budget},
        )
    )


def test_what_prometheus_fills_in_are_numbers() -> None:
    assert told("15.2", "43 %") == BurnTold(burn=15.2, over="1 h", budget=Budget(percent=43))


def test_what_is_overdrawn_is_below_zero_and_what_is_said_of_it_is_kept() -> None:
    found = told("15.2", "-57 % (of 62 % of 30d)")
    assert found == BurnTold(burn=15.2, over="1 h", budget=Budget(percent=-57, rest=" (of 62 % of 30d)"))


@pytest.mark.parametrize("text", ["15x", "15\N{MULTIPLICATION SIGN}", "15 x"])
def test_what_people_write_by_hand_is_a_number_too(text: str) -> None:
    found = told(text)
    assert found is not None
    assert found.burn == 15


@pytest.mark.parametrize("text", ["NaN", "+Inf", "1e9", "-3", "\u0663", "9" * 40, "fast", "1.2.3"])
def test_what_is_no_number_is_text(text: str) -> None:
    found = told(text)
    assert found is not None
    assert found.burn == text


@pytest.mark.parametrize(
    ("label", "over"),
    [("5m", "5 min"), ("3d", "3 d"), ("", None), ("1h<!here>", None), ("\u0661h", None), ("forever", None)],
)
def test_only_a_span_is_a_span(label: str, over: str | None) -> None:
    found = told("2", window=label)
    assert found is not None
    assert found.over == over


def test_an_alert_about_something_else_says_nothing() -> None:
    assert told() is None
    assert told(" \n", "\u202e") is None


def test_long_texts_are_cut() -> None:
    found = told("x" * 5000, "y" * 5000)
    assert found is not None
    assert isinstance(found.burn, str)
    assert isinstance(found.budget, str)
    assert max(len(found.burn), len(found.budget)) <= 80
