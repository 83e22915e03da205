from __future__ import annotations

import pytest

from bot.domain.nearest import nearest

TIERS = ("on-call", "team-lead", "director")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("on-cal", "on-call"),
        ("oncall", "on-call"),
        ("On Call", "on-call"),
        ("team_lead", "team-lead"),
        (" DIRECTOR ", "director"),
        ("directro", "director"),
    ],
)
def test_a_slip_leads_to_the_word_that_was_meant(word: str, meant: str) -> None:
    assert nearest(word, TIERS) == meant


@pytest.mark.parametrize("word", ["", "   ", "-", "zebra", "x"])
def test_a_word_that_is_like_none_has_no_nearest(word: str) -> None:
    assert nearest(word, TIERS) is None


def test_the_beginning_of_a_word_is_near_to_it() -> None:
    assert (
        nearest("pay", ["identity", "payment-service-of-the-platform"]) == "payment-service-of-the-platform"
    )


def test_the_earlier_of_two_equally_near_words_is_taken() -> None:
    assert nearest("p", ["payment", "platform"]) == "payment"


def test_an_exact_word_wins_over_one_that_it_begins() -> None:
    assert nearest("pay", ["payment", "pay"]) == "pay"


def test_without_choices_nothing_is_near() -> None:
    assert nearest("anything", []) is None
