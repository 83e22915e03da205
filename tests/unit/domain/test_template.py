from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.template import filled_in, unknown_places


def test_places_are_filled_in_and_what_fills_them_is_not_read_again() -> None:
    assert filled_in("{a} and {b}, {c}", {"a": "{b}", "b": "2"}) == "{b} and 2, {c}"


def test_braces_that_are_no_place_stay() -> None:
    assert filled_in("{} { a } {1} {{a}}", {"a": "x"}) == "{} { a } {1} {x}"


def test_unknown_places_are_found_where_they_stand() -> None:
    assert list(unknown_places("{a}\n  {timelin} {b}", frozenset("ab"))) == [("timelin", 2, 3)]


@given(st.text(), st.dictionaries(st.sampled_from("abc"), st.text()))
def test_any_template_is_filled_in(template: str, values: dict[str, str]) -> None:
    filled = filled_in(template, values)
    if not any(f"{{{key}}}" in template for key in values):
        assert filled == template
