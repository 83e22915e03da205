from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checklists.finding import MOST_VALUES, NO_DATA, failed, found_in, judged, linked
from bot.domain.evidence import EvidenceSpec, Judgement, Sign, Source, Threshold, Value
from bot.domain.slo.samples import Answer, Sample
from tests.support.clock import MONDAY_NOON


def a_spec(**changes: Any) -> EvidenceSpec:
    return EvidenceSpec(**{"title": "Errors", "source": Source.QUERY, "of": "up", **changes})


def fine(sign: str, bound: float) -> Threshold:
    return Threshold(sign=Sign(sign), bound=bound)


def answer(*series: tuple[Mapping[str, str], float]) -> Answer:
    return Answer(samples=tuple(Sample(labels=labels, value=value) for labels, value in series))


def by_service(**values: float) -> Answer:
    return answer(*(({"service": name, "job": "web"}, value) for name, value in values.items()))


def labels(spec: EvidenceSpec, now: Answer) -> list[str]:
    return [one.label for one in found_in(spec, MONDAY_NOON, now).values]


def test_a_single_series_and_a_scalar_need_no_label() -> None:
    for given_labels in ({}, {"job": "web"}):
        found = found_in(a_spec(), MONDAY_NOON, answer((given_labels, 3.0)))
        assert found.values == (Value(label="", now=3.0),)
        assert found.judgement is Judgement.NONE


def test_what_all_series_share_is_left_out_and_the_largest_comes_first() -> None:
    found = found_in(a_spec(), MONDAY_NOON, by_service(payment=11, identity=40, content=2))
    assert [(one.label, one.now) for one in found.values] == [
        ("identity", 40),
        ("payment", 11),
        ("content", 2),
    ]


def test_then_and_now_are_found_by_their_labels() -> None:
    now, before = by_service(payment=11, content=2), by_service(content=3, gone=9)
    found = found_in(a_spec(), MONDAY_NOON, now, before)
    assert [(one.label, one.now, one.before) for one in found.values] == [
        ("payment", 11, None),
        ("content", 2, 3),
    ]


@pytest.mark.parametrize(
    ("sign", "bound", "order"),
    [
        ("<", 5, ["high", "middle", "low"]),
        ("<=", 5, ["high", "middle", "low"]),
        (">", 5, ["low", "middle", "high"]),
        (">=", 5, ["low", "middle", "high"]),
        ("=", 6, ["low", "high", "middle"]),
        ("!=", 10, ["high", "middle", "low"]),
    ],
)
def test_the_worst_comes_first_whatever_is_fine(sign: str, bound: float, order: list[str]) -> None:
    assert labels(a_spec(fine=fine(sign, bound)), by_service(low=1, middle=6, high=10)) == order


def test_one_value_that_is_not_fine_is_enough() -> None:
    spec = a_spec(fine=fine("<", 5))
    found = found_in(spec, MONDAY_NOON, by_service(a=1, b=9, c=math.nan))
    assert [(one.label, one.fine) for one in found.values] == [("b", False), ("c", None), ("a", True)]
    assert found.judgement is Judgement.NOT_FINE
    assert found_in(spec, MONDAY_NOON, by_service(a=1, b=2)).judgement is Judgement.FINE


def test_what_is_no_number_is_not_known() -> None:
    spec = a_spec(fine=fine("<", 5))
    found = found_in(spec, MONDAY_NOON, answer(({}, math.nan)), answer(({}, math.nan)))
    assert found.judgement is Judgement.UNKNOWN
    assert found.values == (Value(label="", now=None),)
    assert labels(a_spec(), by_service(a=math.nan, b=1)) == ["b", "a"]


def test_what_has_no_end_is_judged_but_kept_as_no_number() -> None:
    found = found_in(a_spec(fine=fine("<", 5)), MONDAY_NOON, answer(({}, math.inf)))
    assert found.judgement is Judgement.NOT_FINE
    assert found.values == (Value(label="", now=None, fine=False),)


def test_no_series_is_unknown_where_something_would_be_fine() -> None:
    found = found_in(a_spec(fine=fine("<", 5)), MONDAY_NOON, answer(), by_service(a=1))
    assert (found.judgement, found.values, found.lines) == (Judgement.UNKNOWN, (), (NO_DATA,))
    assert found_in(a_spec(), MONDAY_NOON, answer()).judgement is Judgement.NONE


def test_of_many_series_the_worst_are_told_and_the_others_counted() -> None:
    many = by_service(**{f"s{n:02}": float(n) for n in range(40)})
    found = found_in(a_spec(fine=fine("<", 39)), MONDAY_NOON, many)
    assert (len(found.values), found.more) == (MOST_VALUES, 40 - MOST_VALUES)
    assert found.values[0].label == "s39"
    assert found.judgement is Judgement.NOT_FINE
    assert found_in(a_spec(fine=fine(">", 5)), MONDAY_NOON, many).judgement is Judgement.NOT_FINE


def test_several_labels_are_told_by_their_values_while_that_tells_them_apart() -> None:
    assert labels(
        a_spec(), answer(({"service": "a", "method": "GET"}, 2), ({"service": "a", "method": "POST"}, 1))
    ) == ["GET", "POST"]
    assert labels(
        a_spec(), answer(({"service": "a", "method": "GET"}, 2), ({"service": "b", "method": "POST"}, 1))
    ) == ["GET, a", "POST, b"]
    assert labels(a_spec(), answer(({"from": "a", "to": "b"}, 2), ({"from": "b", "to": "a"}, 1))) == [
        "a, b",
        "b, a",
    ]
    assert labels(a_spec(), answer(({"from": "a"}, 2), ({"to": "a"}, 1))) == ["from a", "to a"]
    assert labels(a_spec(), answer(({"service": "a"}, 2), ({}, 3))) == ["without service", "service a"]


@pytest.mark.parametrize(
    ("instances", "told"),
    [
        (("worker-1:9100", "worker-2:9100"), ["worker-1", "worker-2"]),
        (("worker-1:9100", "worker-1:9200"), ["worker-1:9100", "worker-1:9200"]),
        (("[::1]:9100", "[::2]:9100"), ["[::1]", "[::2]"]),
        (("worker-1", "worker-2:9100"), ["worker-1", "worker-2:9100"]),
        (("a:x", "b:x"), ["a:x", "b:x"]),
        ((":9100", "b:9100"), [":9100", "b:9100"]),
    ],
)
def test_a_port_that_all_share_is_left_out(instances: tuple[str, ...], told: list[str]) -> None:
    series = [({"instance": one}, 1.0) for one in instances]
    assert labels(a_spec(), answer(*series)) == told


def test_a_failure_says_why_and_that_nobody_knows() -> None:
    found = failed(a_spec(fine=fine("<", 5)), MONDAY_NOON, "Prometheus is\nnot reached.")
    assert (found.failed, found.judgement) == ("Prometheus is not reached.", Judgement.UNKNOWN)


@pytest.mark.parametrize(
    ("source", "of"),
    [
        (Source.QUERY, "sum(up)"),
        (Source.SLO, "all"),
        (Source.INCIDENTS, "open"),
        (Source.ALERTS, "unacknowledged"),
        (Source.ALERTS, "noisiest"),
        (Source.CHANGES, "ahead"),
    ],
)
def test_whatever_fails_is_not_known_though_nothing_says_what_would_be_fine(source: Source, of: str) -> None:
    assert failed(a_spec(source=source, of=of), MONDAY_NOON, "no").judgement is Judgement.UNKNOWN


def test_a_page_is_a_link() -> None:
    spec = a_spec(source=Source.LINK, of="https://grafana.example.com/d/1")
    assert linked(spec, MONDAY_NOON).url == "https://grafana.example.com/d/1"


def test_of_nothing_nobody_knows_anything() -> None:
    assert judged([]) is Judgement.UNKNOWN


NAMES = st.sampled_from(["service", "zone", "le", "job"])
LABELS = st.dictionaries(NAMES, st.sampled_from(["a", "b:1", "c:1", ""]), max_size=4)
SERIES = st.lists(st.tuples(LABELS, st.floats()), max_size=30, unique_by=lambda one: _said(one[0]))


def _said(given_labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Prometheus knows no label without a value."""
    return tuple(sorted((name, value) for name, value in given_labels.items() if value))


@given(
    SERIES,
    SERIES,
    st.one_of(st.none(), st.builds(Threshold, sign=st.sampled_from(Sign), bound=st.floats(-9, 9))),
)
def test_whatever_is_answered(
    now: list[tuple[dict[str, str], float]],
    before: list[tuple[dict[str, str], float]],
    threshold: Threshold | None,
) -> None:
    found = found_in(a_spec(fine=threshold), MONDAY_NOON, answer(*now), answer(*before))
    assert len(found.values) + found.more == len(now)
    assert len({one.label for one in found.values}) == len(found.values)
    numbers = [one for value in found.values for one in (value.now, value.before) if one is not None]
    assert all(math.isfinite(one) for one in numbers)
    if threshold is None:
        assert found.judgement is Judgement.NONE
    else:
        ranks = [{False: 0, None: 1, True: 2}[one.fine] for one in found.values]
        assert ranks == sorted(ranks)
        known = [threshold.holds(value) for _, value in now if not math.isnan(value)]
        assert (found.judgement is Judgement.NOT_FINE) is (False in known)
        assert (found.judgement is Judgement.FINE) is (bool(now) and len(known) == len(now) and all(known))


@given(SERIES, st.randoms())
def test_the_order_of_the_answer_does_not_matter(
    now: list[tuple[dict[str, str], float]], chance: Any
) -> None:
    shuffled = list(now)
    chance.shuffle(shuffled)
    spec, at = a_spec(fine=fine("<", 3)), MONDAY_NOON + timedelta(seconds=1)
    first, second = found_in(spec, at, answer(*now)), found_in(spec, at, answer(*shuffled))
    assert [one.label for one in first.values] == [one.label for one in second.values]
    assert first.judgement is second.judgement
