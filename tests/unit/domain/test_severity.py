from __future__ import annotations

from itertools import pairwise

import pytest

from bot.domain.severity import Severity


def test_p0_is_the_most_urgent_and_the_rank_counts_down_from_it() -> None:
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3]


@pytest.mark.parametrize(("worse", "better"), [*pairwise(Severity)])
def test_each_severity_is_worse_than_the_next(worse: Severity, better: Severity) -> None:
    assert worse.is_worse_than(better)
    assert not better.is_worse_than(worse)


@pytest.mark.parametrize("severity", Severity)
def test_no_severity_is_worse_than_itself(severity: Severity) -> None:
    assert not severity.is_worse_than(severity)


@pytest.mark.parametrize(("worse", "better"), [*pairwise(Severity)])
def test_raising_and_lowering_go_one_severity_at_a_time(worse: Severity, better: Severity) -> None:
    assert better.raised() is worse
    assert worse.lowered() is better


def test_p0_cannot_be_raised() -> None:
    assert Severity.P0.raised() is None


def test_p3_cannot_be_lowered() -> None:
    assert Severity.P3.lowered() is None


def test_a_severity_reads_as_people_write_it() -> None:
    assert f"{Severity.P0}" == "P0"
