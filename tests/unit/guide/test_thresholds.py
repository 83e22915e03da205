"""What is fine, as a guide writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import Sign, Threshold, Unit
from bot.guide.thresholds import threshold


@pytest.mark.parametrize(
    ("text", "unit", "sign", "bound"),
    [
        ("= 0", Unit.NUMBER, Sign.EQUAL, 0),
        ("=0", Unit.NUMBER, Sign.EQUAL, 0),
        ("  !=  3 ", Unit.NUMBER, Sign.NOT_EQUAL, 3),
        ("< 1.5", Unit.NUMBER, Sign.BELOW, 1.5),
        (">-2", Unit.NUMBER, Sign.ABOVE, -2),
        (">= 2k", Unit.NUMBER, Sign.AT_LEAST, 2000),
        ("<= 3 M", Unit.NUMBER, Sign.AT_MOST, 3_000_000),
        ("< 0.1 %", Unit.RATIO, Sign.BELOW, 0.001),
        ("< 80%", Unit.RATIO, Sign.BELOW, 0.8),
        ("< 0.8", Unit.RATIO, Sign.BELOW, 0.8),
        ("> 150 %", Unit.RATIO, Sign.ABOVE, 1.5),
        ("< 500 ms", Unit.SECONDS, Sign.BELOW, 0.5),
        ("<= 2s", Unit.SECONDS, Sign.AT_MOST, 2),
        ("< 3", Unit.SECONDS, Sign.BELOW, 3),
        ("> 14 d", Unit.SECONDS, Sign.ABOVE, 1_209_600),
        ("> 10 GiB", Unit.BYTES, Sign.ABOVE, 10 * 1024**3),
        ("> 10 GB", Unit.BYTES, Sign.ABOVE, 10_000_000_000),
        ("> 512", Unit.BYTES, Sign.ABOVE, 512),
        ("> 5/s", Unit.PER_SECOND, Sign.ABOVE, 5),
        ("< 2k/s", Unit.PER_SECOND, Sign.BELOW, 2000),
        ("> 5", Unit.PER_SECOND, Sign.ABOVE, 5),
    ],
)
def test_a_threshold_is_read_in_the_unit_of_its_evidence(
    text: str, unit: Unit, sign: Sign, bound: float
) -> None:
    assert threshold(text, unit) == Threshold(sign=sign, bound=bound)


def test_a_percentage_is_the_fraction_that_people_mean_exactly() -> None:
    assert threshold("< 99.9 %", Unit.RATIO).bound == 0.999
    assert threshold("< 0.1%", Unit.RATIO).bound == 0.001


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("5", Unit.NUMBER, '"5" does not say which side is fine: begin with one of < <= > >= = !='),
        ("5%", Unit.RATIO, 'such as "< 0.1 %"'),
        ("below 5", Unit.NUMBER, "does not say which side is fine"),
        ("== 0", Unit.NUMBER, '"==" must be one of < <= > >= = !=; nearest: "="'),
        ("≤ 5", Unit.NUMBER, 'nearest: "<="'),
        ("<", Unit.NUMBER, '"<" has no number after "<": write it such as "= 0"'),
        ("< many", Unit.NUMBER, "has no number"),
        ("< .5", Unit.NUMBER, "has no number"),
        ("< 5 %", Unit.NUMBER, '"%" is said of ratio, but this is number: set unit: ratio'),
        ("< 5 ms", Unit.NUMBER, "set unit: seconds"),
        ("< 5 GiB", Unit.SECONDS, "set unit: bytes"),
        ("< 5 gib", Unit.BYTES, 'nearest: "GiB"'),
        ("< 5 K", Unit.NUMBER, '"K" is no word for number, which takes k, M, G; nearest: "k"'),
        ("< 5 apples", Unit.NUMBER, '"apples" is no word for number'),
        ("< 5 5", Unit.NUMBER, '"5" is no word'),
        ("< 1e9", Unit.NUMBER, '"e9" is no word'),
        ("", Unit.NUMBER, "does not say which side"),
    ],
)
def test_what_is_no_threshold_is_refused_with_what_is_right(text: str, unit: Unit, said: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        threshold(text, unit)
    assert said in str(caught.value)


@given(st.one_of(st.text(), st.integers(), st.none()), st.sampled_from(Unit))
def test_any_value_is_read_or_refused_with_a_reason(value: object, unit: Unit) -> None:
    try:
        assert threshold(value, unit).sign in Sign
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either outcome is right


@given(
    st.sampled_from(Sign),
    st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False),
    st.sampled_from(Unit),
)
def test_a_plain_number_is_the_bound_itself(sign: Sign, number: object, unit: Unit) -> None:
    assert threshold(f"{sign} {number:f}", unit) == Threshold(sign=sign, bound=float(str(number)))
