from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checklists.amounts import amount, wanted
from bot.domain.evidence import Sign, Threshold, Unit


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0, Unit.NUMBER, "0"),
        (61.0, Unit.NUMBER, "61"),
        (61.237, Unit.NUMBER, "61.2"),
        (12345.0, Unit.NUMBER, "12,345"),
        (1234567.0, Unit.NUMBER, "1.23 M"),
        (-4.5, Unit.NUMBER, "\N{MINUS SIGN}4.5"),
        (0.00001234, Unit.NUMBER, "1.23e-5"),
        (0.001, Unit.RATIO, "0.1 %"),
        (0.5, Unit.RATIO, "50 %"),
        (0.0, Unit.RATIO, "0 %"),
        (0.123456, Unit.SECONDS, "123 ms"),
        (2.0, Unit.SECONDS, "2 s"),
        (0.00025, Unit.SECONDS, "250 µs"),
        (0.0, Unit.SECONDS, "0 s"),
        (90.0, Unit.SECONDS, "90 s"),
        (1800.0, Unit.SECONDS, "30 min"),
        (36_000.0, Unit.SECONDS, "10 h"),
        (864_000.0, Unit.SECONDS, "10 d"),
        (1.5 * 2**30, Unit.BYTES, "1.5 GiB"),
        (512.0, Unit.BYTES, "512 B"),
        (0.0, Unit.BYTES, "0 B"),
        (61.237, Unit.PER_SECOND, "61.2/s"),
        (1e30, Unit.RATIO, "1e32 %"),
        (math.inf, Unit.NUMBER, "∞"),
        (1e305, Unit.RATIO, "∞"),
        (math.nan, Unit.RATIO, "no number"),
        (None, Unit.RATIO, "no number"),
    ],
)
def test_a_number_reads_with_its_unit(value: float | None, unit: Unit, said: str) -> None:
    assert amount(value, unit) == said


def test_what_is_just_beyond_a_bound_does_not_read_as_the_bound() -> None:
    fine = Threshold(sign=Sign.BELOW, bound=0.001)
    assert amount(0.0010004, Unit.RATIO, fine) == "0.10004 %"
    assert amount(0.00099999, Unit.RATIO, fine) == "0.099999 %"
    assert amount(0.001, Unit.RATIO, fine) == "0.1 %"
    assert amount(0.5, Unit.RATIO, fine) == "50 %"


def test_what_is_fine_reads_as_the_guide_says_it() -> None:
    assert wanted(Threshold(sign=Sign.BELOW, bound=0.001), Unit.RATIO) == "< 0.1 %"
    assert wanted(Threshold(sign=Sign.AT_LEAST, bound=0.25), Unit.SECONDS) == ">= 250 ms"
    assert wanted(Threshold(sign=Sign.EQUAL, bound=0), Unit.NUMBER) == "= 0"


@given(st.floats(), st.sampled_from(Unit), st.one_of(st.none(), st.floats(-1e9, 1e9)))
def test_whatever_the_number_it_is_short(value: float, unit: Unit, bound: float | None) -> None:
    fine = None if bound is None else Threshold(sign=Sign.BELOW, bound=bound)
    assert 0 < len(amount(value, unit, fine)) <= 20
